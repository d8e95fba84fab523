/** Conversations in IndexedDB. A message's key is its conversation and its id in it. */
import type {
  ChatStorageFailure,
  ConversationId,
  ConversationRecord,
  MessageId,
  MessageRecord,
} from '#core/chat/types'
import { failure, success, type Result } from '#core/result'
import type { SomnusDatabase } from './schema'

type Outcome<Value> = Promise<Result<Value, ChatStorageFailure>>

/** What a user changes in a conversation as a whole. */
export type ConversationChange = Partial<
  Pick<ConversationRecord, 'title' | 'renamed' | 'pinned' | 'leaf' | 'settings' | 'strategy' | 'removedAt'>
>

/**
 * Every change is one transaction that reads what it changes, and ids of messages are taken inside of it: two tabs
 * that write into one conversation lose nothing of each other's.
 */
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

  /** One conversation, also a deleted one. */
  conversation(id: ConversationId): Promise<ConversationRecord | undefined> {
    return this.#database.get('conversations', id)
  }

  /** All messages of all its branches, the earliest first. */
  messages(id: ConversationId): Promise<MessageRecord[]> {
    return this.#database.getAll('messages', messageRange(id))
  }

  /** Stores a new conversation with its messages, all or nothing. */
  create(conversation: ConversationRecord, messages: readonly MessageRecord[]): Outcome<void> {
    return attempt(async () => {
      const transaction = this.#database.transaction(['conversations', 'messages'], 'readwrite', {
        durability: 'strict',
      })
      const store = transaction.objectStore('messages')
      await Promise.all([
        transaction.objectStore('conversations').add(conversation),
        ...messages.map((message) => store.add(message, [conversation.id, message.id])),
        transaction.done,
      ])
    })
  }

  /** Stores a message under the next free id, as the end of the branch shown. */
  append<Message extends MessageRecord>(id: ConversationId, message: Omit<Message, 'id'>): Outcome<Message> {
    return attempt(async () => {
      const transaction = this.#database.transaction(['conversations', 'messages'], 'readwrite')
      const conversation = await presentIn(transaction.objectStore('conversations'), id)
      if (conversation.removedAt !== null) throw new ConversationGone()
      const { nextMessage, updatedAt } = conversation
      const stored = { ...message, id: nextMessage } as Message
      await Promise.all([
        transaction.objectStore('conversations').put({
          ...conversation,
          updatedAt: Math.max(updatedAt, message.at),
          leaf: stored.id,
          nextMessage: nextMessage + 1,
        }),
        transaction.objectStore('messages').put(stored, [id, stored.id]),
        transaction.done,
      ])
      return stored
    })
  }

  /** An id for a message that is stored later, or never. */
  reserve(id: ConversationId): Outcome<MessageId> {
    return attempt(async () => {
      const transaction = this.#database.transaction('conversations', 'readwrite')
      const conversation = await presentIn(transaction.store, id)
      const reserved = conversation.nextMessage
      await transaction.store.put({ ...conversation, nextMessage: reserved + 1 })
      await transaction.done
      return reserved
    })
  }

  /**
   * Stores a message of a reserved id, or in place of its earlier state. The first time it becomes the end of the
   * branch shown, unless the user has gone to another than `leafBefore` meanwhile.
   */
  put(id: ConversationId, message: MessageRecord, leafBefore?: MessageId | null): Outcome<void> {
    return attempt(async () => {
      const transaction = this.#database.transaction(['conversations', 'messages'], 'readwrite')
      const conversations = transaction.objectStore('conversations')
      const messages = transaction.objectStore('messages')
      const conversation = await presentIn(conversations, id)
      const earlier = await messages.get([id, message.id])
      const leaf = !earlier && conversation.leaf === leafBefore ? message.id : conversation.leaf
      // Another tab may have deleted it while it grows.
      const removedAt = earlier?.removedAt ?? message.removedAt
      const updatedAt = Math.max(conversation.updatedAt, message.at)
      await Promise.all([
        conversations.put({ ...conversation, leaf, updatedAt }),
        messages.put({ ...message, removedAt }, [id, message.id]),
        transaction.done,
      ])
    })
  }

  /** Changes what belongs to the conversation as a whole; false when it is gone. */
  async change(id: ConversationId, change: ConversationChange): Promise<boolean> {
    const transaction = this.#database.transaction('conversations', 'readwrite')
    const conversation = await transaction.store.get(id)
    if (conversation) void transaction.store.put({ ...conversation, ...change })
    await transaction.done
    return conversation !== undefined
  }

  /**
   * Hides a message with what follows it, or shows it again (`removedAt` null), and sets the branch shown; undefined
   * leaves that as it is.
   */
  async markMessage(
    id: ConversationId,
    message: MessageId,
    removedAt: number | null,
    leaf: MessageId | null | undefined,
  ): Promise<void> {
    const transaction = this.#database.transaction(['conversations', 'messages'], 'readwrite')
    const conversations = transaction.objectStore('conversations')
    const messages = transaction.objectStore('messages')
    const [conversation, stored] = await Promise.all([conversations.get(id), messages.get([id, message])])
    if (conversation && stored) {
      void messages.put({ ...stored, removedAt }, [id, message])
      if (leaf !== undefined) void conversations.put({ ...conversation, leaf })
    }
    await transaction.done
  }

  /** Erases the conversations that were removed before `time`, and their drafts. */
  async purge(time: number): Promise<void> {
    const transaction = this.#database.transaction(['conversations', 'messages', 'drafts'], 'readwrite')
    for (const { id, removedAt } of await transaction.objectStore('conversations').getAll()) {
      if (removedAt === null || removedAt >= time) continue
      void transaction.objectStore('messages').delete(messageRange(id))
      void transaction.objectStore('drafts').delete(id)
      void transaction.objectStore('conversations').delete(id)
    }
    await transaction.done
  }

  /** Erases the given messages of a conversation. */
  async eraseMessages(id: ConversationId, messages: readonly MessageId[]): Promise<void> {
    const transaction = this.#database.transaction('messages', 'readwrite')
    for (const message of messages) void transaction.store.delete([id, message])
    await transaction.done
  }
}

/** Thrown inside a transaction, which it aborts; never leaves this file. */
class ConversationGone extends Error {}

async function presentIn(
  conversations: { get(id: ConversationId): Promise<ConversationRecord | undefined> },
  id: ConversationId,
): Promise<ConversationRecord> {
  const conversation = await conversations.get(id)
  if (!conversation) throw new ConversationGone()
  return conversation
}

function messageRange(id: ConversationId): IDBKeyRange {
  return IDBKeyRange.bound([id, 0], [id, Infinity])
}

async function attempt<Value>(write: () => Promise<Value>): Outcome<Value> {
  try {
    return success(await write())
  } catch (error) {
    if (error instanceof ConversationGone) return failure({ kind: 'conversation-gone' })
    if (error instanceof DOMException && error.name === 'QuotaExceededError') {
      return failure({ kind: 'storage-full' })
    }
    return failure({ kind: 'storage-failed', detail: error instanceof Error ? error.message : String(error) })
  }
}
