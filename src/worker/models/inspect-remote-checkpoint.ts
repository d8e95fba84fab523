/** Original weights at an address: what they could be converted into, and the way to them for a conversion. */
import type { CheckpointReview, OwnLibrary } from '#core/convert/stored-plan'
import { fileNameAt, parseAddress } from '#core/model/address'
import type { ModelResult } from '#core/model/failure'
import { LIBRARY_LIMIT_BYTES } from '#core/model/library-metadata'
import { mirrored } from '#core/model/mirror'
import type { AdapterOrigin, ConversionRecord, ModelOrigin, ModelPlan, SourceFile } from '#core/model/stored'
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
import { filesOf, RemoteSources } from './remote-sources'

type Ports = InspectPorts & FetchPorts

interface OpenedRemote extends OpenedCheckpoint {
  remote: RemoteSources
}

export async function reviewRemoteCheckpoint(
  folder: RemoteFolder,
  source: RemoteSource,
  ports: Ports,
  signal: AbortSignal,
): Promise<ModelResult<AddressFinding>> {
  const opened = await openRemote(folder, source, { files: [] }, ports, () => undefined, signal)
  if (!opened.ok) return opened
  try {
    const review = await reviewCheckpoint(opened.value, ports, signal)
    if (!review.ok) return review
    const host = new URL(mirrored(folder.urlOf(''), source.access.mirror)).host
    const remote = { host, bytesPerSecond: opened.value.remote.bytesPerSecond }
    return success({ kind: 'checkpoint', review: { ...review.value, remote } satisfies CheckpointReview })
  } finally {
    opened.value.remote.close()
  }
}

export interface RemoteConversion extends PlannedConversion {
  /** To be closed. */
  remote: RemoteSources
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
  const {
    address = null,
    family = null,
    libraryUrl = null,
    files = [],
    adapters = [],
  } = plan.conversion ?? {}
  if (address === null) return failure({ kind: 'unknown-model' })
  const parsed = parseAddress(address)
  if (!parsed || parsed.kind === 'file') return failure({ kind: 'address-invalid', address })
  const revision = plan.origin.kind === 'remote' ? plan.origin.revision : null
  const pinned = parsed.kind === 'hub' && revision !== null ? { ...parsed, revision } : parsed
  const folder = await openFolder(pinned, access.mirror, ports, signal)
  if (!folder.ok) return folder
  const beside = adapters.map((adapter) => adapter.address)
  const source: RemoteSource = { address, libraryUrl, access, family, adapters: beside }
  const opened = await openRemote(folder.value, source, { files, adapters }, ports, onWaiting, signal)
  if (!opened.ok) return opened
  const found = await planAgain(plan, opened.value, ports, signal)
  const { remote } = opened.value
  const now = await remote.sourceFiles(signal)
  const changed = now.ok ? changedFile(files, now.value) : null
  if (found.ok && changed === null) return success({ ...found.value, remote })
  remote.close()
  if (changed !== null) return failure({ kind: 'source-changed', path: changed, detail: address })
  return found.ok ? failure({ kind: 'unknown-model' }) : found
}

async function openRemote(
  folder: RemoteFolder,
  { address, libraryUrl, access, family, adapters = [] }: RemoteSource,
  known: Pick<ConversionRecord, 'files' | 'adapters'>,
  ports: Ports,
  onWaiting: (waiting: Waiting | null) => void,
  signal: AbortSignal,
): Promise<ModelResult<OpenedRemote>> {
  const library =
    libraryUrl === null ? success(null) : await fetchLibrary(libraryUrl, access.mirror, ports, signal)
  if (!library.ok) return library
  const besides: RemoteFolder[] = []
  for (const [index, adapter] of adapters.entries()) {
    const beside = await openAdapter(adapter, known.adapters?.[index], access.mirror, ports, signal)
    if (!beside.ok) return beside
    besides.push(beside.value)
  }
  const open = (from: RemoteFolder, index: number | null) =>
    new RemoteCheckpoint({
      ...{ folder: from, mirror: access.mirror, ports, onWaiting },
      known: filesOf(known.files, index),
    })
  const remote = new RemoteSources(
    open(folder, null),
    besides.map((beside, index) => open(beside, index)),
  )
  const origin: ModelOrigin = { kind: 'remote', address: placeOf(address), revision: folder.revision }
  const merged = adapters.map((each, index) => ({
    address: placeOf(each),
    revision: besides[index]?.revision ?? null,
  }))
  const record = async (recording: AbortSignal): Promise<ModelResult<ConversionRecord>> => {
    const files = await remote.sourceFiles(recording)
    if (!files.ok) return files
    const conversion = { address: origin.address, family, libraryUrl, files: files.value }
    return success(merged.length === 0 ? conversion : { ...conversion, adapters: merged })
  }
  return success({
    ...{ source: remote.source, remote, library: library.value, family: familyOf(family), origin, record },
    name: [folder.name, ...besides.map(({ name }) => name)].join(' + '),
    adapters: besides.map(({ name }) => name),
  })
}

/** @param before as it was when the conversion began: the same commit is taken again */
function openAdapter(
  address: string,
  before: AdapterOrigin | undefined,
  mirror: string | null,
  ports: Ports,
  signal: AbortSignal,
): Promise<ModelResult<RemoteFolder>> {
  const parsed = parseAddress(address)
  if (!parsed || parsed.kind === 'file') return Promise.resolve(failure({ kind: 'address-invalid', address }))
  const revision = before?.revision ?? null
  const pinned = parsed.kind === 'hub' && revision !== null ? { ...parsed, revision } : parsed
  return openFolder(pinned, mirror, ports, signal)
}

/** What follows a ? is never sent, and may be a secret: records travel in packs. */
function placeOf(address: string): string {
  return address.trim().replace(/[?#].*$/, '')
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
