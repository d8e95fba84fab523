/** Original weights at an address: what they could be converted into, and the way to them for a conversion. */
import type { CheckpointReview, OwnLibrary } from '#core/convert/stored-plan'
import { fileNameAt, parseAddress } from '#core/model/address'
import type { ModelResult } from '#core/model/failure'
import { LIBRARY_LIMIT_BYTES } from '#core/model/library-metadata'
import { mirrored } from '#core/model/mirror'
import type { ConversionRecord, ModelOrigin, ModelPlan, SourceFile } from '#core/model/stored'
import { failure, success } from '#core/result'
import type { AddressFinding, RemoteSource, Waiting } from '../model-api'
import type { FetchPorts } from './fetch-ports'
import {
  familyOf,
  planAgain,
  reviewCheckpoint,
  type OpenedCheckpoint,
  type PlannedConversion,
} from './inspect-checkpoint'
import { fetchSmall } from './inspect-fetch'
import { inspectLibrary } from './inspect-library'
import type { InspectPorts } from './inspect-ports'
import { openFolder, type RemoteFolder } from './inspect-remote'
import { RemoteCheckpoint } from './remote-checkpoint'

type Ports = InspectPorts & FetchPorts

interface OpenedRemote extends OpenedCheckpoint {
  source: RemoteCheckpoint
}

export async function reviewRemoteCheckpoint(
  folder: RemoteFolder,
  source: RemoteSource,
  ports: Ports,
  signal: AbortSignal,
): Promise<ModelResult<AddressFinding>> {
  const opened = await openRemote(folder, source, [], ports, () => undefined, signal)
  if (!opened.ok) return opened
  try {
    const review = await reviewCheckpoint(opened.value, ports, signal)
    if (!review.ok) return review
    const host = new URL(mirrored(folder.urlOf(''), source.access.mirror)).host
    const remote = { host, bytesPerSecond: opened.value.source.bytesPerSecond }
    return success({ kind: 'checkpoint', review: { ...review.value, remote } satisfies CheckpointReview })
  } finally {
    opened.value.source.close()
  }
}

export interface RemoteConversion extends PlannedConversion {
  /** To be closed. */
  source: RemoteCheckpoint
}

/**
 * What a plan of `reviewRemoteCheckpoint`, or the record of a conversion that was begun, needs to be carried out. The
 * source is looked at again: at the commit that the plan names, where there is one. Refused where it is another now.
 */
export async function openRemoteConversion(
  plan: Pick<ModelPlan, 'id' | 'quantization' | 'origin' | 'conversion'>,
  access: RemoteSource['access'],
  ports: Ports,
  onWaiting: (waiting: Waiting | null) => void,
  signal: AbortSignal,
): Promise<ModelResult<RemoteConversion>> {
  ports.onProgress({ kind: 'inspecting' })
  const { address = null, family = null, libraryUrl = null, files = [] } = plan.conversion ?? {}
  if (address === null) return failure({ kind: 'unknown-model' })
  const parsed = parseAddress(address)
  if (!parsed || parsed.kind === 'file') return failure({ kind: 'address-invalid', address })
  const revision = plan.origin.kind === 'remote' ? plan.origin.revision : null
  const pinned = parsed.kind === 'hub' && revision !== null ? { ...parsed, revision } : parsed
  const folder = await openFolder(pinned, access.mirror, ports, signal)
  if (!folder.ok) return folder
  const source: RemoteSource = { address, libraryUrl, access, family }
  const opened = await openRemote(folder.value, source, files, ports, onWaiting, signal)
  if (!opened.ok) return opened
  const found = await planAgain(plan, opened.value, ports, signal)
  const now = await opened.value.source.sourceFiles(signal)
  const changed = now.ok ? changedFile(files, now.value) : null
  if (found.ok && changed === null) return success({ ...found.value, source: opened.value.source })
  opened.value.source.close()
  if (changed !== null) return failure({ kind: 'source-changed', path: changed, detail: address })
  return found.ok ? failure({ kind: 'unknown-model' }) : found
}

async function openRemote(
  folder: RemoteFolder,
  { address, libraryUrl, access, family }: RemoteSource,
  known: readonly SourceFile[],
  ports: Ports,
  onWaiting: (waiting: Waiting | null) => void,
  signal: AbortSignal,
): Promise<ModelResult<OpenedRemote>> {
  const library =
    libraryUrl === null ? success(null) : await fetchLibrary(libraryUrl, access.mirror, ports, signal)
  if (!library.ok) return library
  const source = new RemoteCheckpoint({ folder, mirror: access.mirror, ports, known, onWaiting })
  // What follows a ? is never sent, and may be a secret: records travel in packs.
  const place = address.trim().replace(/[?#].*$/, '')
  const origin: ModelOrigin = { kind: 'remote', address: place, revision: folder.revision }
  const record = async (recording: AbortSignal): Promise<ModelResult<ConversionRecord>> => {
    const files = await source.sourceFiles(recording)
    return files.ok ? success({ address: origin.address, family, libraryUrl, files: files.value }) : files
  }
  return success({
    ...{ source, name: folder.name, library: library.value, family: familyOf(family), origin, record },
  })
}

async function fetchLibrary(
  url: string,
  mirror: string | null,
  ports: Ports,
  signal: AbortSignal,
): Promise<ModelResult<OwnLibrary>> {
  if (!/^https?:\/\/[^\s/]+\/\S+$/i.test(url)) return failure({ kind: 'address-invalid', address: url })
  const path = fileNameAt(url)
  const job = { url: mirrored(url, mirror), path, limitBytes: LIBRARY_LIMIT_BYTES }
  const fetched = await fetchSmall(job, ports, signal)
  if (!fetched.ok) return fetched
  const { bytes, sha256 } = fetched.value
  const metadata = await inspectLibrary(path, bytes, ports.generation)
  if (!metadata.ok) return metadata
  return success({ metadata: metadata.value, bytes: bytes.length, fetched: { url, sha256 } })
}

/** The first file that has another size or hash than it had. */
function changedFile(before: readonly SourceFile[], now: readonly SourceFile[]): string | null {
  const isSame = (file: SourceFile) => {
    const found = now.find(({ path }) => path === file.path)
    if (!found || found.bytes !== file.bytes) return false
    return found.hash?.algorithm !== file.hash?.algorithm || found.hash?.hex === file.hash?.hex
  }
  return before.find((file) => !isSame(file))?.path ?? null
}
