/** What a filter's events must be like where they come from an archive. */
import * as v from 'valibot'
import { Count, Fraction, Duration, Hash, Line, Time } from '../receipt/shapes'
import { illegalAt } from '../turns/fold'
import {
  eachAspect,
  PAIR_MEMBERS,
  PairText,
  StoredAnswer,
  StoredModel,
  StoredPause,
  storedTurn,
} from '../turns/shapes'
import type { Members } from '../workspace/run-shapes'
import { GRADES, MAX_ANSWER_TOKENS, MAX_ORDER_SAMPLE, MAX_PAIRS } from './limits'
import { MAX_WEIGHT } from './rule'
import { FilterFold } from './state'
import type { FilterEvent, FilterPlan, FilterRule } from './types'

const Place = v.pipe(Count, v.maxValue(MAX_PAIRS - 1))
const Judge = v.picklist([0, 1])
const Role = v.picklist(['generator', 0, 1])

const Aspects = eachAspect(PairText)

const Plan = v.object({
  appVersion: Line,
  files: v.array(v.object({ name: Line, sha256: Hash })),
  problemCount: Count,
  generator: v.nullable(StoredModel),
  decoding: v.object({
    temperature: v.pipe(v.number(), v.minValue(0), v.maxValue(2)),
    topP: Fraction,
    maxTokens: v.pipe(Count, v.minValue(1), v.maxValue(MAX_ANSWER_TOKENS)),
    seed: Count,
  }),
  judge: StoredModel,
  prompts: v.object({
    version: Line,
    user: v.object({ en: PairText, zh: PairText }),
    aspects: v.object({ en: Aspects, zh: Aspects }),
  }),
  promptSha256: Hash,
  order: v.object({ count: v.pipe(Count, v.maxValue(MAX_ORDER_SAMPLE)), seed: Count }),
} satisfies Members<FilterPlan>)

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
    pairs: v.pipe(v.array(v.object(PAIR_MEMBERS)), v.minLength(1), v.maxLength(MAX_PAIRS)),
  }),
  v.object({ kind: v.literal('judge-added'), at: Time, judge: StoredModel }),
  ...storedTurn(Role, Place),
  v.object({ kind: v.literal('answered'), at: Time, pair: Place, answer: StoredAnswer }),
  v.object({
    ...{ kind: v.literal('scored'), at: Time, judge: Judge, pair: Place },
    order: v.picklist(['straight', 'reversed']),
    probabilities: eachAspect(Letters),
    promptTokens: Count,
    elapsedMs: Duration,
  }),
  StoredPause,
  v.object({ kind: v.literal('ruled'), at: Time, rule: Rule }),
])

/** The number of the first event that cannot follow those before it; null when each can. */
export function illegalFilterEvent(events: readonly FilterEvent[]): number | null {
  return illegalAt(new FilterFold(), events)
}
