/** A conversion as a model that is about to be stored. */
import type { ModelResult } from '../model/failure'
import { ownId } from '../model/gguf-plan'
import type { KnownLibrary } from '../model/known-libraries'
import { matchLibrary } from '../model/library-match'
import type { LibraryMetadata } from '../model/library-metadata'
import { MLC_CONFIG, readMlcConfig } from '../model/mlc-config'
import { MANIFEST_NAMES, readMlcManifest } from '../model/mlc-manifest'
import { mlcNeeds } from '../model/mlc-model'
import type { ModelFile, ModelPlan, StoredModel } from '../model/stored'
import { encodeUtf8 } from '../model/utf8'
import { failure, success } from '../result'
import type { TemplateDifference } from './chat-template'
import type { ShardSums } from './convert-shard'
import { chooseLibrary } from './library-choice'
import { tensorCacheJson } from './manifest'
import type { Preparation } from './prepare'
import type { Family } from './template-families'

/** The manifest's one name in the model store; engines find it under both. */
export const MANIFEST = MANIFEST_NAMES[0]
/** Where a library of the user's own is stored. */
export const OWN_LIBRARY = 'library.wasm'

/** What a user should know of a checkpoint before it is converted. */
export interface CheckpointReview {
  name: string
  /** Bytes of the tensors that will be read. */
  sourceBytes: number
  /** The host that they come from, and its speed where enough was fetched to tell; null: they lie on a disk. */
  remote: { host: string; bytesPerSecond: number | null } | null
  family: Family
  differences: TemplateDifference[]
  /** Names of the LoRA adapters that will be merged. */
  adapters?: readonly string[]
  /** One for each quantization that fits the checkpoint's shapes; never empty. */
  offers: ConversionOffer[]
}

export interface ConversionOffer {
  /** Without a file of the role `library` where none is known: the result cannot be loaded then. */
  plan: ModelPlan
}

/** A library of the user's: what it says of itself, its file, and where it was fetched. */
export interface OwnLibrary {
  metadata: LibraryMetadata
  bytes: number
  /** Null: a file on a disk. */
  fetched: { url: string; sha256: string } | null
}

/**
 * @param conversion what tells this conversion from all others (see `identify`)
 * @param own null: a published library, if there is one that fits
 */
export function storedPlan(
  prepared: Preparation,
  conversion: string,
  name: string,
  own: OwnLibrary | null,
  libraries: readonly KnownLibrary[],
): ModelResult<ModelPlan> {
  const { plan, chatConfig, copies } = prepared
  const configText = chatConfigJson(prepared)
  const config = readMlcConfig(configText)
  if (!config.ok) return config
  const manifestText = tensorCacheJson(plan, noSums(prepared))
  const manifest = readMlcManifest(manifestText, MANIFEST)
  if (!manifest.ok) return manifest
  const known = chooseLibrary(chatConfig, libraries)
  if (own) {
    const matched = matchLibrary(own.metadata, config.value, manifest.value)
    if (!matched.ok) return matched
  }
  const published = known.ok ? known.value : null
  const label = name === '' ? config.value.architecture : name
  const written = { expected: null, url: null }
  return success({
    id: ownId(`${label} ${plan.quantization}`, conversion),
    name: label,
    catalog: null,
    ...mlcNeeds(config.value, manifest.value, own?.metadata ?? null, published),
    origin: { kind: 'files', name: label },
    files: [
      { path: MLC_CONFIG, role: 'config', bytes: encodeUtf8(configText).length, ...written },
      { path: MANIFEST, role: 'manifest', bytes: encodeUtf8(manifestText).length, ...written },
      ...copies.map(({ path, bytes }): ModelFile => ({ path, role: 'tokenizer', bytes, ...written })),
      ...plan.shards.map(({ path, bytes }): ModelFile => ({ path, role: 'weights', bytes, ...written })),
      ...libraryFile(own, published),
    ],
  })
}

export function chatConfigJson({ chatConfig }: Preparation): string {
  return `${JSON.stringify(chatConfig, null, 1)}\n`
}

/** The plan with what is known of shards that an earlier run has written whole, so that their bytes are kept. */
export function keepingShards(plan: ModelPlan, existing: StoredModel | undefined): ModelPlan {
  const files = plan.files.map((file) => {
    const before = existing?.files.find(({ path }) => path === file.path)
    const isKept = file.role === 'weights' && before?.state === 'verified' && before.bytes === file.bytes
    return isKept ? { ...file, expected: before.expected } : file
  })
  return { ...plan, files }
}

function libraryFile(own: OwnLibrary | null, known: KnownLibrary | null): ModelFile[] {
  if (own) {
    const { bytes, fetched } = own
    const expected = fetched && ({ algorithm: 'sha256', hex: fetched.sha256 } as const)
    return [{ path: OWN_LIBRARY, role: 'library', bytes, expected, url: fetched?.url ?? null }]
  }
  if (!known) return []
  const { url } = known
  const path = url.slice(url.lastIndexOf('/') + 1)
  return [{ path, role: 'library', bytes: null, expected: null, url }]
}

/** Sums as long as those that the conversion will give. */
function noSums({ plan }: Preparation): Record<string, ShardSums> {
  const none = { md5: '0'.repeat(32), sha256: '0'.repeat(64) }
  return Object.fromEntries(plan.shards.map(({ path, bytes }) => [path, { bytes, ...none }]))
}

/** The offers, or why there is none. A library of the user's own fits one quantization at most. */
export function offersOf(results: readonly ModelResult<ModelPlan>[]): ModelResult<ConversionOffer[]> {
  const offers = results.flatMap((result) => (result.ok ? [{ plan: result.value }] : []))
  if (offers.length > 0) return success(offers)
  const reasons = results.flatMap((result) => (result.ok ? [] : [result.failure]))
  const reason = reasons.find((each) => each.kind !== 'library-mismatch' || each.differs !== 'quantization')
  return failure(reason ?? reasons[0] ?? { kind: 'not-a-model', missing: [] })
}
