/** A conversation with a model, as stored: a tree of messages, of which one branch is shown. */
import type { EngineDescription, FinishReason } from '../engine'
import type { PromptReading } from '../numerics/types'
import type { ChatMessage } from '../prompt/question'
import type { RunId } from '../run/types'
import type { ReplySampling } from './sampling'
import type { Strategy } from '../strategy/types'

export type ConversationId = string & { readonly brand: 'ConversationId' }
/** Counts the messages of one conversation; never used twice in it. */
export type MessageId = number
export type PresetId = string & { readonly brand: 'PresetId' }

/** How replies are asked for. */
export interface ChatSettings {
  /** The preset that they were taken from, changed or not; null where the user began with none. */
  preset: PresetId | null
  /** Null leaves the system message to the model's own template. */
  system: string | null
  /** 0 is greedy decoding. */
  temperature: number
  topP: number
  /** Upper bound of a reply, in tokens. */
  maxTokens: number
  /** Null: another seed for each reply, which the reply tells. */
  seed: number | null
}

/** The answered benchmark item that a conversation goes on from. */
export interface ConversationOrigin {
  kind: 'run'
  runId: RunId
  /** Position of the answer in its run. */
  position: number
  /** Solved examples that the model was shown before the question, as questions and answers in turn. */
  examples: readonly ChatMessage[]
  /** The message that holds the run's stored reply; null where the run kept no text. */
  reply: MessageId | null
  /** The option texts in the order asked, A first; absent in conversations of versions that did not store them. */
  options?: readonly string[]
}

/** The file that a conversation came from: what its replies say of themselves cannot be checked. */
export interface ImportMark {
  at: number
  fileName: string
  /** The conversation's id in the file; here it has another where that one was taken. */
  sourceId: ConversationId
}

/** What the model is shown in place of the oldest messages of a branch. */
export interface ContextSummary {
  text: string
  /** The model that wrote it. */
  modelName: string
  /** The user changed it before it was used. */
  edited: boolean
}

export interface ConversationRecord {
  id: ConversationId
  title: string
  /** The user gave it this title; else it is the beginning of the first message. */
  renamed: boolean
  pinned: boolean
  createdAt: number
  updatedAt: number
  /** Set from its deletion until the undo is over and its messages are erased. */
  removedAt: number | null
  /** The last message of the branch that is shown; null while there is none. */
  leaf: MessageId | null
  /** The id of the next message. */
  nextMessage: MessageId
  /** Null: those that suit the loaded model. */
  settings: ChatSettings | null
  /** How many replies are drawn to a question, and how one of them is chosen; absent for one. */
  strategy?: Strategy
  origin: ConversationOrigin | null
  /** Null where it was begun here. */
  imported: ImportMark | null
}

/** `interrupted`: the tab, the worker or the GPU was lost while the reply was being written. */
export type ReplyEnd = FinishReason | 'interrupted'

interface MessageBase {
  id: MessageId
  /** The message that it follows; null at the beginning. Messages with one parent are branches. */
  parent: MessageId | null
  text: string
  at: number
  /** Set from its deletion until the undo is over; what follows it is hidden with it. */
  removedAt: number | null
}

export interface UserMessage extends MessageBase {
  role: 'user'
}

/** A reply; stored as `interrupted` while it is being written, so that a killed tab leaves the truth behind. */
export interface AssistantMessage extends MessageBase {
  role: 'assistant'
  /** The reply that a user has rewritten into this one; null where all of it is the model's. */
  editedFrom: MessageId | null
  /**
   * The reply that this one goes on from: its text begins with all of that one's. Its numbers, model and settings are
   * those of the part that was added.
   */
  continuedFrom: MessageId | null
  finish: ReplyEnd
  modelName: string
  /** As its makers name it, e.g. "q4f16_1"; null in replies of versions that did not store it. */
  quantization: string | null
  engine: EngineDescription
  promptTokens: number
  completionTokens: number
  timeToFirstTokenMs: number
  decodeMs: number
  /** Absent where the engine did not tell. */
  reading?: PromptReading
  /** How long the model wrote its reasoning, in ms; null where it wrote none, or nobody knows. */
  reasoningMs: number | null
  /** What it was asked with, the seed included; null in replies of versions that did not store it. */
  settings: ChatSettings | null
  /** How many of the oldest messages of its branch the model was not shown, because they did not fit its context. */
  omittedMessages: number
  /** What it was shown in place of them; null for nothing. */
  summary: ContextSummary | null
  /** The replies that this one was chosen among; absent where it is the only one that was drawn. */
  sampling?: ReplySampling
}

export type MessageRecord = UserMessage | AssistantMessage

/** How a user likes to be answered, under a name; shared as a file. */
export interface ChatPreset {
  id: PresetId
  name: string
  description: string
  settings: Omit<ChatSettings, 'preset'>
}

export type ChatStorageFailure =
  | { kind: 'storage-full' }
  /** Deleted meanwhile, e.g. in another tab. */
  | { kind: 'conversation-gone' }
  | { kind: 'storage-failed'; detail: string }
