/** An MLC model at an address: configuration, manifest and library are fetched and checked, no weights. */
import type { ModelResult } from '#core/model/failure'
import { fileNameAt } from '#core/model/address'
import { ownId } from '#core/model/gguf-plan'
import { LIBRARY_LIMIT_BYTES } from '#core/model/library-metadata'
import { mirrored } from '#core/model/mirror'
import { MLC_CONFIG, MLC_CONFIG_LIMIT_BYTES } from '#core/model/mlc-config'
import { MANIFEST_LIMIT_BYTES, MANIFEST_NAMES } from '#core/model/mlc-manifest'
import type { FileRole, ModelFile, ModelPlan } from '#core/model/stored'
import { failure, success } from '#core/result'
import type { RemoteSource } from '../model-api'
import type { FetchPorts } from './fetch-ports'
import { FileStart, fetchSmall, fetchText } from './inspect-fetch'
import { checkMlc, describeMlc, knownLibrary, type MlcDescription } from './inspect-mlc'
import type { InspectPorts } from './inspect-ports'
import type { RemoteFolder } from './inspect-remote'

type Ports = InspectPorts & FetchPorts

interface FetchedText {
  path: string
  text: string
  file: ModelFile
}

export async function inspectRemoteMlc(
  folder: RemoteFolder,
  source: RemoteSource,
  ports: Ports,
  signal: AbortSignal,
): Promise<ModelResult<ModelPlan>> {
  const small = new SmallFiles(folder, source.access.mirror, ports, signal)
  const config = await small.text(MLC_CONFIG, 'config', MLC_CONFIG_LIMIT_BYTES)
  if (!config.ok) return notThere(config, MLC_CONFIG)
  const manifest = await small.manifest()
  if (!manifest.ok) return notThere(manifest, MANIFEST_NAMES[0])
  const described = describeMlc(config.value, manifest.value)
  if (!described.ok) return described
  const tokenizer = await small.presence(described.value.tokenizer, 'tokenizer')
  if (!tokenizer.ok) return notThere(tokenizer, described.value.tokenizer)
  const shards = shardFiles(described.value, folder)
  if (!shards.ok) return shards

  const libraryUrl = chosenLibrary(described.value, folder, source, ports)
  if (!libraryUrl.ok) return libraryUrl
  const path = fileNameAt(libraryUrl.value)
  const library = await fetchSmall(
    { url: mirrored(libraryUrl.value, source.access.mirror), path, limitBytes: LIBRARY_LIMIT_BYTES },
    ports,
    signal,
  )
  if (!library.ok) return library
  const needs = await checkMlc(described.value, { path, bytes: library.value.bytes }, ports)
  if (!needs.ok) return needs
  const libraryFile: ModelFile = {
    path: 'library.wasm',
    role: 'library',
    bytes: library.value.bytes.length,
    expected: { algorithm: 'sha256', hex: library.value.sha256 },
    url: libraryUrl.value,
  }
  return success({
    id: ownId(folder.name, manifest.value.file.expected?.hex ?? ''),
    name: folder.name,
    catalog: null,
    ...needs.value,
    origin: { kind: 'remote', address: source.address, revision: folder.revision },
    files: [config.value.file, manifest.value.file, tokenizer.value, ...shards.value, libraryFile],
  })
}

/** Given by the user, lying beside the weights, or published for this shape, in this order. */
function chosenLibrary(
  description: MlcDescription,
  folder: RemoteFolder,
  source: RemoteSource,
  ports: Ports,
): ModelResult<string> {
  if (source.libraryUrl !== null) {
    return /^https?:\/\/[^\s/]+\/\S+$/i.test(source.libraryUrl)
      ? success(source.libraryUrl)
      : failure({ kind: 'address-invalid', address: source.libraryUrl })
  }
  const [beside, second] = [...(folder.files?.keys() ?? [])].filter((path) => /\.wasm$/i.test(path))
  if (beside !== undefined && second === undefined) return success(folder.urlOf(beside))
  const known = knownLibrary(description, ports)
  return known.ok ? success(known.value.url) : known
}

/** Described by the host where it lists its files, else by the manifest. */
function shardFiles({ manifest }: MlcDescription, folder: RemoteFolder): ModelResult<ModelFile[]> {
  const { files } = folder
  const missing = files ? manifest.shards.filter(({ path }) => !files.has(path)).map(({ path }) => path) : []
  if (missing.length > 0) return failure({ kind: 'not-a-model', missing })
  const shards: ModelFile[] = []
  for (const { path, bytes, md5 } of manifest.shards) {
    const listed = files?.get(path)
    const url = folder.urlOf(path)
    if (listed && listed.bytes !== bytes)
      return failure({ kind: 'wrong-size', path, url, expectedBytes: bytes, actualBytes: listed.bytes })
    const byManifest = md5 === null ? null : ({ algorithm: 'md5', hex: md5 } as const)
    const byHost = listed?.hash?.algorithm === 'sha256' ? listed.hash : null
    shards.push({ path, role: 'weights', bytes, expected: byHost ?? byManifest, url })
  }
  return success(shards)
}

/** What is not there makes it no model; any other failure is told as it is. */
function notThere(result: ModelResult<never>, path: string): ModelResult<never> {
  const kind = result.ok ? undefined : result.failure.kind
  return kind === 'not-found' ? failure({ kind: 'not-a-model', missing: [path] }) : result
}

class SmallFiles {
  readonly #folder: RemoteFolder
  readonly #mirror: string | null
  readonly #ports: Ports
  readonly #signal: AbortSignal

  constructor(folder: RemoteFolder, mirror: string | null, ports: Ports, signal: AbortSignal) {
    this.#folder = folder
    this.#mirror = mirror
    this.#ports = ports
    this.#signal = signal
  }

  /** Under the name that the host lists, else under the first that it has. */
  async manifest(): Promise<ModelResult<FetchedText>> {
    const { files } = this.#folder
    const listed = MANIFEST_NAMES.find((name) => files?.has(name))
    const [newer, older] = MANIFEST_NAMES
    const first = await this.text(listed ?? newer, 'manifest', MANIFEST_LIMIT_BYTES)
    const isThere = first.ok || first.failure.kind !== 'not-found'
    return isThere || listed !== undefined || files
      ? first
      : this.text(older, 'manifest', MANIFEST_LIMIT_BYTES)
  }

  async text(path: string, role: FileRole, limitBytes: number): Promise<ModelResult<FetchedText>> {
    const url = this.#folder.urlOf(path)
    const listed = this.#listed(path)
    if (!listed.ok) return listed
    const { bytes, hash } = listed.value ?? { bytes: null, hash: null }
    const job = { url: mirrored(url, this.#mirror), path, limitBytes, bytes, expected: hash }
    const fetched = await fetchText(job, this.#ports, this.#signal)
    if (!fetched.ok) return fetched
    const expected = { algorithm: 'sha256', hex: fetched.value.sha256 } as const
    const file: ModelFile = { path, role, bytes: fetched.value.bytes, expected, url }
    return success({ path, text: fetched.value.text, file })
  }

  /** A file that is only looked for: by the host's list, else by asking for it and breaking off. */
  async presence(path: string, role: FileRole): Promise<ModelResult<ModelFile>> {
    const url = this.#folder.urlOf(path)
    const listed = this.#listed(path)
    if (!listed.ok) return listed
    if (listed.value)
      return success({ path, role, bytes: listed.value.bytes, expected: listed.value.hash, url })
    const start = await FileStart.open(mirrored(url, this.#mirror), this.#ports, this.#signal)
    if (!start.ok) return start
    start.value.end()
    return success({ path, role, bytes: null, expected: null, url })
  }

  /** Undefined where the host lists nothing. */
  #listed(path: string) {
    const { files } = this.#folder
    const file = files?.get(path)
    if (files && !file) return failure({ kind: 'not-a-model' as const, missing: [path] })
    return success(file)
  }
}
