/** What the events of an open-ended evaluation must be like where they come from a file. */
import * as v from 'valibot'
import { MAX_ANSWER_TOKENS } from '../cross-filter/limits'
import { Count, Duration, Fraction, Hash, Line, Time } from '../receipt/shapes'
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
import { MAX_QUESTIONS, MAX_RATER_NAME, RATING_GRADES } from './limits'
import { VERDICT_LETTERS } from './prompts'
import { OpenFold } from './state'
import type { OpenEvent, OpenPlan, ReferenceQuestion } from './types'

const Place = v.pipe(Count, v.maxValue(MAX_QUESTIONS - 1))
const Author = v.picklist([0, 1])
const Role = v.picklist([0, 1, 'judge'])

const Question = v.object({ ...PAIR_MEMBERS, answer: PairText } satisfies Members<ReferenceQuestion>)

const Plan = v.object({
  appVersion: Line,
  files: v.array(v.object({ name: Line, sha256: Hash })),
  problemCount: Count,
  models: v.tuple([StoredModel, StoredModel]),
  judge: v.nullable(StoredModel),
  maxTokens: v.pipe(Count, v.minValue(1), v.maxValue(MAX_ANSWER_TOKENS)),
  prompts: v.object({ version: Line, user: v.object({ en: PairText, zh: PairText }) }),
  promptSha256: Hash,
  seed: Count,
} satisfies Members<OpenPlan>)

const Grade = v.pipe(Count, v.maxValue(RATING_GRADES - 1))

const GradesShape = eachAspect(Grade)

const RaterName = v.pipe(v.string(), v.maxLength(MAX_RATER_NAME))

export const StoredRater = v.object({
  kind: v.literal('rater-joined'),
  at: Time,
  rater: Line,
  name: RaterName,
})

export const StoredRating = v.object({
  ...{ kind: v.literal('rated'), at: Time, rater: Line, pair: Place, left: Author },
  grades: v.tuple([GradesShape, GradesShape]),
})

export const StoredOpenEvent = v.variant('kind', [
  v.object({
    kind: v.literal('created'),
    at: Time,
    plan: Plan,
    pairs: v.pipe(v.array(Question), v.minLength(1), v.maxLength(MAX_QUESTIONS)),
  }),
  ...storedTurn(Role, Place),
  v.object({ kind: v.literal('answered'), at: Time, author: Author, pair: Place, answer: StoredAnswer }),
  v.object({
    ...{ kind: v.literal('compared'), at: Time, pair: Place },
    order: v.picklist(['straight', 'reversed']),
    probabilities: v.pipe(v.array(Fraction), v.length(VERDICT_LETTERS.length)),
    promptTokens: Count,
    elapsedMs: Duration,
  }),
  StoredPause,
  StoredRater,
  StoredRating,
])

/** The number of the first event that cannot follow those before it; null when each can. */
export function illegalOpenEvent(events: readonly OpenEvent[]): number | null {
  return illegalAt(new OpenFold(), events)
}
