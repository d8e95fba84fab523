import { titleOf } from '#core/chat/request'
import type { ConversationId, ConversationRecord } from '#core/chat/types'
import type { ChatDatabase } from '#data/db/chats'

/** Tells other tabs that conversations changed, and hears it from them. */
export interface ChatChannel {
  tell(): void
  hear(listener: () => void): void
}

export interface ConversationsPorts {
  database: ChatDatabase
  channel: ChatChannel
  /** Milliseconds since 1970. */
  now: () => number
  newId: () => ConversationId
}

/** A deletion can be undone for a day, so that no undo runs out while someone reads; then the next visit erases it. */
export const UNDO_MS = 24 * 60 * 60 * 1000

/** All conversations, without their messages. */
export class Conversations {
  readonly #ports: ConversationsPorts
  #list = $state.raw<readonly ConversationRecord[]>([])

  constructor(ports: ConversationsPorts) {
    this.#ports = ports
  }

  /** Pinned ones first, then the last changed. */
  get list(): readonly ConversationRecord[] {
    return this.#list
  }

  find(id: ConversationId | null): ConversationRecord | null {
    return this.#list.find((conversation) => conversation.id === id) ?? null
  }

  /** Reads the list and erases what was deleted in earlier visits. */
  async restore(): Promise<void> {
    await this.#ports.database.purge(this.#ports.now() - UNDO_MS)
    await this.refresh()
  }

  async refresh(): Promise<void> {
    const all = await this.#ports.database.list()
    this.#list = [...all.filter(({ pinned }) => pinned), ...all.filter(({ pinned }) => !pinned)]
  }

  /** After a change made here. */
  async changed(): Promise<void> {
    this.#ports.channel.tell()
    await this.refresh()
  }

  async rename(id: ConversationId, title: string): Promise<void> {
    const wanted = titleOf(title)
    if (wanted !== '') await this.change(id, { title: wanted, renamed: true })
  }

  async change(id: ConversationId, change: Parameters<ChatDatabase['change']>[1]): Promise<void> {
    await this.#ports.database.change(id, change)
    await this.changed()
  }

  /** A copy with all its branches, named `title`; null when there is nothing to copy, or no room. */
  async duplicate(id: ConversationId, title: string): Promise<ConversationId | null> {
    const { database, newId, now } = this.#ports
    const [conversation, messages] = await Promise.all([database.conversation(id), database.messages(id)])
    if (!conversation) return null
    const at = now()
    const copy = { ...conversation, id: newId(), title, createdAt: at, updatedAt: at, pinned: false }
    const stored = await database.create(copy, messages)
    await this.changed()
    return stored.ok ? copy.id : null
  }

  async remove(id: ConversationId): Promise<void> {
    await this.change(id, { removedAt: this.#ports.now() })
  }

  async undoRemove(id: ConversationId): Promise<void> {
    await this.change(id, { removedAt: null })
  }
}
