/**
 * The shapes of stored runs. Members that are not named here are let through: they are no more than text, and an archive
 * must not lose what a later version adds.
 */
import * as v from 'valibot'
import type { Item } from '../dataset/item'
import type { EngineDescription } from '../engine'
import { MAX_ID_LENGTH, MAX_OPTIONS, MAX_TEXT_LENGTH, MIN_OPTIONS } from '../dataset/limits'
import { Failure, PAUSE_REASONS, ReplyMembers, STOP_REASONS } from '../receipt/answer-shape'
import { MAX_PARTS, MAX_QUESTIONS, MAX_SHOTS } from '../receipt/limits'
import { NumericsShape, ReadingShape } from '../numerics/shapes'
import { POSITIONS } from '../receipt/expected'
import { Budget, Decoding, Model, Prompts, Protocol, Selection2, Split } from '../receipt/plan-shape'
import { MAX_SAMPLES } from '../strategy/limits'
import { OutcomeShape, SampleShape, ScoresShape, StrategyShape } from '../strategy/shapes'
import { Count, Duration, Fraction, Language, Letter, LevelName, Line, Prose, Time } from '../receipt/shapes'
import type { Answer, ForwardScores, RunPlan } from '../run/types'
import { MAX_KEY_LENGTH } from './limits'

/** A shape that names every member of the stored type: one that the type gets later fails to compile here. */
export type Members<Stored> = Record<keyof Stored, v.GenericSchema>

export const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_KEY_LENGTH))
const Text = v.pipe(v.string(), v.maxLength(MAX_TEXT_LENGTH))

/** As stored: the key by its place. Withheld items have empty texts. */
export const StoredItem = v.looseObject({
  id: v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_ID_LENGTH)),
  language: Language,
  level: v.nullable(v.picklist([1, 2, 3])),
  stem: Text,
  options: v.pipe(v.array(Text), v.minLength(MIN_OPTIONS), v.maxLength(MAX_OPTIONS)),
  targetIndex: v.pipe(Count, v.maxValue(MAX_OPTIONS - 1)),
  withheld: v.optional(Line),
} satisfies Members<Item>)

export const StoredEngine = v.looseObject({
  engine: v.picklist(['wllama', 'webllm', 'scripted']),
  engineVersion: Line,
  device: Line,
  fingerprint: Line,
  contextTokens: Count,
  librarySha256: v.nullable(Line),
  tokenizerSha256: v.nullable(Line),
  isRewardModel: v.exactOptional(v.literal(true)),
  numerics: v.exactOptional(NumericsShape),
} satisfies Members<EngineDescription>)

/** In one go: looked at one by one, a million of them would take a minute. */
const Places = v.custom<number[]>(
  (value) =>
    Array.isArray(value) &&
    value.length <= MAX_QUESTIONS &&
    value.every((index) => Number.isSafeInteger(index) && (index as number) >= 0),
  POSITIONS,
)

const Made = [
  v.looseObject({ kind: v.literal('own') }),
  v.looseObject({
    kind: v.literal('merged'),
    runIds: v.pipe(v.array(Line), v.maxLength(MAX_PARTS)),
    parts: v.pipe(v.array(Count), v.maxLength(MAX_PARTS)),
    of: Count,
  }),
  v.looseObject({ kind: v.literal('rerun'), runId: Line, share: Fraction }),
] as const

const Check = v.looseObject({
  id: v.picklist(['file-hash', 'results-hash', 'receipt', 'tables', 'item-hashes']),
  outcome: v.picklist(['passed', 'failed', 'unchecked']),
  checked: Count,
  failed: Count,
  positions: v.array(Count),
})

const Origin = v.variant('kind', [
  ...Made,
  v.looseObject({
    kind: v.literal('imported'),
    at: Time,
    fileSha256: Line,
    runId: Line,
    made: v.variant('kind', Made),
    checks: v.array(Check),
  }),
])

const DatasetName = { id: Line, name: Line, itemsSha256: Line }

const StoredPlan = v.looseObject({
  id: Id,
  name: Line,
  createdAt: Time,
  appVersion: Line,
  model: Model,
  dataset: v.looseObject({
    ...DatasetName,
    sha256: Line,
    source: v.picklist(['built-in', 'file', 'hub']),
  }),
  selection: Selection2,
  strata: v.array(v.looseObject({ language: Language, level: LevelName, population: Count, sampled: Count })),
  itemIndexes: Places,
  rotations: Places,
  rotationShare: Fraction,
  askedSha256: v.nullable(Line),
  protocol: Protocol,
  prompts: Prompts,
  promptSha256: Line,
  shots: v.nullable(
    v.looseObject({
      pool: v.looseObject(DatasetName),
      count: Count,
      items: v.pipe(v.array(StoredItem), v.maxLength(2 * MAX_SHOTS)),
    }),
  ),
  decoding: Decoding,
  strategy: v.optional(StrategyShape),
  reusePrompt: v.exactOptional(v.literal(true)),
  budget: Budget,
  split: Split,
  origin: Origin,
} satisfies Members<RunPlan>)

const StoredAnswer = v.looseObject({
  position: Count,
  item: StoredItem,
  rotation: v.pipe(Count, v.maxValue(MAX_OPTIONS - 1)),
  forward: v.nullable(
    v.looseObject({
      probabilities: v.pipe(v.array(Fraction), v.maxLength(MAX_OPTIONS)),
      letter: v.nullable(Letter),
      promptTokens: Count,
      elapsedMs: Duration,
      reading: v.exactOptional(ReadingShape),
    } satisfies Members<ForwardScores>),
  ),
  ...ReplyMembers,
  reading: v.exactOptional(ReadingShape),
  sampling: v.optional(OutcomeShape),
} satisfies Members<Answer>)

export const StoredRunEvent = v.variant('kind', [
  v.looseObject({ kind: v.literal('created'), at: Time, plan: StoredPlan }),
  v.looseObject({ kind: v.literal('started'), at: Time, engine: StoredEngine, userAgent: Line }),
  v.looseObject({ kind: v.literal('sampled'), at: Time, position: Count, sample: SampleShape }),
  v.looseObject({
    kind: v.literal('answered'),
    at: Time,
    answer: StoredAnswer,
    isHeld: v.exactOptional(v.literal(true)),
  }),
  v.looseObject({ kind: v.literal('released'), at: Time }),
  v.looseObject({
    kind: v.literal('scored'),
    at: Time,
    position: Count,
    sample: v.pipe(Count, v.maxValue(MAX_SAMPLES - 1)),
    scores: ScoresShape,
  }),
  v.looseObject({
    kind: v.literal('paused'),
    at: Time,
    reason: v.picklist(PAUSE_REASONS),
    failure: v.nullable(Failure),
    withdrawnFrom: v.exactOptional(Count),
  }),
  v.looseObject({ kind: v.literal('stopped'), at: Time, reason: v.picklist(STOP_REASONS) }),
  v.looseObject({ kind: v.literal('finished'), at: Time }),
  v.looseObject({ kind: v.literal('flagged'), at: Time, position: Count, note: v.nullable(Prose) }),
])

/** The summary is folded anew from the events, so nothing is asked of it. */
export const StoredRunHead = v.looseObject({ id: Id, removedAt: v.null() })
