/** From an address to the plan of what would be downloaded, having fetched small files only. */
import { checkpointAmong } from '#core/convert/checkpoint-files'
import {
  ADAPTER_CONFIG,
  ADAPTER_CONFIG_LIMIT_BYTES,
  readAdapterConfig,
} from '#core/convert/lora/adapter-config'
import { fileNameAt, isGguf, parseAddress } from '#core/model/address'
import type { ModelResult } from '#core/model/failure'
import { readGgufHeader } from '#core/model/gguf-header'
import { ggufModel } from '#core/model/gguf-model'
import { ggufPlan } from '#core/model/gguf-plan'
import { mirrored } from '#core/model/mirror'
import { MLC_CONFIG } from '#core/model/mlc-config'
import type { FileHash, ModelPlan } from '#core/model/stored'
import { failure, success } from '#core/result'
import { ggufLimitBytes } from '#data/wasm-features'
import type { AddressFinding, RemoteSource } from '../model-api'
import type { FetchPorts } from './fetch-ports'
import { FileStart, fetchText } from './inspect-fetch'
import { reviewRemoteCheckpoint } from './inspect-remote-checkpoint'
import { inspectRemoteMlc } from './inspect-remote-mlc'
import { openFolder, type RemoteFolder } from './inspect-remote'
import { mayBeMissing } from './remote-listing'
import type { InspectPorts } from './inspect-ports'

/** Of several GGUF files in a repository the first of these, else the smallest. Q4_K_M is fast and loses little. */
const PREFERRED = [/q4_k_m/i, /q5_k_m/i, /q8_0/i]
/** A part of a model that was split. */
const PART = /-\d{5}-of-\d{5}\.gguf$/i

/** What lies at an address; original weights are no model yet. */
export async function inspectAddress(
  source: RemoteSource,
  ports: InspectPorts & FetchPorts,
  signal: AbortSignal,
): Promise<ModelResult<ModelPlan>> {
  const found = await lookAtAddress(source, ports, signal)
  if (!found.ok) return found
  return found.value.kind === 'model'
    ? success(found.value.plan)
    : failure({ kind: 'not-a-model', missing: [MLC_CONFIG] })
}

/** As `inspectAddress`; original weights are shown with what they could be converted into. */
export async function lookAtAddress(
  source: RemoteSource,
  ports: InspectPorts & FetchPorts,
  signal: AbortSignal,
): Promise<ModelResult<AddressFinding>> {
  ports.onProgress({ kind: 'inspecting' })
  const address = parseAddress(source.address)
  if (!address) return failure({ kind: 'address-invalid', address: source.address })
  if (address.kind === 'file') {
    const { url } = address
    const path = fileNameAt(url)
    const gguf = { path, url, bytes: null, expected: null, revision: null }
    return asModel(await inspectRemoteGguf(gguf, source, ports, signal))
  }
  const file = address.kind === 'hub' && isGguf(address.path) ? address.path : null
  const folder = await openFolder(
    file === null || address.kind !== 'hub' ? address : { ...address, path: '' },
    source.access.mirror,
    ports,
    signal,
  )
  if (!folder.ok) return folder
  const chosen = file ?? chosenGguf(folder.value)
  if (chosen === undefined) return lookAtFolder(folder.value, source, ports, signal)
  const listed = folder.value.files?.get(chosen)
  if (folder.value.files && !listed) return failure({ kind: 'not-a-model', missing: [chosen] })
  const gguf = {
    path: chosen.slice(chosen.lastIndexOf('/') + 1),
    url: folder.value.urlOf(chosen),
    bytes: listed?.bytes ?? null,
    expected: listed?.hash ?? null,
    revision: folder.value.revision,
  }
  return asModel(await inspectRemoteGguf(gguf, source, ports, signal))
}

async function lookAtFolder(
  folder: RemoteFolder,
  source: RemoteSource,
  ports: InspectPorts & FetchPorts,
  signal: AbortSignal,
): Promise<ModelResult<AddressFinding>> {
  const adapter = () => lookAtAdapter(folder, source, ports, signal)
  const review = () => reviewRemoteCheckpoint(folder, source, ports, signal)
  const paths = [...(folder.files?.keys() ?? [])].filter((path) => !path.includes('/'))
  if (checkpointAmong(paths)) return review()
  if (paths.includes(ADAPTER_CONFIG) && !paths.includes(MLC_CONFIG)) return adapter()
  const model = asModel(await inspectRemoteMlc(folder, source, ports, signal))
  const isNone =
    !model.ok &&
    (model.failure.kind === 'not-a-model'
      ? model.failure.missing.includes(MLC_CONFIG)
      : mayBeMissing(model.failure))
  if (folder.files || !isNone) return model
  // A host that lists nothing has to be asked for each kind of model.
  const found = await review()
  const isNothing = !found.ok && ['not-a-model', 'checkpoint-incomplete'].includes(found.failure.kind)
  if (!isNothing) return found
  const added = await adapter()
  if (added.ok) return added
  return found.failure.kind === 'not-a-model' ? model : found
}

/** Only what it says of itself; whether it fits is looked at together with the weights that it belongs to. */
async function lookAtAdapter(
  folder: RemoteFolder,
  { access }: RemoteSource,
  ports: FetchPorts,
  signal: AbortSignal,
): Promise<ModelResult<AddressFinding>> {
  const job = { url: mirrored(folder.urlOf(ADAPTER_CONFIG), access.mirror), path: ADAPTER_CONFIG }
  const fetched = await fetchText({ ...job, limitBytes: ADAPTER_CONFIG_LIMIT_BYTES }, ports, signal)
  if (!fetched.ok) return fetched
  const config = readAdapterConfig(fetched.value.text, ADAPTER_CONFIG)
  if (!config.ok) return config
  return success({ kind: 'adapter', base: config.value.base })
}

function asModel(plan: ModelResult<ModelPlan>): ModelResult<AddressFinding> {
  return plan.ok ? success({ kind: 'model', plan: plan.value }) : plan
}

/** The GGUF file of a repository that holds no MLC model; undefined where there is none, or no list of files. */
function chosenGguf({ files }: RemoteFolder): string | undefined {
  if (!files || files.has(MLC_CONFIG)) return undefined
  const found = [...files.values()].filter(({ path }) => isGguf(path) && !PART.test(path))
  const preferred = PREFERRED.map((name) => found.find(({ path }) => name.test(path))).find(Boolean)
  return (preferred ?? found.toSorted((one, other) => one.bytes - other.bytes)[0])?.path
}

interface RemoteGguf {
  path: string
  url: string
  bytes: number | null
  expected: FileHash | null
  revision: string | null
}

async function inspectRemoteGguf(
  { path, url, bytes, expected, revision }: RemoteGguf,
  { address, access: { mirror } }: RemoteSource,
  ports: InspectPorts & FetchPorts,
  signal: AbortSignal,
): Promise<ModelResult<ModelPlan>> {
  const from = mirrored(url, mirror)
  const start = await FileStart.open(from, ports, signal)
  if (!start.ok) return start
  try {
    const header = await readGgufHeader(path, (offset, length) => start.value.read(offset, length))
    if (!header.ok) return header
    const { fileBytes } = header.value
    const { sentBytes } = start.value
    // Less than the header tells is a compressed transfer, or a file that was cut off: the download will show it.
    const size = bytes ?? (sentBytes !== null && sentBytes >= fileBytes ? sentBytes : null)
    const model = ggufModel(path, header.value, size ?? fileBytes, ggufLimitBytes())
    if (!model.ok) return model
    const origin = { kind: 'remote', address, revision } as const
    const file = { path, bytes: size, expected, url }
    return success(ggufPlan(file, model.value, origin, path.replace(/\.gguf$/i, ''), ports.catalog))
  } catch (error) {
    if (signal.aborted) return failure({ kind: 'aborted' })
    return failure({
      kind: 'interrupted',
      url: from,
      receivedBytes: 0,
      totalBytes: bytes,
      detail: String(error),
    })
  } finally {
    start.value.end()
  }
}
