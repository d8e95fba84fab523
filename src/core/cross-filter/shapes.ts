/** What a filter's events must be like where they come from an archive. */
import * as v from 'valibot'
import type { ComparedModel } from '../chat/comparison'
import { MAX_ID_LENGTH } from '../dataset/limits'
import { Failure } from '../receipt/answer-shape'
import { Count, Duration, Fraction, Hash, Language, Line, Time } from '../receipt/shapes'
import { StoredEngine, type Members } from '../workspace/run-shapes'
import {
  GRADES,
  MAX_ANSWER_TOKENS,
  MAX_GENERATED_TEXT,
  MAX_ORDER_SAMPLE,
  MAX_PAIR_TEXT,
  MAX_PAIRS,
} from './limits'
import { MAX_WEIGHT } from './rule'
import { FilterFold } from './state'
import {
  ASPECTS,
  type Aspect,
  type FilterEvent,
  type FilterPlan,
  type FilterRule,
  type GeneratedAnswer,
  type SourcePair,
} from './types'

const Text = v.pipe(v.string(), v.maxLength(MAX_PAIR_TEXT))
const Place = v.pipe(Count, v.maxValue(MAX_PAIRS - 1))
const Judge = v.picklist([0, 1])
const Role = v.picklist(['generator', 0, 1])

/** The same shape for each aspect. */
function eachAspect<Shape extends v.GenericSchema>(shape: Shape) {
  return v.object(Object.fromEntries(ASPECTS.map((aspect) => [aspect, shape])) as Record<Aspect, Shape>)
}

const Model = v.object({
  modelId: Line,
  variantId: Line,
  name: Line,
  quantization: Line,
} satisfies Members<ComparedModel>)

const PairShape = v.object({
  id: v.nullable(v.pipe(v.string(), v.maxLength(MAX_ID_LENGTH))),
  question: Text,
  answer: v.nullable(Text),
  language: Language,
  file: Line,
  row: Count,
} satisfies Members<SourcePair>)

const Aspects = eachAspect(Text)

const Plan = v.object({
  appVersion: Line,
  files: v.array(v.object({ name: Line, sha256: Hash })),
  problemCount: Count,
  generator: v.nullable(Model),
  decoding: v.object({
    temperature: v.pipe(v.number(), v.minValue(0), v.maxValue(2)),
    topP: Fraction,
    maxTokens: v.pipe(Count, v.minValue(1), v.maxValue(MAX_ANSWER_TOKENS)),
    seed: Count,
  }),
  judge: Model,
  prompts: v.object({
    version: Line,
    user: v.object({ en: Text, zh: Text }),
    aspects: v.object({ en: Aspects, zh: Aspects }),
  }),
  promptSha256: Hash,
  order: v.object({ count: v.pipe(Count, v.maxValue(MAX_ORDER_SAMPLE)), seed: Count }),
} satisfies Members<FilterPlan>)

const Generated = v.pipe(v.string(), v.maxLength(MAX_GENERATED_TEXT))

const Answer = v.object({
  text: Generated,
  reasoning: v.nullable(Generated),
  finish: v.picklist(['stop', 'length', 'abort']),
  promptTokens: Count,
  completionTokens: Count,
  elapsedMs: Duration,
} satisfies Members<GeneratedAnswer>)

const Rule = v.object({
  aggregation: v.picklist(['mean', 'minimum', 'weighted']),
  weights: eachAspect(v.pipe(v.number(), v.minValue(0), v.maxValue(MAX_WEIGHT))),
  threshold: v.pipe(v.number(), v.minValue(0), v.maxValue(10)),
  basis: v.picklist([0, 1, 'both']),
} satisfies Members<FilterRule>)

const Letters = v.pipe(v.array(Fraction), v.length(GRADES))

export const StoredFilterEvent = v.variant('kind', [
  v.object({
    kind: v.literal('created'),
    at: Time,
    plan: Plan,
    pairs: v.pipe(v.array(PairShape), v.minLength(1), v.maxLength(MAX_PAIRS)),
  }),
  v.object({ kind: v.literal('judge-added'), at: Time, judge: Model }),
  v.object({ kind: v.literal('started'), at: Time, role: Role, engine: StoredEngine }),
  v.object({ kind: v.literal('answered'), at: Time, pair: Place, answer: Answer }),
  v.object({
    ...{ kind: v.literal('scored'), at: Time, judge: Judge, pair: Place },
    order: v.picklist(['straight', 'reversed']),
    probabilities: eachAspect(Letters),
    promptTokens: Count,
    elapsedMs: Duration,
  }),
  v.object({ kind: v.literal('passed-over'), at: Time, role: Role, pair: Place, failure: Failure }),
  v.object({
    kind: v.literal('paused'),
    at: Time,
    reason: v.picklist([
      ...(['user', 'taken-over', 'device-lost', 'out-of-memory', 'engine-failure', 'storage-full'] as const),
    ]),
    failure: v.nullable(Failure),
  }),
  v.object({ kind: v.literal('ruled'), at: Time, rule: Rule }),
])

/** The number of the first event that cannot follow those before it; null when each can. */
export function illegalFilterEvent(events: readonly FilterEvent[]): number | null {
  const fold = new FilterFold()
  const illegal = events.findIndex((event) => fold.add(event) !== null)
  return illegal < 0 ? null : illegal
}
