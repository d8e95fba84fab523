import type { ModelFailure } from '#core/model/failure'
import type { Locale } from '#i18n/locale.svelte'
import type { FailureText } from './engine-failure-text'

/** A failure of the model store in the user's language; `detail` holds addresses, checksums and inner messages. */
export function modelFailureText(failure: ModelFailure, locale: Locale): FailureText {
  return { ...words(failure, locale), detail: detailOf(failure) }
}

/** Why a download waits, in a few words, for a line that goes on with the time of the next attempt. */
export function waitingText(failure: ModelFailure, locale: Locale): string {
  const t = locale.t.modelFailures.waiting
  switch (failure.kind) {
    case 'offline':
      return t.offline
    case 'unreachable':
      return t.unreachable(hostOf(failure.url))
    case 'host-busy':
    case 'refused':
      return t.busy(hostOf(failure.url))
    default:
      return t.interrupted
  }
}

/** The host of an address, for sentences; the address itself where it has none. */
export function hostOf(url: string): string {
  return (URL.canParse(url) && new URL(url).host) || url
}

function words(failure: ModelFailure, locale: Locale): { problem: string; nextStep: string } {
  const t = locale.t.modelFailures
  const list = (names: readonly string[]) => listed(names, locale)
  switch (failure.kind) {
    case 'aborted':
      return t.aborted
    case 'offline':
      return t.offline(hostOf(failure.url))
    case 'unreachable':
      return t.unreachable(hostOf(failure.url))
    case 'locked':
      return t.locked(hostOf(failure.url))
    case 'host-not-chosen':
      return t.hostNotChosen(hostOf(failure.url))
    case 'redirect-not-chosen':
      return t.redirectNotChosen(hostOf(failure.url))
    case 'blocked-by-policy':
      return t.blockedByPolicy(hostOf(failure.url))
    case 'insecure-address':
      return t.insecureAddress(hostOf(failure.url))
    case 'access-denied':
      return t.accessDenied(hostOf(failure.url), String(failure.status))
    case 'not-found':
      return t.notFound(hostOf(failure.url), fileOf(failure.url))
    case 'host-busy':
      return t.hostBusy(hostOf(failure.url), String(failure.status))
    case 'refused':
      return t.refused(hostOf(failure.url), String(failure.status))
    case 'interrupted':
      return t.interrupted(
        hostOf(failure.url),
        locale.bytes(failure.receivedBytes),
        failure.totalBytes === null || failure.receivedBytes === 0 ? null : locale.bytes(failure.totalBytes),
      )
    case 'no-ranges':
      return t.noRanges(hostOf(failure.url))
    case 'source-changed':
      return t.sourceChanged(failure.path)
    case 'wrong-size':
      return t.wrongSize(failure.path, ...bothSizes(failure.expectedBytes, failure.actualBytes, locale))
    case 'checksum-mismatch':
      return t.checksumMismatch(failure.path)
    case 'storage-full':
      return t.storageFull(
        locale.bytes(failure.neededBytes),
        failure.availableBytes === null ? null : locale.bytes(failure.availableBytes),
      )
    case 'storage-refused':
      return t.storageRefused
    case 'busy-elsewhere':
      return t.busyElsewhere
    case 'unknown-model':
      return t.unknownModel
    case 'file-unreadable':
      return t.fileUnreadable(failure.path)
    case 'address-invalid':
      return t.addressInvalid(failure.address)
    case 'several-models':
      return t.severalModels(list(failure.names))
    case 'too-many-files':
      return t.tooManyFiles(failure.folder, locale.number(failure.limit))
    case 'not-writable':
      return t.notWritable(failure.name)
    case 'not-a-model':
      return t.notAModel(list(failure.missing))
    case 'file-invalid':
      return t.fileInvalid(failure.path)
    case 'pack-incomplete':
      return t.packIncomplete(list(failure.missing))
    case 'pack-version':
      return t.packVersion
    case 'unsupported-architecture':
      return t.unsupportedArchitecture(failure.architecture, list(failure.supported))
    case 'no-library':
      return t.noLibrary(failure.architecture, failure.quantization)
    case 'library-generation':
      return t.libraryGeneration(failure.found, failure.needed)
    case 'library-mismatch':
      return t.libraryMismatch(t.libraryDiffers[failure.differs])
    case 'too-large':
      return t.tooLarge(locale.bytes(failure.bytes), locale.bytes(failure.limitBytes))
    case 'checkpoint-incomplete':
      return t.checkpointIncomplete(list(failure.missing))
    case 'checkpoint-unsupported':
      return t.checkpointUnsupported(failure.entry, failure.found, failure.needed)
    case 'tensor-missing':
      return t.tensorMissing(failure.tensor)
    case 'tensor-unexpected':
      return t.tensorUnexpected(failure.tensor)
    case 'tensor-shape':
      return t.tensorShape(failure.tensor, failure.actual, failure.expected)
    case 'tensor-dtype':
      return t.tensorDtype(failure.tensor, failure.dtype, list(failure.supported))
    case 'tensor-not-finite':
      return t.tensorNotFinite(failure.tensor, String(failure.index))
    case 'tensor-overflow':
      return t.tensorOverflow(failure.tensor, String(failure.index), failure.format)
    case 'chat-template-unknown':
      return t.chatTemplateUnknown(list(failure.families))
    case 'conversion-differs':
      return t.conversionDiffers
    case 'worker-lost':
      return t.workerLost
  }
}

/** What helps whoever is asked for help: one fact a line. */
function detailOf(failure: ModelFailure): string {
  const lines: string[] = []
  if ('url' in failure && failure.url) lines.push(failure.url)
  switch (failure.kind) {
    case 'redirect-not-chosen':
      // Says where the request is sent on to.
      lines.push(`curl -sIL "${failure.url}"`)
      break
    case 'checksum-mismatch':
      lines.push(`${failure.expected.algorithm} ${failure.expected.hex} ≠ ${failure.actual}`)
      break
    case 'wrong-size':
      lines.push(`${failure.actualBytes} B ≠ ${failure.expectedBytes} B`)
      break
    case 'file-invalid':
      lines.push([failure.path, failure.where, failure.expected].filter(Boolean).join(': '))
      break
    case 'checkpoint-unsupported':
    case 'tensor-missing':
    case 'tensor-unexpected':
    case 'tensor-shape':
    case 'tensor-dtype':
    case 'tensor-not-finite':
    case 'tensor-overflow':
    case 'conversion-differs':
    case 'source-changed':
      lines.push(failure.path)
      break
    case 'chat-template-unknown':
      lines.push(`${failure.path}: ${failure.nearest}`)
      break
    case 'pack-version':
      lines.push(`${failure.found} > ${failure.supported}`)
      break
    case 'no-library':
      lines.push(failure.shape)
      break
    case 'library-mismatch':
      lines.push(`${failure.tensor}: ${failure.weights} ≠ ${failure.library}`)
      break
  }
  if ('detail' in failure && failure.detail) lines.push(failure.detail)
  return lines.join('\n')
}

/** Two sizes that must look different: exact bytes where rounding makes them equal. */
function bothSizes(expected: number, actual: number, locale: Locale): [string, string] {
  const rounded: [string, string] = [locale.bytes(expected), locale.bytes(actual)]
  if (rounded[0] !== rounded[1]) return rounded
  return [`${locale.number(expected)} B`, `${locale.number(actual)} B`]
}

/** At most this many names stand in a sentence. */
const MOST_NAMES = 5

function listed(names: readonly string[], locale: Locale): string {
  const shown = names.slice(0, MOST_NAMES)
  const text = new Intl.ListFormat(locale.tag, { type: 'conjunction' }).format(shown)
  return names.length > shown.length ? `${text} (+${locale.number(names.length - shown.length)})` : text
}

function fileOf(url: string): string {
  const path = URL.canParse(url) ? new URL(url).pathname : url
  const last = path.split('/').findLast((part) => part !== '') ?? url
  try {
    return decodeURIComponent(last)
  } catch {
    return last
  }
}
