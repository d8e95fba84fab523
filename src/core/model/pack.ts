/** The manifest of a model pack: a folder, or a tar archive, that carries a model to another machine. */
import * as v from 'valibot'
import { failure, success } from '../result'
import type { ModelResult } from './failure'
import { fileInvalid, parseFile, SafePath } from './parse-file'
import type { ModelFile, StoredModel } from './stored'

export const PACK_MANIFEST = 'somnus-model.json'
/** About 200 bytes a file. */
export const PACK_MANIFEST_LIMIT_BYTES = 4 * 2 ** 20
const FORMAT = 'somnus-model-pack'
const VERSION = 1
const FILES_LIMIT = 5000
const TEXT_LIMIT = 500

const Words = v.pipe(v.string(), v.minLength(1), v.maxLength(TEXT_LIMIT))
const OptionalWords = v.nullable(v.pipe(v.string(), v.maxLength(TEXT_LIMIT)))
const Count = v.pipe(v.number(), v.integer(), v.minValue(1), v.maxValue(Number.MAX_SAFE_INTEGER))

const ManifestSchema = v.object({
  format: v.literal(FORMAT),
  version: v.literal(VERSION),
  name: Words,
  /** The catalogue's ids, taken over only where a hash proves them. */
  catalog: v.nullable(v.object({ modelId: Words, variantId: Words })),
  architecture: Words,
  quantization: Words,
  parameters: v.nullable(Count),
  contextTokens: Count,
  memoryMB: v.pipe(v.number(), v.gtValue(0), v.finite()),
  runtime: v.variant('engine', [
    v.object({ engine: v.literal('wllama') }),
    v.object({
      engine: v.literal('webllm'),
      requiresShaderF16: v.boolean(),
      largestTensorBytes: Count,
    }),
  ]),
  /** Where the model came from before it travelled. */
  origin: v.object({ name: OptionalWords, address: OptionalWords, revision: OptionalWords }),
  files: v.pipe(
    v.array(
      v.object({
        path: SafePath,
        role: v.picklist(['weights', 'manifest', 'config', 'tokenizer', 'library']),
        bytes: Count,
        sha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, '64 hexadecimal digits')),
      }),
    ),
    v.minLength(1),
    v.maxLength(FILES_LIMIT),
  ),
  appVersion: Words,
})

export type PackManifest = v.InferOutput<typeof ManifestSchema>

/** The manifest of a complete model; undefined where a file is not verified. */
export function packManifest(model: StoredModel, appVersion: string): PackManifest | undefined {
  const files: PackManifest['files'] = []
  for (const { path, role, bytes, sha256, state } of model.files) {
    if (state !== 'verified' || sha256 === null || bytes === null) return undefined
    files.push({ path, role, bytes, sha256 })
  }
  const { name, catalog, architecture, quantization, parameters, contextTokens, memoryMB, runtime } = model
  return {
    format: FORMAT,
    version: VERSION,
    name,
    catalog,
    architecture,
    quantization,
    parameters,
    contextTokens,
    memoryMB,
    runtime,
    origin: {
      name: model.origin.kind === 'remote' ? null : model.origin.name,
      address: model.origin.kind === 'files' ? null : plainAddress(model.origin.address),
      revision: model.origin.kind === 'files' ? null : model.origin.revision,
    },
    files,
    appVersion,
  }
}

/** Without what may be a key to it (`?token=…`, `user:password@`): packs are handed around. */
function plainAddress(address: string | null): string | null {
  return address?.replace(/[?#].*$/s, '').replace(/^([a-z]+:\/\/)[^/@]*@/i, '$1') ?? null
}

/** Parses and checks a manifest. A newer version of the format is told apart from a damaged file. */
export function readPackManifest(text: string): ModelResult<PackManifest> {
  const Version = v.object({ format: v.literal(FORMAT), version: Count })
  const version = parseFile(PACK_MANIFEST, text, Version)
  if (!version.ok) return version
  if (version.value.version > VERSION)
    return failure({ kind: 'pack-version', found: version.value.version, supported: VERSION })
  const parsed = parseFile(PACK_MANIFEST, text, ManifestSchema)
  if (!parsed.ok) return parsed
  const paths = new Set<string>([PACK_MANIFEST])
  for (const [index, { path }] of parsed.value.files.entries()) {
    // Many disks do not tell capital letters from small ones.
    if (paths.has(path.toLowerCase()))
      return failure(fileInvalid(PACK_MANIFEST, `files[${index}].path`, 'a name used once'))
    paths.add(path.toLowerCase())
  }
  return success(parsed.value)
}

/** The files as their source describes them: by a SHA-256 each. */
export function packFiles({ files }: PackManifest): ModelFile[] {
  return files.map(({ path, role, bytes, sha256 }) => ({
    path,
    role,
    bytes,
    expected: { algorithm: 'sha256', hex: sha256 },
    url: null,
  }))
}

/** A name that every disk takes, from any text: for folders, archives and ids. */
export function slugOf(name: string): string {
  const slug = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9._-]+/g, '-')
    .replace(/^[-._]+|[-._]+$/g, '')
    .slice(0, 60)
    .replace(/[-._]+$/, '')
  return slug === '' ? 'model' : slug
}

/** Of folders and archives; tells the variant, too. */
export function packName({ name, quantization }: Pick<StoredModel, 'name' | 'quantization'>): string {
  const [model, variant] = [slugOf(name), slugOf(quantization)]
  return model.endsWith(variant) ? model : `${model}-${variant}`
}
