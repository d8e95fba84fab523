/** A run's plan as files have it, and as the first version had it. */
import * as v from 'valibot'
import { MAX_ID_LENGTH, MAX_OPTIONS, MAX_TEXT_LENGTH, MIN_OPTIONS } from '../dataset/limits'
import { POSITIONS } from './expected'
import { MAX_PARTS, MAX_QUESTIONS, MAX_SHOTS } from './limits'
import { Count, Fraction, Hash, Language, Letter, LevelName, Line, Prose, Real, Time } from './shapes'

const Text = v.pipe(v.string(), v.maxLength(MAX_TEXT_LENGTH))

/** `sha256` is missing in files of version 1; the text where the questions were left out. */
export const FileItem = v.object({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_ID_LENGTH)),
  language: Language,
  level: LevelName,
  optionCount: v.pipe(Count, v.minValue(MIN_OPTIONS), v.maxValue(MAX_OPTIONS)),
  key: Letter,
  sha256: v.optional(Hash),
  stem: v.optional(v.pipe(Text, v.minLength(1))),
  options: v.optional(v.pipe(v.array(Text), v.minLength(MIN_OPTIONS), v.maxLength(MAX_OPTIONS))),
})
export type FileItem = v.InferOutput<typeof FileItem>

const Words = v.object({ en: Prose, zh: Prose })
const Template = v.object({ system: Words, user: Words, example: Words })

const Languages = v.pipe(v.array(Language), v.maxLength(2))
const Levels = v.pipe(v.array(LevelName), v.maxLength(4))
/** In one go: looked at one by one, a hundred thousand of them would hold up the page. */
const Indexes = v.custom<number[]>(
  (value) =>
    Array.isArray(value) &&
    value.length <= MAX_QUESTIONS &&
    value.every((index) => Number.isSafeInteger(index) && (index as number) >= 0),
  POSITIONS,
)

const Selection = {
  languages: Languages,
  levels: Levels,
  sampleSize: v.nullable(Count),
  seed: Count,
}

export const Selection2 = v.object({ ...Selection, design: v.picklist(['proportional', 'equal', 'simple']) })

export const Model = v.object({ recordId: Line, variantId: Line, name: Line, quantization: Line })
export const Decoding = v.object({ temperature: Real, topP: Fraction, maxTokens: Count, seed: Count })
export const Protocol = v.picklist(['generate', 'letters', 'both'])
export const Budget = v.object({
  /** Other limits than these would be read as none. */
  minutes: v.nullable(Real),
  halfWidth: v.nullable(Fraction),
})
export const Prompts = v.object({
  id: Line,
  name: Line,
  version: Line,
  templates: v.object({ 'chain-of-thought': Template, 'letter-only': Template }),
})
export const DatasetName = v.object({ id: Line, name: Line, itemsSha256: Hash })

const Common = {
  id: v.pipe(Line, v.minLength(1)),
  name: Line,
  createdAt: Time,
  appVersion: Line,
  model: Model,
  dataset: v.object({
    ...DatasetName.entries,
    sha256: Hash,
    source: v.picklist(['built-in', 'file', 'hub']),
  }),
  strata: v.pipe(
    v.array(v.object({ language: Language, level: LevelName, population: Count, sampled: Count })),
    v.maxLength(8),
  ),
  itemIndexes: Indexes,
  promptSha256: Hash,
  decoding: Decoding,
}

const Part = v.object({ part: v.pipe(Count, v.minValue(1)), of: v.pipe(Count, v.minValue(1)) })
export const Split = v.nullable(Part)

const Parts = v.pipe(v.array(v.pipe(Count, v.minValue(1))), v.maxLength(MAX_PARTS))

const Made = [
  v.object({ kind: v.literal('own') }),
  v.object({
    kind: v.literal('merged'),
    runIds: v.pipe(v.array(Line), v.maxLength(MAX_PARTS)),
    parts: Parts,
    of: v.pipe(Count, v.minValue(1)),
  }),
  v.object({ kind: v.literal('rerun'), runId: Line, share: Fraction }),
] as const

/** Of an imported run, only how it was made where it was made is of interest to a third machine. */
const Origin = v.variant('kind', [
  ...Made,
  v.object({ kind: v.literal('imported'), made: v.variant('kind', Made) }),
])

export const Plan1 = v.object({
  ...Common,
  selection: v.object(Selection),
  promptKind: v.literal('chain-of-thought'),
  /** The only one there was. */
  promptVersion: v.literal('somnus-anesbench-1'),
})

export const Plan2 = v.object({
  ...Common,
  selection: Selection2,
  rotations: Indexes,
  rotationShare: Fraction,
  askedSha256: v.nullable(Hash),
  protocol: Protocol,
  prompts: Prompts,
  shots: v.nullable(
    v.object({
      pool: DatasetName,
      count: Count,
      items: v.pipe(v.array(FileItem), v.maxLength(2 * MAX_SHOTS)),
    }),
  ),
  reusePrompt: v.exactOptional(v.literal(true)),
  budget: Budget,
  split: Split,
  origin: Origin,
})
export type Plan2 = v.InferOutput<typeof Plan2>
