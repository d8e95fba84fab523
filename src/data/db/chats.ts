/** Conversations in IndexedDB. A message's key is its conversation and its id in it. */
import type { ChatStorageFailure, ConversationId, ConversationRecord, MessageRecord } from '#core/chat/types'
import { failure, success, type Result } from '#core/result'
import type { SomnusDatabase } from './schema'

export class ChatDatabase {
  readonly #database: SomnusDatabase

  constructor(database: SomnusDatabase) {
    this.#database = database
  }

  /** All conversations, the last changed first. */
  async list(): Promise<ConversationRecord[]> {
    const all = await this.#database.getAllFromIndex('conversations', 'updatedAt')
    return all.filter(({ removedAt }) => removedAt === null).reverse()
  }

  messages(id: ConversationId): Promise<MessageRecord[]> {
    return this.#database.getAll('messages', messageRange(id))
  }

  /** Stores a new conversation with its first message, both or neither. */
  create(conversation: ConversationRecord, first: MessageRecord): Promise<Result<void, ChatStorageFailure>> {
    return attempt(async () => {
      const transaction = this.#database.transaction(['conversations', 'messages'], 'readwrite', {
        durability: 'strict',
      })
      await Promise.all([
        transaction.objectStore('conversations').add(conversation),
        transaction.objectStore('messages').add(first, [conversation.id, first.id]),
        transaction.done,
      ])
    })
  }

  /** Stores a message as the end of the branch shown, or in place of an earlier state of the same reply. */
  put(id: ConversationId, message: MessageRecord): Promise<Result<void, ChatStorageFailure>> {
    return attempt(async () => {
      const transaction = this.#database.transaction(['conversations', 'messages'], 'readwrite')
      const conversations = transaction.objectStore('conversations')
      const conversation = await conversations.get(id)
      if (!conversation) throw new ConversationGone()
      await Promise.all([
        conversations.put({
          ...conversation,
          updatedAt: message.at,
          leaf: message.id,
          nextMessage: Math.max(conversation.nextMessage, message.id + 1),
        }),
        transaction.objectStore('messages').put(message, [id, message.id]),
        transaction.done,
      ])
    })
  }

  /** Hides a conversation; its messages stay until `purge`, so `restore` brings all of it back. */
  async remove(id: ConversationId, at: number): Promise<void> {
    await this.#setRemovedAt(id, at)
  }

  async restore(id: ConversationId): Promise<void> {
    await this.#setRemovedAt(id, null)
  }

  /** Erases the conversations that were removed before `time`. */
  async purge(time: number): Promise<void> {
    const transaction = this.#database.transaction(['conversations', 'messages'], 'readwrite')
    for (const { id, removedAt } of await transaction.objectStore('conversations').getAll()) {
      if (removedAt === null || removedAt >= time) continue
      void transaction.objectStore('messages').delete(messageRange(id))
      void transaction.objectStore('conversations').delete(id)
    }
    await transaction.done
  }

  async #setRemovedAt(id: ConversationId, removedAt: number | null): Promise<void> {
    const transaction = this.#database.transaction('conversations', 'readwrite')
    const conversation = await transaction.store.get(id)
    if (conversation) void transaction.store.put({ ...conversation, removedAt })
    await transaction.done
  }
}

/** Thrown inside a transaction, which it aborts; never leaves this file. */
class ConversationGone extends Error {}

function messageRange(id: ConversationId): IDBKeyRange {
  return IDBKeyRange.bound([id, 0], [id, Infinity])
}

async function attempt(write: () => Promise<void>): Promise<Result<void, ChatStorageFailure>> {
  try {
    await write()
    return success(undefined)
  } catch (error) {
    if (error instanceof ConversationGone) return failure({ kind: 'conversation-gone' })
    if (error instanceof DOMException && error.name === 'QuotaExceededError') {
      return failure({ kind: 'storage-full' })
    }
    return failure({ kind: 'storage-failed', detail: error instanceof Error ? error.message : String(error) })
  }
}
