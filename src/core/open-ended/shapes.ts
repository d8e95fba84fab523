/** What the events of an open-ended evaluation must be like where they come from a file. */
import * as v from 'valibot'
import type { ComparedModel } from '../chat/comparison'
import { MAX_GENERATED_TEXT, MAX_ANSWER_TOKENS, MAX_PAIR_TEXT } from '../cross-filter/limits'
import { ASPECTS, type GeneratedAnswer } from '../cross-filter/types'
import { MAX_ID_LENGTH } from '../dataset/limits'
import { Failure } from '../receipt/answer-shape'
import { Count, Duration, Fraction, Hash, Language, Line, Time } from '../receipt/shapes'
import { StoredEngine, type Members } from '../workspace/run-shapes'
import { MAX_QUESTIONS, MAX_RATER_NAME, RATING_GRADES } from './limits'
import { VERDICT_LETTERS } from './prompts'
import { OpenFold } from './state'
import type { Grades, OpenEvent, OpenPlan, ReferenceQuestion } from './types'

const Text = v.pipe(v.string(), v.maxLength(MAX_PAIR_TEXT))
const Place = v.pipe(Count, v.maxValue(MAX_QUESTIONS - 1))
const Author = v.picklist([0, 1])
const Role = v.picklist([0, 1, 'judge'])

const Model = v.object({
  modelId: Line,
  variantId: Line,
  name: Line,
  quantization: Line,
} satisfies Members<ComparedModel>)

const Question = v.object({
  id: v.nullable(v.pipe(v.string(), v.maxLength(MAX_ID_LENGTH))),
  question: Text,
  answer: Text,
  language: Language,
  file: Line,
  row: Count,
} satisfies Members<ReferenceQuestion>)

const Plan = v.object({
  appVersion: Line,
  files: v.array(v.object({ name: Line, sha256: Hash })),
  problemCount: Count,
  models: v.tuple([Model, Model]),
  judge: v.nullable(Model),
  maxTokens: v.pipe(Count, v.minValue(1), v.maxValue(MAX_ANSWER_TOKENS)),
  prompts: v.object({ version: Line, user: v.object({ en: Text, zh: Text }) }),
  promptSha256: Hash,
  seed: Count,
} satisfies Members<OpenPlan>)

const Generated = v.pipe(v.string(), v.maxLength(MAX_GENERATED_TEXT))

const Answer = v.object({
  text: Generated,
  reasoning: v.nullable(Generated),
  finish: v.picklist(['stop', 'length', 'abort']),
  promptTokens: Count,
  completionTokens: Count,
  elapsedMs: Duration,
} satisfies Members<GeneratedAnswer>)

const Grade = v.pipe(Count, v.maxValue(RATING_GRADES - 1))

const GradesShape = v.object(
  Object.fromEntries(ASPECTS.map((aspect) => [aspect, Grade])) as { [Aspect in keyof Grades]: typeof Grade },
)

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
  v.object({ kind: v.literal('started'), at: Time, role: Role, engine: StoredEngine }),
  v.object({ kind: v.literal('answered'), at: Time, author: Author, pair: Place, answer: Answer }),
  v.object({
    ...{ kind: v.literal('compared'), at: Time, pair: Place },
    order: v.picklist(['straight', 'reversed']),
    probabilities: v.pipe(v.array(Fraction), v.length(VERDICT_LETTERS.length)),
    promptTokens: Count,
    elapsedMs: Duration,
  }),
  v.object({ kind: v.literal('passed-over'), at: Time, role: Role, pair: Place, failure: Failure }),
  v.object({
    ...{ kind: v.literal('paused'), at: Time },
    reason: v.picklist([
      ...(['user', 'taken-over', 'device-lost', 'out-of-memory', 'engine-failure', 'storage-full'] as const),
    ]),
    failure: v.nullable(Failure),
  }),
  StoredRater,
  StoredRating,
])

/** The number of the first event that cannot follow those before it; null when each can. */
export function illegalOpenEvent(events: readonly OpenEvent[]): number | null {
  const fold = new OpenFold()
  const illegal = events.findIndex((event) => fold.add(event) !== null)
  return illegal < 0 ? null : illegal
}
