/** From a question to its reply: what is stored, what the model is asked with, and who writes. */
import { titleOf } from '#core/chat/request'
import { branchTo, treeOf } from '#core/chat/tree'
import type { ChatStorageFailure, ConversationId, MessageId, MessageRecord } from '#core/chat/types'
import { success, type Result } from '#core/result'
import type { ChatDatabase } from '#data/db/chats'
import type { ContextChoice } from './context-choice.svelte'
import type { ConversationSettings } from './conversation-settings.svelte'
import type { Conversations } from './conversations.svelte'
import type { LoadedModel } from './models.svelte'
import type { OpenConversation } from './open-conversation.svelte'
import type { Asked, ReplyWriting } from './reply-writing.svelte'
import type { WritingLocks } from './writing-locks'

export interface AskingPorts {
  database: ChatDatabase
  writingLocks: Pick<WritingLocks, 'hold'>
  channel: { tell: () => void }
  loaded: () => LoadedModel | null
  newId: () => ConversationId
  /** Milliseconds since 1970. */
  now: () => number
}

/** The parts of the chat that asking moves. */
export interface AskingParts {
  conversations: Conversations
  open: OpenConversation
  writing: ReplyWriting
  settings: ConversationSettings
  context: ContextChoice
}

export class Asking {
  readonly #ports: AskingPorts
  readonly #parts: AskingParts

  constructor(ports: AskingPorts, parts: AskingParts) {
    this.#ports = ports
    this.#parts = parts
  }

  /**
   * Stores a question after `parent`, in a new conversation where none is open, and has it answered. False when it could
   * not be stored.
   */
  async ask(question: string, parent: MessageId | null): Promise<boolean> {
    const { conversations, open, writing } = this.#parts
    const { database, loaded, newId, now } = this.#ports
    if (question === '' || writing.now !== null || !loaded()) return false
    const opened = open.id
    const { visit } = open
    const id = opened ?? newId()
    // Before anything is awaited, so that a second Enter finds the chat busy.
    this.#begin(id)
    const message = { role: 'user', parent, text: question, at: now(), removedAt: null } as const
    const stored = opened ? await database.append(id, message) : await this.#create(id, message)
    if (!stored.ok) {
      writing.fail(opened, { kind: 'storage', failure: stored.failure })
      return false
    }
    await conversations.changed()
    // A conversation begun here stays open unless the user went elsewhere meanwhile.
    if (!opened && open.visit === visit) await open.begin(id)
    await open.read()
    const asked = await this.#order(id, stored.value.id)
    if (asked) void this.#write(asked)
    return true
  }

  /** Has a stored question of the open conversation answered. `how`: what is otherwise than for a first reply. */
  async answer(after: MessageId | null, how: Partial<Asked> = {}): Promise<void> {
    const { open, writing } = this.#parts
    const { id } = open
    if (after === null || writing.now !== null || !id || !this.#ports.loaded()) return
    this.#begin(id)
    const asked = await this.#order(id, after)
    if (asked) await this.#write({ ...asked, ...how })
  }

  async #create(
    id: ConversationId,
    message: Omit<MessageRecord & { role: 'user' }, 'id'>,
  ): Promise<Result<MessageRecord, ChatStorageFailure>> {
    const { settings } = this.#parts
    const first = { ...message, id: 0 }
    const conversation = { id, title: titleOf(message.text), renamed: false, pinned: false, removedAt: null }
    const times = { createdAt: message.at, updatedAt: message.at }
    const place = { leaf: 0, nextMessage: 1, settings: settings.fresh, origin: null, imported: null }
    const strategy = settings.strategyOf(null)
    const record = { ...conversation, ...times, ...place, ...(strategy && { strategy }) }
    const stored = await this.#ports.database.create(record, [first])
    return stored.ok ? success(first) : stored
  }

  /** A summary that is being written would keep the engine from the reply. */
  #begin(id: ConversationId): void {
    this.#parts.context.forget()
    this.#parts.writing.begin(id)
  }

  /** What is needed to have a question answered; null where it cannot be, which is told. */
  async #order(id: ConversationId, after: MessageId): Promise<Asked | null> {
    const { conversations, open, settings, writing } = this.#parts
    const conversation = conversations.find(id)
    // The conversation may have been left, or left and not been read again yet.
    const isRead = open.id === id && open.tree.has(after)
    const tree = isRead ? open.tree : treeOf(await this.#ports.database.messages(id))
    const reserved = await this.#ports.database.reserve(id)
    if (!conversation || !reserved.ok) {
      const failure = reserved.ok ? ({ kind: 'conversation-gone' } as const) : reserved.failure
      writing.fail(id, { kind: 'storage', failure })
      return null
    }
    const asked = { conversation, branch: branchTo(tree, after), id: reserved.value }
    const how = { settings: settings.of(conversation), strategy: settings.strategyOf(conversation) }
    return { ...asked, ...how, continued: null, cut: null, resumed: null }
  }

  #write(asked: Asked): Promise<void> {
    const { writingLocks, channel } = this.#ports
    const { open, writing } = this.#parts
    const written = writing.write(asked, () => open.changed())
    return writingLocks.hold(asked.conversation.id, asked.id, written, () => channel.tell())
  }
}
