/** The shapes that chat files are made of. */
import * as v from 'valibot'
import { Engine2 as Engine } from '../../receipt/answer-shape'
import { FileReading } from '../../numerics/shapes'
import { MAX_REPLY_LENGTH } from '../../receipt/limits'
import { Count, Duration, Fraction, Line, Prose, Time } from '../../receipt/shapes'
import type { RunId } from '../../run/types'
import type { ConversationId, PresetId } from '../types'
import { ConversationStrategyShape, OptionTextsShape, SamplingShape } from './sampling-shape'
import {
  MAX_DESCRIPTION_LENGTH,
  MAX_EXAMPLE_MESSAGES,
  MAX_NEXT_MESSAGE,
  MAX_REPLY_TOKENS,
  MAX_SEED,
  MAX_TEMPERATURE,
  MAX_TITLE_LENGTH,
  TOP_P_ABOVE,
} from './limits'

const Id = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TITLE_LENGTH))
const Title = v.pipe(v.string(), v.maxLength(MAX_TITLE_LENGTH))
const Text = v.pipe(v.string(), v.maxLength(MAX_REPLY_LENGTH))

const decoding = {
  system: v.nullable(Prose),
  temperature: v.pipe(v.number(), v.finite(), v.minValue(0), v.maxValue(MAX_TEMPERATURE)),
  topP: Fraction,
  maxTokens: v.pipe(Count, v.minValue(1), v.maxValue(MAX_REPLY_TOKENS)),
  seed: v.nullable(v.pipe(Count, v.maxValue(MAX_SEED))),
}

const PresetName = v.pipe(
  Id,
  v.transform((id) => id as PresetId),
)
/** What a reply was asked with: runs may have been decoded with top-p 0. */
export const Settings = v.object({ preset: v.nullable(PresetName), ...decoding })

/** For the next reply. */
const NextTopP = v.pipe(Fraction, v.gtValue(TOP_P_ABOVE))
const NextSettings = v.object({ ...Settings.entries, topP: NextTopP })

const Origin = v.object({
  kind: v.literal('run'),
  runId: v.pipe(
    Id,
    v.transform((id) => id as RunId),
  ),
  position: Count,
  examples: v.pipe(
    v.array(v.object({ role: v.picklist(['system', 'user', 'assistant']), content: Text })),
    v.maxLength(MAX_EXAMPLE_MESSAGES),
  ),
  reply: v.nullable(Count),
  options: v.exactOptional(OptionTextsShape),
})

export const Conversation = v.object({
  id: v.pipe(
    Id,
    v.transform((id) => id as ConversationId),
  ),
  title: Title,
  renamed: v.boolean(),
  createdAt: Time,
  updatedAt: Time,
  leaf: v.nullable(Count),
  nextMessage: v.pipe(Count, v.maxValue(MAX_NEXT_MESSAGE)),
  settings: v.nullable(NextSettings),
  strategy: v.exactOptional(ConversationStrategyShape),
  origin: v.nullable(Origin),
})

const place = { id: Count, parent: v.nullable(Count), text: Text, at: Time }

const Summary = v.object({ text: Text, modelName: Line, edited: v.boolean() })

export const Message = v.variant('role', [
  v.object({ role: v.literal('user'), ...place }),
  v.object({
    role: v.literal('assistant'),
    ...place,
    editedFrom: v.nullable(Count),
    continuedFrom: v.nullable(Count),
    finish: v.picklist(['stop', 'length', 'abort', 'interrupted']),
    modelName: Line,
    quantization: v.nullable(Line),
    engine: Engine,
    promptTokens: Count,
    completionTokens: Count,
    timeToFirstTokenMs: Duration,
    decodeMs: Duration,
    reading: v.exactOptional(FileReading),
    reasoningMs: v.nullable(Duration),
    settings: v.nullable(Settings),
    omittedMessages: Count,
    summary: v.nullable(Summary),
    sampling: v.exactOptional(SamplingShape),
  }),
])

export const Head = v.object({
  exportedAt: Time,
  app: Line,
  notice: v.pipe(v.string(), v.maxLength(MAX_DESCRIPTION_LENGTH)),
  scope: v.picklist(['tree', 'branch']),
  conversation: Conversation,
})

export const Preset = v.object({
  name: v.pipe(v.string(), v.trim(), v.minLength(1), v.maxLength(MAX_TITLE_LENGTH)),
  description: v.pipe(v.string(), v.maxLength(MAX_DESCRIPTION_LENGTH)),
  settings: v.object({ ...decoding, topP: NextTopP }),
})
