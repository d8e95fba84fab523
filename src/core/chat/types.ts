/** A conversation with a model, as stored. */
import type { EngineDescription, FinishReason } from '../engine'

export type ConversationId = string & { readonly brand: 'ConversationId' }

export interface ConversationRecord {
  id: ConversationId
  title: string
  createdAt: number
  updatedAt: number
  /** Set from its deletion until the undo is over and its messages are erased. */
  removedAt: number | null
}

/** `interrupted`: the tab, the worker or the GPU was lost while the reply was being written. */
export type ReplyEnd = FinishReason | 'interrupted'

export interface UserMessage {
  role: 'user'
  text: string
  at: number
}

/** A reply; stored as `interrupted` while it is being written, so that a killed tab leaves the truth behind. */
export interface AssistantMessage {
  role: 'assistant'
  text: string
  at: number
  finish: ReplyEnd
  modelName: string
  engine: EngineDescription
  promptTokens: number
  completionTokens: number
  timeToFirstTokenMs: number
  decodeMs: number
  /** How many of the oldest messages the model was not shown, because they did not fit its context. */
  omittedMessages: number
}

export type MessageRecord = UserMessage | AssistantMessage

export type ChatStorageFailure =
  | { kind: 'storage-full' }
  /** Deleted meanwhile, e.g. in another tab. */
  | { kind: 'conversation-gone' }
  | { kind: 'storage-failed'; detail: string }
