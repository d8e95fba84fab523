/** The model catalogue: the schema of models.json and the types that follow from it. */
import * as v from 'valibot'
import { QUANTIZATIONS } from './convert/quantization'
import { GoldenLettersSchema, type GoldenLetters } from './numerics/golden-letters'
import type { StoredModelId } from './model/stored'
import { failure, success, type Result } from './result'

/** The hosts that models.json may send a user to. */
export const DOWNLOAD_HOSTS: readonly string[] = ['huggingface.co', 'raw.githubusercontent.com']

/** Files of the site itself are given relative to its root and live in this folder. */
export const SITE_MODEL_FOLDER = 'models/'

const SHA256 = /^[0-9a-f]{64}$/
const IDENTIFIER = /^[a-z0-9][a-z0-9._-]*$/

const Words = v.pipe(v.string(), v.trim(), v.minLength(1, 'must not be empty'))
const Identifier = v.pipe(
  v.string(),
  v.regex(IDENTIFIER, 'must be lower-case letters, digits, ".", "_", "-"'),
)
const Count = v.pipe(v.number(), v.integer(), v.minValue(1, 'must be at least 1'))
const Megabytes = v.pipe(v.number(), v.gtValue(0, 'must be more than 0'))
const WebUrl = v.pipe(v.string(), v.url(), v.startsWith('https://', 'must be an https address'))

/** A text that the user reads, in each language of the interface. */
const LocalText = v.strictObject({ en: Words, zh: Words })

const DownloadUrl = v.pipe(
  WebUrl,
  v.check((url) => DOWNLOAD_HOSTS.includes(hostOf(url)), `host must be one of ${DOWNLOAD_HOSTS.join(', ')}`),
)

const SiteFile = v.pipe(v.string(), v.startsWith(SITE_MODEL_FOLDER, `must be in ${SITE_MODEL_FOLDER}`))

const variantBasics = {
  id: Identifier,
  /** As its makers name it: Q4_K_M, q4f16_1. */
  quantization: Words,
  /** Size of the KV cache that the app asks for, in tokens. */
  contextTokens: Count,
  /** Bytes fetched over the network before the model can run. */
  downloadBytes: Count,
  /** `exact`: the file's own length. `estimate`: computed from the weight format and rounded. */
  downloadSize: v.picklist(['exact', 'estimate']),
  /** Graphics memory (WebGPU) or memory (CPU) while running, in MB (10^6 bytes), at `contextTokens`. */
  memoryMB: Megabytes,
}

const GgufVariant = v.strictObject({
  engine: v.literal('wllama'),
  ...variantBasics,
  /** A file of this site, or an https address. */
  url: v.union(
    [SiteFile, DownloadUrl],
    `must be a file in ${SITE_MODEL_FOLDER} or an https address of a download host`,
  ),
  /** Verified after the download. */
  sha256: v.pipe(v.string(), v.regex(SHA256, 'must be 64 hexadecimal digits')),
})

const MlcVariant = v.strictObject({
  engine: v.literal('webllm'),
  ...variantBasics,
  mlcModelId: Words,
  weightsUrl: DownloadUrl,
  libraryUrl: DownloadUrl,
  /** WebGPU features without which the compiled library fails, and fails late. */
  requiredFeatures: v.array(v.picklist(['shader-f16'])),
  /** The largest weight tensor, in MB (10^6 bytes): it must fit one storage buffer binding. */
  largestTensorMB: Megabytes,
  /** What another device answered with the same files; the self-test compares this device with it. */
  goldenLetters: v.exactOptional(GoldenLettersSchema),
})

const VariantSchema = v.variant('engine', [GgufVariant, MlcVariant], 'must be "wllama" or "webllm"')

const Variants = v.pipe(v.array(VariantSchema), v.minLength(1, 'needs at least one variant'))

/** Original weights that Somnus can convert (core/convert). */
const OriginalSchema = v.strictObject({
  /** Their repository. */
  url: DownloadUrl,
  /** What is known of this address, and what is not. */
  note: LocalText,
  /** Bytes that a conversion fetches. An estimate, like all that follows: two for each parameter. */
  sourceBytes: Count,
  quantizations: v.pipe(
    v.array(v.strictObject({ name: v.picklist(QUANTIZATIONS), resultBytes: Count })),
    v.minLength(1, 'needs at least one quantization'),
  ),
})

/** A model that cannot be loaded today: why, and what the user can do now. */
const unavailable = { explanation: LocalText, nextStep: LocalText, insteadId: Identifier }

const AvailabilitySchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('built-in'), variants: Variants }),
  v.strictObject({ kind: v.literal('download'), variants: Variants }),
  /** Public weights and a fitting compiled library, but nobody publishes the weights in its format. */
  v.strictObject({ kind: v.literal('needs-conversion'), ...unavailable, original: OriginalSchema }),
  /** Public weights, no compiled library for this size. */
  v.strictObject({ kind: v.literal('no-library'), ...unavailable, original: OriginalSchema }),
  v.strictObject({ kind: v.literal('no-public-weights'), ...unavailable }),
])

const LicenceSchema = v.variant('kind', [
  v.strictObject({ kind: v.literal('open'), name: Words, url: WebUrl }),
  v.strictObject({ kind: v.literal('non-commercial'), name: Words, url: WebUrl }),
  /** The app's makers could not read a licence; `url` is where to look. */
  v.strictObject({ kind: v.literal('unverified'), url: WebUrl }),
])

const ModelSchema = v.strictObject({
  id: Identifier,
  name: Words,
  developer: LocalText,
  description: LocalText,
  /** Null where its makers do not say. */
  parameters: v.nullable(Count),
  architecture: v.picklist(['qwen2', 'llama']),
  languages: v.pipe(v.array(v.picklist(['en', 'zh'])), v.minLength(1, 'needs at least one language')),
  licence: LicenceSchema,
  /** The model card, or the paper where there is no card; null for the built-in model, made in this repository. */
  sourceUrl: v.nullable(WebUrl),
  availability: AvailabilitySchema,
})

const CatalogSchema = v.strictObject({
  /** Where the numbers come from. */
  notes: v.array(Words),
  models: v.pipe(v.array(ModelSchema), v.minLength(1, 'needs at least one model')),
})

export type OriginalWeights = v.InferOutput<typeof OriginalSchema>
export type CatalogVariant = v.InferOutput<typeof VariantSchema>
export type CatalogModel = v.InferOutput<typeof ModelSchema>

type VariantBasics = Pick<CatalogVariant, keyof typeof variantBasics>

/** The one variant of a model that the user brought; `downloadBytes` is what its files take. */
export type OwnVariant = VariantBasics & { storedId: StoredModelId } & (
    | { engine: 'wllama' }
    | Pick<v.InferOutput<typeof MlcVariant>, 'engine' | 'requiredFeatures' | 'largestTensorMB'>
  )

/** A model that the user brought, in the shape of the catalogue's. Texts are the same in all languages. */
export interface OwnModel extends Omit<CatalogModel, 'architecture' | 'licence' | 'availability'> {
  /** As in its configuration. */
  architecture: string
  licence: { kind: 'unverified'; url: string | null }
  /** It scores steps, and is no choice where a model is to write. */
  isRewardModel?: true
  availability: { kind: 'own'; variants: OwnVariant[] }
}

export type ModelVariant = CatalogVariant | OwnVariant
export type ModelRecord = CatalogModel | OwnModel
export type ModelAvailability = ModelRecord['availability']
export type Catalog = v.InferOutput<typeof CatalogSchema>

/** One fault of a catalogue: where (a path such as `models[2].licence.url`) and what was expected. */
export interface CatalogProblem {
  path: string
  message: string
}

/** Checks a parsed models.json: shape, unique ids, ids that are referred to. All problems are listed. */
export function parseCatalog(input: unknown): Result<Catalog, CatalogProblem[]> {
  const parsed = v.safeParse(CatalogSchema, input)
  if (!parsed.success) {
    return failure(parsed.issues.map((issue) => ({ path: pathOf(issue), message: issue.message })))
  }
  const problems = crossProblems(parsed.output)
  return problems.length > 0 ? failure(problems) : success(parsed.output)
}

/** The variants that can be loaded; none for a model that is not available. */
export function variantsOf(model: CatalogModel): readonly CatalogVariant[]
export function variantsOf(model: ModelRecord): readonly ModelVariant[]
export function variantsOf(model: ModelRecord): readonly ModelVariant[] {
  return 'variants' in model.availability ? model.availability.variants : []
}

/** What the self-test can compare letters with; undefined where the record has nothing. */
export function goldenLettersOf(variant: ModelVariant): GoldenLetters | undefined {
  return 'goldenLetters' in variant ? variant.goldenLetters : undefined
}

/** The hosts a variant is fetched from; empty for a file of the site itself and for a model of the user's. */
export function downloadHosts(variant: ModelVariant): string[] {
  if ('storedId' in variant) return []
  const urls = variant.engine === 'webllm' ? [variant.weightsUrl, variant.libraryUrl] : [variant.url]
  return [...new Set(urls.filter((url) => !url.startsWith(SITE_MODEL_FOLDER)).map(hostOf))]
}

/** The host of an https address; the pure core has no `URL` class. */
function hostOf(url: string): string {
  return /^https:\/\/([^/:?#]+)(?=[/?#]|$)/.exec(url)?.[1] ?? ''
}

function crossProblems(catalog: Catalog): CatalogProblem[] {
  const problems: CatalogProblem[] = []
  const seen = new Set<string>()
  const once = (id: string, path: string) => {
    if (seen.has(id)) problems.push({ path, message: `"${id}" is already used` })
    seen.add(id)
  }
  for (const [index, model] of catalog.models.entries()) {
    const path = `models[${index}]`
    once(model.id, `${path}.id`)
    for (const [at, variant] of variantsOf(model).entries()) {
      once(`${model.id}/${variant.id}`, `${path}.availability.variants[${at}].id`)
    }
    if ('original' in model.availability) {
      const { sourceBytes } = model.availability.original
      // Both are of the same numbers, so one of them was mistyped.
      if (model.parameters !== null && sourceBytes !== 2 * model.parameters)
        problems.push({
          path: `${path}.availability.original.sourceBytes`,
          message: 'is not twice the parameters',
        })
    }
    const instead = 'insteadId' in model.availability ? model.availability.insteadId : undefined
    const target = catalog.models.find((other) => other.id === instead)
    if (instead !== undefined && (!target || variantsOf(target).length === 0)) {
      problems.push({ path: `${path}.availability.insteadId`, message: `"${instead}" is no loadable model` })
    }
  }
  return problems
}

function pathOf(issue: v.BaseIssue<unknown>): string {
  const keys = (issue.path ?? []).map((item) => item.key)
  return keys.reduce<string>(
    (path, key) =>
      typeof key === 'number' ? `${path}[${key}]` : path ? `${path}.${String(key)}` : String(key),
    '',
  )
}
