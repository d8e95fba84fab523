/** What versions 1 to 3 of the database stored of conversations, brought to today's form: a list is a tree with one branch. */
import type { EngineV1 } from '../run/upgrade'
import type { AssistantMessage, ConversationRecord, MessageRecord, UserMessage } from './types'

export type ConversationV3 = Omit<
  ConversationRecord,
  'renamed' | 'pinned' | 'leaf' | 'nextMessage' | 'settings' | 'origin' | 'imported'
>
export type MessageV3 =
  | Omit<UserMessage, 'id' | 'parent' | 'removedAt'>
  | (Omit<
      AssistantMessage,
      | 'id'
      | 'parent'
      | 'removedAt'
      | 'engine'
      | 'editedFrom'
      | 'continuedFrom'
      | 'quantization'
      | 'reasoningMs'
      | 'settings'
      | 'summary'
    > & { engine: EngineV1 | AssistantMessage['engine'] })

/** `messages`: how many it has. */
export function upgradeConversation(conversation: ConversationV3, messages: number): ConversationRecord {
  return {
    ...conversation,
    renamed: false,
    pinned: false,
    leaf: messages === 0 ? null : messages - 1,
    nextMessage: messages,
    settings: null,
    origin: null,
    imported: null,
  }
}

/** `position`: its place in the conversation, from 0. */
export function upgradeMessage(message: MessageV3, position: number): MessageRecord {
  const place = { id: position, parent: position === 0 ? null : position - 1, removedAt: null }
  if (message.role === 'user') return { ...message, ...place }
  const unknown = { quantization: null, reasoningMs: null, settings: null }
  // Version 1 did not store these hashes.
  const engine = { librarySha256: null, tokenizerSha256: null, ...message.engine }
  return { ...message, ...place, engine, editedFrom: null, continuedFrom: null, summary: null, ...unknown }
}
