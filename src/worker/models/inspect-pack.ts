/** From a model pack to its plan. What its manifest says of the model is not believed: the files are looked at again. */
import { TOKENIZER_COPIES } from '#core/convert/tokenizer'
import type { ModelResult } from '#core/model/failure'
import { ggufPlan, ownId } from '#core/model/gguf-plan'
import { LIBRARY_LIMIT_BYTES } from '#core/model/library-metadata'
import {
  PACK_MANIFEST,
  PACK_MANIFEST_LIMIT_BYTES,
  packFiles,
  readPackManifest,
  type PackManifest,
} from '#core/model/pack'
import { mlcNeeds, type MlcNeeds } from '#core/model/mlc-model'
import { fileInvalid } from '#core/model/parse-file'
import type { FileRole, ModelFile, ModelOrigin, ModelPlan } from '#core/model/stored'
import { failure, success } from '#core/result'
import { readBytes, readText, sha256OfFile } from './import-read'
import type { ImportSource } from './import-source'
import { describeFolder, wrongSize } from './inspect-folder'
import { inspectGgufHeader } from './inspect-gguf'
import { checkMlc, knownLibrary, publishedLibrary, type MlcDescription } from './inspect-mlc'
import type { InspectPorts } from './inspect-ports'

export async function inspectPack(
  source: ImportSource,
  ports: InspectPorts,
  signal: AbortSignal,
): Promise<ModelResult<ModelPlan>> {
  const manifestFile = source.files.get(PACK_MANIFEST)
  if (!manifestFile) return failure({ kind: 'not-a-model', missing: [PACK_MANIFEST] })
  const text = await readText(PACK_MANIFEST, manifestFile, PACK_MANIFEST_LIMIT_BYTES)
  if (!text.ok) return text
  const manifest = readPackManifest(text.value)
  if (!manifest.ok) return manifest
  const pack = manifest.value
  const missing = pack.files.filter(({ path }) => !source.files.has(path)).map(({ path }) => path)
  if (missing.length > 0) return failure({ kind: 'pack-incomplete', missing })
  for (const { path, bytes } of pack.files) {
    const wrong = wrongSize(path, bytes, source.files.get(path))
    if (wrong) return failure(wrong)
  }
  const { address, revision } = pack.origin
  const origin: ModelOrigin = { kind: 'pack', name: source.name || pack.name, address, revision }
  return pack.runtime.engine === 'wllama'
    ? ggufPack(pack, origin, source, ports)
    : mlcPack(pack, origin, source, ports, signal)
}

async function ggufPack(
  pack: PackManifest,
  origin: ModelOrigin,
  source: ImportSource,
  ports: InspectPorts,
): Promise<ModelResult<ModelPlan>> {
  const [weights, second] = packFiles(pack)
  const file = weights && source.files.get(weights.path)
  if (!weights || !file || second || weights.role !== 'weights')
    return failure(fileInvalid(PACK_MANIFEST, 'files', 'one GGUF file'))
  const model = await inspectGgufHeader(weights.path, file)
  if (!model.ok) return model
  const { path, expected } = weights
  const named = { ...model.value, name: pack.name }
  return success(
    ggufPlan({ path, bytes: file.size, expected, url: null }, named, origin, pack.name, ports.catalog),
  )
}

async function mlcPack(
  pack: PackManifest,
  origin: ModelOrigin,
  source: ImportSource,
  ports: InspectPorts,
  signal: AbortSignal,
): Promise<ModelResult<ModelPlan>> {
  const files = packFiles(pack)
  const listed = new Map(
    files.flatMap(({ path }) => {
      const file = source.files.get(path)
      return file ? [[path, file] as const] : []
    }),
  )
  const read = await describeFolder(listed)
  if (!read.ok) return read
  const { description, manifestName } = read.value
  const wrongRole = roleProblem(files, description.manifest.shards, manifestName, description.tokenizer)
  if (wrongRole) return failure(fileInvalid(PACK_MANIFEST, 'files', wrongRole))
  const changed = await firstChanged(files, listed, signal)
  if (changed) return changed
  const library = files.find(({ role }) => role === 'library')
  const libraryFile = library && listed.get(library.path)
  const checked =
    library && libraryFile
      ? await withPackLibrary(description, library.path, libraryFile, ports)
      : withoutPackLibrary(description, ports)
  if (!checked.ok) return checked
  const { needs, fetched } = checked.value
  return success({
    id: ownId(pack.name, files.find(({ role }) => role === 'manifest')?.expected?.hex ?? ''),
    name: pack.name,
    catalog: null,
    ...needs,
    contextTokens: Math.min(pack.contextTokens, needs.contextTokens),
    origin,
    files: [...files, ...fetched],
  })
}

interface PackLibrary {
  needs: MlcNeeds
  /** A library that is not in the pack. */
  fetched: ModelFile[]
}

async function withPackLibrary(
  description: MlcDescription,
  path: string,
  file: File,
  ports: InspectPorts,
): Promise<ModelResult<PackLibrary>> {
  const bytes = await readBytes(path, file, LIBRARY_LIMIT_BYTES)
  if (!bytes.ok) return bytes
  const needs = await checkMlc(description, { path, bytes: bytes.value }, ports)
  return needs.ok ? success({ needs: needs.value, fetched: [] }) : needs
}

/** Weights that were converted where no library is known travel without one; a newer Somnus may know it. */
function withoutPackLibrary(description: MlcDescription, ports: InspectPorts): ModelResult<PackLibrary> {
  const { config, manifest } = description
  const known = knownLibrary(description, ports)
  if (!known.ok && known.failure.kind !== 'no-library') return known
  const library = known.ok ? known.value : null
  const needs = mlcNeeds(config, manifest, null, library)
  return success({ needs, fetched: library ? [publishedLibrary(library)] : [] })
}

/** What is wrong with the roles that the files are given, in terms of what is expected. */
function roleProblem(
  files: readonly ModelFile[],
  shards: readonly { path: string }[],
  manifestName: string,
  tokenizer: string,
): string | undefined {
  const of = (role: FileRole) => files.filter((file) => file.role === role).map(({ path }) => path)
  if (of('manifest').join() !== manifestName) return `${manifestName} as its manifest`
  if (of('config').length !== 1 || of('library').length > 1) return 'one configuration and one library'
  const tokenizers = of('tokenizer')
  const isKnown = (path: string) => TOKENIZER_COPIES.some((name) => name === path)
  if (!tokenizers.includes(tokenizer) || !tokenizers.every((path) => path === tokenizer || isKnown(path)))
    return `${tokenizer} as its tokenizer`
  const weights = new Set(of('weights'))
  const isSame = weights.size === shards.length && shards.every(({ path }) => weights.has(path))
  return isSame ? undefined : 'the shards that the tensor manifest names'
}

/** The small files are read before they are copied, so they are verified first. */
async function firstChanged(
  files: readonly ModelFile[],
  listed: ReadonlyMap<string, File>,
  signal: AbortSignal,
): Promise<ModelResult<never> | undefined> {
  for (const { path, role, expected } of files) {
    const file = listed.get(path)
    if (role === 'weights' || !file || !expected) continue
    const sha256 = await sha256OfFile(path, file, () => undefined, signal)
    if (!sha256.ok) return sha256
    if (sha256.value !== expected.hex)
      return failure({ kind: 'checksum-mismatch', path, url: null, expected, actual: sha256.value })
  }
  return undefined
}
