/** From a folder with an MLC model on a disk to its plan. */
import type { ModelFailure, ModelResult } from '#core/model/failure'
import { ownId } from '#core/model/gguf-plan'
import { LIBRARY_LIMIT_BYTES } from '#core/model/library-metadata'
import { MLC_CONFIG, MLC_CONFIG_LIMIT_BYTES } from '#core/model/mlc-config'
import { MANIFEST_LIMIT_BYTES, MANIFEST_NAMES } from '#core/model/mlc-manifest'
import { mlcNeeds } from '#core/model/mlc-model'
import { fileInvalid } from '#core/model/parse-file'
import type { FileRole, ModelFile, ModelPlan } from '#core/model/stored'
import { failure, success } from '#core/result'
import { readBytes, readText, sha256OfFile } from './import-read'
import type { ImportSource } from './import-source'
import { checkMlc, describeMlc, knownLibrary, publishedLibrary, type MlcDescription } from './inspect-mlc'
import type { InspectPorts } from './inspect-ports'

export async function inspectMlcFolder(
  { files, name }: ImportSource,
  givenLibrary: File | null,
  ports: InspectPorts,
  signal: AbortSignal,
): Promise<ModelResult<ModelPlan>> {
  const read = await describeFolder(files)
  if (!read.ok) return read
  const { description, manifestName } = read.value
  const shards = shardFiles(description, files)
  if (!shards.ok) return shards
  const library = libraryAmong(files, givenLibrary)
  if (!library.ok) return library
  const checked = library.value
    ? await withOwnLibrary(description, library.value.path, library.value.file, ports, signal)
    : withKnownLibrary(description, ports)
  if (!checked.ok) return checked

  const small: ModelFile[] = []
  for (const [path, role] of [
    [MLC_CONFIG, 'config'],
    [manifestName, 'manifest'],
    [description.tokenizer, 'tokenizer'],
  ] as const) {
    const file = files.get(path)
    if (!file) return failure({ kind: 'not-a-model', missing: [path] })
    const entry = await hashed(path, role, file, signal)
    if (!entry.ok) return entry
    small.push(entry.value)
  }
  const { needs, libraryFile } = checked.value
  const label = name === '' ? `${needs.architecture} ${needs.quantization}` : name
  const manifestHash = small.find(({ role }) => role === 'manifest')?.expected?.hex ?? ''
  return success({
    id: ownId(label, manifestHash),
    name: label,
    catalog: null,
    ...needs,
    origin: { kind: 'files', name: label },
    files: [...small, ...shards.value, libraryFile],
  })
}

/** Configuration and manifest of a folder, parsed. */
export async function describeFolder(
  files: ReadonlyMap<string, File>,
): Promise<ModelResult<{ description: MlcDescription; manifestName: string }>> {
  const manifestName = MANIFEST_NAMES.find((name) => files.has(name))
  const configFile = files.get(MLC_CONFIG)
  const manifestFile = manifestName && files.get(manifestName)
  const missing = [
    ...(configFile ? [] : [MLC_CONFIG]),
    ...(manifestFile ? [] : [MANIFEST_NAMES[0]]),
    ...(files.has('tokenizer.json') || files.has('tokenizer.model') ? [] : ['tokenizer.json']),
  ]
  if (!configFile || !manifestFile || missing.length > 0) return failure({ kind: 'not-a-model', missing })
  const config = await readText(MLC_CONFIG, configFile, MLC_CONFIG_LIMIT_BYTES)
  if (!config.ok) return config
  const manifest = await readText(manifestName, manifestFile, MANIFEST_LIMIT_BYTES)
  if (!manifest.ok) return manifest
  const description = describeMlc(
    { path: MLC_CONFIG, text: config.value },
    { path: manifestName, text: manifest.value },
  )
  return description.ok ? success({ description: description.value, manifestName }) : description
}

/** The shards as the manifest describes them; all must be there in their size. */
function shardFiles(
  { manifest }: MlcDescription,
  files: ReadonlyMap<string, File>,
): ModelResult<ModelFile[]> {
  const missing = manifest.shards.filter(({ path }) => !files.has(path)).map(({ path }) => path)
  if (missing.length > 0) return failure({ kind: 'not-a-model', missing })
  const shards: ModelFile[] = []
  for (const { path, bytes, md5 } of manifest.shards) {
    const wrong = wrongSize(path, bytes, files.get(path))
    if (wrong) return failure(wrong)
    const expected = md5 === null ? null : ({ algorithm: 'md5', hex: md5 } as const)
    shards.push({ path, role: 'weights', bytes, expected, url: null })
  }
  return success(shards)
}

export function wrongSize(path: string, bytes: number, file: File | undefined): ModelFailure | undefined {
  const actualBytes = file?.size ?? 0
  if (actualBytes === bytes) return undefined
  return { kind: 'wrong-size', path, url: null, expectedBytes: bytes, actualBytes }
}

function libraryAmong(
  files: ReadonlyMap<string, File>,
  given: File | null,
): ModelResult<{ path: string; file: File } | null> {
  if (given) return success({ path: 'library.wasm', file: given })
  const [first, second] = [...files].filter(([path]) => /\.wasm$/i.test(path))
  if (second) return failure(fileInvalid(second[0], null, 'one library'))
  return success(first ? { path: first[0], file: first[1] } : null)
}

async function withOwnLibrary(
  description: MlcDescription,
  path: string,
  file: File,
  ports: InspectPorts,
  signal: AbortSignal,
) {
  const bytes = await readBytes(path, file, LIBRARY_LIMIT_BYTES)
  if (!bytes.ok) return bytes
  const needs = await checkMlc(description, { path, bytes: bytes.value }, ports)
  if (!needs.ok) return needs
  const libraryFile = await hashed(path, 'library', file, signal)
  return libraryFile.ok ? success({ needs: needs.value, libraryFile: libraryFile.value }) : libraryFile
}

/** Nothing but the library has to be fetched then. */
function withKnownLibrary(description: MlcDescription, ports: InspectPorts) {
  const known = knownLibrary(description, ports)
  if (!known.ok) return known
  return success({
    needs: mlcNeeds(description.config, description.manifest, null, known.value),
    libraryFile: publishedLibrary(known.value),
  })
}

async function hashed(
  path: string,
  role: FileRole,
  file: File,
  signal: AbortSignal,
): Promise<ModelResult<ModelFile>> {
  const sha256 = await sha256OfFile(path, file, () => undefined, signal)
  if (!sha256.ok) return sha256
  return success({
    path,
    role,
    bytes: file.size,
    expected: { algorithm: 'sha256', hex: sha256.value },
    url: null,
  })
}
