/** What stored and exported samples look like. */
import * as v from 'valibot'
import { FileReading } from '../numerics/shapes'
import { ReplyMembers } from '../receipt/answer-shape'
import { Count, Duration, Fraction, Letter, Line, Real } from '../receipt/shapes'
import { MAX_SAMPLES, MAX_STEPS } from './limits'
import type { Choice, Sample, SamplingOutcome, StepScorer, StepScores, Strategy } from './types'

type Members<Whole> = { [Key in keyof Required<Whole>]: v.GenericSchema }

export const AggregateShape = v.picklist(['min', 'last', 'mean', 'product'])

const Samples = v.pipe(Count, v.minValue(2), v.maxValue(MAX_SAMPLES))

export const StrategyShape = v.variant('kind', [
  v.object({ kind: v.literal('self-consistency'), samples: Samples, stopsEarly: v.boolean() }),
  v.object({
    kind: v.literal('best-of-n'),
    samples: Samples,
    stopsEarly: v.boolean(),
    aggregate: AggregateShape,
  }),
  v.object({
    kind: v.literal('vote-sum'),
    samples: Samples,
    stopsEarly: v.boolean(),
    aggregate: AggregateShape,
  }),
]) satisfies v.GenericSchema<Exclude<Strategy, { kind: 'single' }>>

const Scorer = v.object({
  kind: v.picklist(['self-verifier', 'reward-model']),
  modelName: Line,
  quantization: Line,
  fingerprint: Line,
  verifierVersion: v.exactOptional(Line),
} satisfies Members<StepScorer>)

export const ScoresShape = v.object({
  scorer: Scorer,
  steps: v.pipe(v.array(Fraction), v.maxLength(MAX_STEPS)),
  promptTokens: Count,
  elapsedMs: Duration,
  reading: v.exactOptional(FileReading),
} satisfies Members<StepScores>)

const { reply, finish, promptTokens, completionTokens, timeToFirstTokenMs, decodeMs } = ReplyMembers
const { officialLetter, strictLetter, strictReason } = ReplyMembers

export const SampleShape = v.object({
  index: v.pipe(Count, v.maxValue(MAX_SAMPLES - 1)),
  seed: Count,
  ...{ reply, finish, promptTokens, completionTokens, timeToFirstTokenMs, decodeMs },
  reading: v.exactOptional(FileReading),
  ...{ officialLetter, strictLetter, strictReason },
  scores: v.nullable(ScoresShape),
  hidden: v.exactOptional(v.boolean()),
} satisfies Members<Sample>)

const ChoiceShape = v.object({
  letter: v.nullable(Letter),
  representative: v.nullable(v.pipe(Count, v.maxValue(MAX_SAMPLES - 1))),
  tally: v.pipe(v.array(v.object({ letter: Letter, score: Real })), v.maxLength(MAX_SAMPLES)),
} satisfies Members<Choice>)

export const OutcomeShape = v.object({
  planned: Samples,
  taken: v.pipe(Count, v.minValue(1), v.maxValue(MAX_SAMPLES)),
  official: ChoiceShape,
  strict: ChoiceShape,
} satisfies Members<SamplingOutcome>)
