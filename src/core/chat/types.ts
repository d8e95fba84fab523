/** A conversation with a model, as stored. */
import type { EngineDescription, FinishReason } from '../engine'

export type ConversationId = string & { readonly brand: 'ConversationId' }

export interface ConversationRecord {
  id: ConversationId
  title: string
  createdAt: number
  updatedAt: number
}

export type MessageRecord =
  | { role: 'user'; text: string; at: number }
  | {
      role: 'assistant'
      text: string
      at: number
      finish: FinishReason
      modelName: string
      engine: EngineDescription
      promptTokens: number
      completionTokens: number
      timeToFirstTokenMs: number
      decodeMs: number
    }
