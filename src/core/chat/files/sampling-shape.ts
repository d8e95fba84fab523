/** What conversations and their files say of several replies to one question. */
import * as v from 'valibot'
import { MAX_OPTIONS, MAX_TEXT_LENGTH, MIN_OPTIONS } from '../../dataset/limits'
import { FileReading } from '../../numerics/shapes'
import { MAX_REPLY_LENGTH } from '../../receipt/limits'
import { Count, Duration } from '../../receipt/shapes'
import { MAX_SAMPLES } from '../../strategy/limits'
import { ScoresShape, StrategyShape } from '../../strategy/shapes'
import type { ReplySample, ReplySampling } from '../sampling'
import { MAX_SEED } from './limits'

type Members<Whole> = { [Key in keyof Required<Whole>]: v.GenericSchema }

const Text = v.pipe(v.string(), v.maxLength(MAX_REPLY_LENGTH))
const Seed = v.pipe(Count, v.maxValue(MAX_SEED))

/** Option texts, A first. */
export const OptionTextsShape = v.pipe(
  v.array(v.pipe(v.string(), v.maxLength(MAX_TEXT_LENGTH))),
  v.minLength(MIN_OPTIONS),
  v.maxLength(MAX_OPTIONS),
)

export const ConversationStrategyShape = v.variant('kind', [
  v.object({ kind: v.literal('single') }),
  StrategyShape,
])

const Sample = v.object({
  seed: Seed,
  text: Text,
  finish: v.picklist(['stop', 'length', 'abort']),
  promptTokens: Count,
  completionTokens: Count,
  timeToFirstTokenMs: Duration,
  decodeMs: Duration,
  reading: v.exactOptional(FileReading),
  reasoningMs: v.nullable(Duration),
  answer: v.nullable(Text),
  scores: v.nullable(ScoresShape),
} satisfies Members<ReplySample>)

const Sampling = v.object({
  strategy: StrategyShape,
  seed: Seed,
  compared: v.picklist(['letters', 'texts']),
  samples: v.pipe(v.array(Sample), v.maxLength(MAX_SAMPLES)),
  shown: v.nullable(Count),
} satisfies Members<ReplySampling>)

/** The sample that is shown is one of them. */
export const SamplingShape = v.pipe(
  Sampling,
  v.check(({ samples, shown }) => shown === null || shown < samples.length),
)
