/** What the events of all work by turns must be like where they come from a file. */
import * as v from 'valibot'
import type { ComparedModel } from '../chat/comparison'
import { MAX_GENERATED_TEXT, MAX_PAIR_TEXT } from '../cross-filter/limits'
import { ASPECTS, type Aspect, type GeneratedAnswer, type SourcePair } from '../cross-filter/types'
import { MAX_ID_LENGTH } from '../dataset/limits'
import { Failure } from '../receipt/answer-shape'
import { Count, Duration, Language, Line, Time } from '../receipt/shapes'
import { StoredEngine, type Members } from '../workspace/run-shapes'

export const PairText = v.pipe(v.string(), v.maxLength(MAX_PAIR_TEXT))

export const StoredModel = v.object({
  modelId: Line,
  variantId: Line,
  name: Line,
  quantization: Line,
} satisfies Members<ComparedModel>)

/** Of a question with or without its answer; `answer` says which. */
export const PAIR_MEMBERS = {
  id: v.nullable(v.pipe(v.string(), v.maxLength(MAX_ID_LENGTH))),
  question: PairText,
  answer: v.nullable(PairText),
  language: Language,
  file: Line,
  row: Count,
} satisfies Members<SourcePair>

const Generated = v.pipe(v.string(), v.maxLength(MAX_GENERATED_TEXT))

export const StoredAnswer = v.object({
  text: Generated,
  reasoning: v.nullable(Generated),
  finish: v.picklist(['stop', 'length', 'abort']),
  promptTokens: Count,
  completionTokens: Count,
  elapsedMs: Duration,
} satisfies Members<GeneratedAnswer>)

/** The same shape for each aspect. */
export function eachAspect<Shape extends v.GenericSchema>(shape: Shape) {
  return v.object(Object.fromEntries(ASPECTS.map((aspect) => [aspect, shape])) as Record<Aspect, Shape>)
}

export const StoredPause = v.object({
  ...{ kind: v.literal('paused'), at: Time },
  reason: v.picklist([
    ...(['user', 'taken-over', 'device-lost', 'out-of-memory', 'engine-failure', 'storage-full'] as const),
  ]),
  failure: v.nullable(Failure),
})

/** A model began its turn, or passed a pair over. */
export function storedTurn<Role extends v.GenericSchema, Place extends v.GenericSchema>(
  role: Role,
  pair: Place,
) {
  return [
    v.object({ kind: v.literal('started'), at: Time, role, engine: StoredEngine }),
    v.object({ kind: v.literal('passed-over'), at: Time, role, pair, failure: Failure }),
  ] as const
}
