/** The shapes of every store's records but those of runs; see there for what is let through. */
import * as v from 'valibot'
import type { ComparisonRecord } from '../chat/comparison'
import type { AssistantMessage, ChatSettings, ConversationRecord, UserMessage } from '../chat/types'
import { MAX_NEXT_MESSAGE } from '../chat/files/limits'
import { ConversationStrategyShape, OptionTextsShape, SamplingShape } from '../chat/files/sampling-shape'
import { MAX_LISTED_PROBLEMS } from '../dataset/limits'
import { MAX_QUESTIONS } from '../receipt/limits'
import { ReadingShape } from '../numerics/shapes'
import { Prompts } from '../receipt/plan-shape'
import { Count, Duration, Fraction, Line, Prose, Real, Time } from '../receipt/shapes'
import { STUDY_KINDS, type StudyEvent, type StudyRecord } from '../study/types'
import { MAX_MESSAGE_LENGTH } from './limits'
import { Id, StoredEngine, StoredItem, StoredRunEvent, StoredRunHead, type Members } from './run-shapes'
import type { WorkspaceStore } from './tables'

const Kept = v.null()

/** Items of one record, see `DatasetDatabase`. */
const MAX_BLOCK_ITEMS = 64

const Counts = v.looseObject({ '1': Count, '2': Count, '3': Count, unlabelled: Count })

const Dataset = v.looseObject({
  id: Id,
  dataset: v.looseObject({
    id: Id,
    name: Line,
    source: v.variant('kind', [
      v.looseObject({ kind: v.literal('built-in') }),
      v.looseObject({ kind: v.literal('file'), fileNames: v.array(Line) }),
      v.looseObject({ kind: v.literal('hub'), url: Line }),
    ]),
    sha256: Line,
    itemsSha256: Line,
    counts: v.looseObject({ en: Counts, zh: Counts }),
    optionCounts: v.record(v.string(), Count),
    problemCount: Count,
    importedAt: Time,
  }),
  removedAt: Kept,
})

const Details = v.looseObject({
  meta: v.looseObject({
    ids: v.pipe(v.array(v.string()), v.maxLength(MAX_QUESTIONS)),
    strata: v.instance(Uint8Array),
  }),
  problems: v.pipe(
    v.array(
      v.looseObject({ field: Line, code: Line, expected: Prose, found: Prose, file: Line, row: Count }),
    ),
    v.maxLength(MAX_LISTED_PROBLEMS),
  ),
})

/** What users type or paste has no shorter limit: an archive must not refuse what the app has let them write. */
const Message = v.pipe(v.string(), v.maxLength(MAX_MESSAGE_LENGTH))

export const StoredSettings = v.looseObject({
  preset: v.nullable(Line),
  system: v.nullable(Message),
  temperature: Real,
  topP: Fraction,
  maxTokens: Count,
  seed: v.nullable(Count),
} satisfies Members<ChatSettings>)

const Conversation = v.looseObject({
  id: Id,
  title: Message,
  renamed: v.boolean(),
  pinned: v.boolean(),
  createdAt: Time,
  updatedAt: Time,
  removedAt: Kept,
  leaf: v.nullable(Count),
  nextMessage: v.pipe(Count, v.maxValue(MAX_NEXT_MESSAGE)),
  settings: v.nullable(StoredSettings),
  strategy: v.optional(ConversationStrategyShape),
  origin: v.nullable(
    v.looseObject({
      kind: v.literal('run'),
      runId: Line,
      position: Count,
      examples: v.array(
        v.looseObject({ role: v.picklist(['system', 'user', 'assistant']), content: Message }),
      ),
      reply: v.nullable(Count),
      options: v.optional(OptionTextsShape),
    }),
  ),
  imported: v.nullable(v.looseObject({ at: Time, fileName: Line, sourceId: Line })),
} satisfies Members<ConversationRecord>)

const Written = { text: Message, at: Time, removedAt: Kept }
const Place = { id: Count, parent: v.nullable(Count), ...Written }

/** In a comparison, its place means nothing. */
const Reply = {
  ...Written,
  role: v.literal('assistant'),
  editedFrom: v.nullable(Count),
  continuedFrom: v.nullable(Count),
  finish: v.picklist(['stop', 'length', 'abort', 'interrupted']),
  modelName: Line,
  quantization: v.nullable(Line),
  engine: StoredEngine,
  promptTokens: Count,
  completionTokens: Count,
  timeToFirstTokenMs: Duration,
  decodeMs: Duration,
  reading: v.exactOptional(ReadingShape),
  reasoningMs: v.nullable(Duration),
  settings: v.nullable(StoredSettings),
  omittedMessages: Count,
  summary: v.nullable(v.looseObject({ text: Message, modelName: Line, edited: v.boolean() })),
  sampling: v.optional(SamplingShape),
}

const StoredMessage = v.variant('role', [
  v.looseObject({ ...Place, role: v.literal('user') } satisfies Members<UserMessage>),
  v.looseObject({ ...Reply, ...Place } satisfies Members<AssistantMessage>),
])
const ComparedReply = v.nullable(v.looseObject(Reply))

const Side = v.looseObject({ modelId: Line, variantId: Line, name: Line, quantization: Line })

const Comparison = v.looseObject({
  id: Id,
  series: Id,
  position: Count,
  createdAt: Time,
  question: Message,
  settings: StoredSettings,
  models: v.looseObject({ left: Side, right: Side }),
  replies: v.looseObject({ left: ComparedReply, right: ComparedReply }),
  blind: v.boolean(),
  preference: v.nullable(v.picklist(['left', 'right', 'tie', 'both-bad'])),
  decidedAt: v.nullable(Time),
  removedAt: Kept,
} satisfies Members<ComparisonRecord>)

/** Its count of events, its last change and how it stands are made anew from the events. */
const Study = v.looseObject({
  id: Id,
  kind: v.picklist(STUDY_KINDS),
  name: Message,
  createdAt: Time,
  updatedAt: Time,
  events: Count,
  removedAt: Kept,
  standing: v.optional(v.unknown()),
} satisfies Members<StudyRecord>)

const Preset = v.looseObject({
  id: Id,
  preset: v.looseObject({
    id: Id,
    name: Line,
    description: Prose,
    settings: v.looseObject({ temperature: Real, topP: Fraction, maxTokens: Count }),
  }),
  savedAt: Time,
})

/** Settings that are used as they are stored; whoever reads another one checks it. */
export const SETTING_SHAPES: ReadonlyMap<string, v.GenericSchema> = new Map([
  ['newChatSettings', StoredSettings],
])

/** What each store's records must be like, in today's version of the database. */
export const RECORD_SHAPES: Record<WorkspaceStore, v.GenericSchema> = {
  runs: StoredRunHead,
  runEvents: StoredRunEvent,
  datasets: Dataset,
  datasetDetails: Details,
  itemBlocks: v.pipe(v.array(StoredItem), v.minLength(1), v.maxLength(MAX_BLOCK_ITEMS)),
  conversations: Conversation,
  messages: StoredMessage,
  drafts: v.looseObject({
    text: Message,
    edits: v.array(v.looseObject({ id: Count, text: Message })),
    at: Time,
  }),
  comparisons: Comparison,
  studies: Study,
  /** What each kind has more is checked where the study is known, see `STUDY_SHAPES`. */
  studyEvents: v.looseObject({ kind: Line, at: Time } satisfies Members<StudyEvent>),
  presets: Preset,
  prompts: v.looseObject({ id: Id, prompts: Prompts, savedAt: Time }),
  /** See `SETTING_SHAPES`. */
  preferences: v.unknown(),
}
