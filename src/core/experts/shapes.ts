/** The shapes of stored events; members that are not named here are let through, as of runs. */
import * as v from 'valibot'
import { MAX_OPTIONS, MAX_TEXT_LENGTH as MAX_OPTION_LENGTH, MIN_OPTIONS } from '../dataset/limits'
import { Count, Duration, Fraction, Language, Line, Real, Time } from '../receipt/shapes'
import { MAX_MESSAGE_LENGTH } from '../workspace/limits'
import { StoredPause } from '../turns/shapes'
import { StoredEngine, type Members } from '../workspace/run-shapes'
import { MAX_ROUNDS, MAX_STAGE_TOKENS, MAX_TEXT_LENGTH, MAX_TOTAL_TOKENS } from './limits'
import { PROMPT_NAMES } from './prompts'
import type { ExpertPrompts, ExpertsPlan, SufficiencyStage, WrittenStage } from './types'

/** A prompt is one message; a system message may come beside it one day. */
const MAX_MESSAGES = 4

const Text = v.pipe(v.string(), v.maxLength(MAX_TEXT_LENGTH))
const Reply = v.pipe(v.string(), v.maxLength(MAX_MESSAGE_LENGTH))
const Model = v.looseObject({ modelId: Line, variantId: Line, name: Line, quantization: Line })
const Rounds = v.pipe(Count, v.minValue(1), v.maxValue(MAX_ROUNDS))

const Plan = v.looseObject({
  question: Text,
  item: v.nullable(
    v.looseObject({
      datasetName: Line,
      id: Line,
      options: v.pipe(
        v.array(v.pipe(v.string(), v.maxLength(MAX_OPTION_LENGTH))),
        v.minLength(MIN_OPTIONS),
        v.maxLength(MAX_OPTIONS),
      ),
      targetIndex: v.pipe(Count, v.maxValue(MAX_OPTIONS - 1)),
    }),
  ),
  language: Language,
  models: v.looseObject({ reasoner: Model, reviewer: Model }),
  prompts: v.looseObject({
    reasoning: Text,
    revision: Text,
    reflection: Text,
    sufficiency: Text,
    narrative: Text,
  } satisfies Members<ExpertPrompts>),
  changedPrompts: v.array(v.picklist(PROMPT_NAMES)),
  limits: v.looseObject({
    rounds: Rounds,
    stageTokens: v.pipe(Count, v.minValue(1), v.maxValue(MAX_STAGE_TOKENS)),
    totalTokens: v.pipe(Count, v.minValue(1), v.maxValue(MAX_TOTAL_TOKENS)),
  }),
  sampling: v.looseObject({ temperature: Real, topP: Fraction, seed: Count }),
  appVersion: Line,
} satisfies Members<ExpertsPlan>)

const Base = {
  round: Rounds,
  modelName: Line,
  quantization: Line,
  engine: StoredEngine,
  messages: v.pipe(
    v.array(v.looseObject({ role: v.picklist(['system', 'user', 'assistant']), content: Reply })),
    v.maxLength(MAX_MESSAGES),
  ),
  promptTokens: Count,
}

const Written = {
  ...Base,
  reply: Reply,
  finish: v.picklist(['stop', 'length', 'abort']),
  seed: Count,
  completionTokens: Count,
  timeToFirstTokenMs: Duration,
  decodeMs: Duration,
}

const StoredStage = v.variant('kind', [
  v.looseObject({
    ...Written,
    kind: v.picklist(['reasoning', 'reflection', 'narrative']),
  } satisfies Members<WrittenStage>),
  v.looseObject({
    ...Base,
    kind: v.literal('sufficiency'),
    probability: v.nullable(Fraction),
    elapsedMs: Duration,
  } satisfies Members<SufficiencyStage>),
])

export const StoredExpertsEvent = v.variant('kind', [
  v.looseObject({ kind: v.literal('created'), at: Time, plan: Plan }),
  v.looseObject({ kind: v.literal('stage'), at: Time, stage: StoredStage }),
  v.looseObject({ kind: v.literal('closed'), at: Time }),
  v.looseObject({ ...StoredPause.entries, role: v.picklist(['reasoner', 'reviewer']) }),
])
