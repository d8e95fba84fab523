import {
  branchesOf,
  branchTo,
  leafWithout,
  newestLeaf,
  removedBefore,
  treeOf,
  type MessageTree,
} from '#core/chat/tree'
import type { ConversationId, ConversationRecord, MessageId, MessageRecord } from '#core/chat/types'
import type { ChatDatabase } from '#data/db/chats'
import { UNDO_MS, type Conversations } from './conversations.svelte'
import type { Drafts } from './drafts.svelte'
import { STORE_INTERVAL_MS } from './write-reply'
import type { WritingLocks } from './writing-locks'

export interface OpenConversationPorts {
  database: ChatDatabase
  draft: Drafts
  writingLocks: WritingLocks
  /** Milliseconds since 1970. */
  now: () => number
}

/** The conversation on the screen: its messages, and the branch of them that is shown. */
export class OpenConversation {
  readonly #ports: OpenConversationPorts
  readonly #conversations: Conversations
  #id = $state.raw<ConversationId | null>(null)
  #tree = $state.raw<MessageTree>(treeOf([]))
  /** Where a branch ended before a message of it was deleted, for the undo, which may come from elsewhere. */
  readonly #leafBefore: Record<string, MessageId | null> = {}
  #visit = 0
  #writtenElsewhere = $state.raw<readonly MessageId[]>([])
  #nextLook: ReturnType<typeof setTimeout> | undefined

  constructor(ports: OpenConversationPorts, conversations: Conversations) {
    this.#ports = ports
    this.#conversations = conversations
  }

  /** Null is one not begun. */
  get id(): ConversationId | null {
    return this.#id
  }

  get record(): ConversationRecord | null {
    return this.#conversations.find(this.#id)
  }

  get tree(): MessageTree {
    return this.#tree
  }

  /** Counts the conversations opened, so that what ends late does not change another's place. */
  get visit(): number {
    return this.#visit
  }

  /** From the first message to `leaf`, or to the end of the branch that was chosen. */
  path(leaf: MessageId | null): readonly MessageRecord[] {
    const chosen = leaf !== null && this.#tree.has(leaf) ? leaf : (this.record?.leaf ?? null)
    // A message that was just stored has not been read yet: until then what was shown stays.
    const unread = chosen !== null && !this.#tree.has(chosen)
    return branchTo(this.#tree, unread ? ([...this.#tree.keys()].at(-1) ?? null) : chosen)
  }

  /** Its replies that another tab is writing; the tree has them from their first words. */
  get writtenElsewhere(): readonly MessageId[] {
    return this.#writtenElsewhere
  }

  branches(id: MessageId): readonly MessageId[] {
    return branchesOf(this.#tree, id)
  }

  async open(wanted: ConversationId | null): Promise<void> {
    const id = this.#conversations.find(wanted)?.id ?? null
    if (id === this.#id) return
    this.#visit += 1
    this.#id = id
    this.#tree = treeOf([])
    this.#writtenElsewhere = []
    await Promise.all([this.#ports.draft.open(id ?? ''), this.read()])
  }

  /** The conversation not begun has begun, under this id. */
  async begin(id: ConversationId): Promise<void> {
    this.#id = id
    await this.#ports.draft.moveTo(id)
  }

  /** Shows the branch that goes through `id`, as far as it was written last. */
  async showBranch(id: MessageId): Promise<void> {
    if (!this.#id) return
    await this.#ports.database.change(this.#id, { leaf: newestLeaf(this.#tree, id) })
    await this.changed()
  }

  /** Deletes a message with what follows it. */
  async removeMessage(id: MessageId): Promise<void> {
    if (!this.#id || !this.#tree.has(id)) return
    this.#leafBefore[`${this.#id} ${id}`] = this.record?.leaf ?? null
    await this.#ports.database.markMessage(this.#id, id, this.#ports.now(), leafWithout(this.#tree, id))
    await this.changed()
  }

  /** Brings a message of `conversation` back, and the branch that it stood in unless that is kept as it is. */
  async undoRemoveMessage(id: MessageId, conversation: ConversationId, keepsBranch: boolean): Promise<void> {
    const leaf = keepsBranch ? undefined : (this.#leafBefore[`${conversation} ${id}`] ?? id)
    await this.#ports.database.markMessage(conversation, id, null, leaf)
    await this.changed()
  }

  /** After a change made here. */
  async changed(): Promise<void> {
    await this.#conversations.changed()
    await this.read()
  }

  /** After a change made in another tab. */
  async follow(): Promise<void> {
    await this.#conversations.refresh()
    if (this.#id && !this.record) await this.open(null)
    else await this.read()
  }

  async read(): Promise<void> {
    const id = this.#id
    // Asked first: what is read then is at least as new.
    const writing = id && (await this.#ports.writingLocks.elsewhere(id))
    const messages = id === null ? [] : await this.#ports.database.messages(id)
    if (this.#id !== id) return
    this.#tree = treeOf(messages)
    this.#followOthers(writing || [])
    if (id) await this.#eraseRemoved(id, messages)
  }

  /** Other tabs tell when a reply begins and ends; while it grows, and for when they are killed, this one looks. */
  #followOthers(writing: readonly MessageId[]): void {
    const isOpen = (id: MessageId) => {
      const reply = this.#tree.get(id)
      return reply?.role !== 'assistant' || reply.finish === 'interrupted'
    }
    this.#writtenElsewhere = writing.filter(isOpen)
    clearTimeout(this.#nextLook)
    if (this.#writtenElsewhere.length > 0)
      this.#nextLook = setTimeout(() => void this.follow().catch(() => undefined), STORE_INTERVAL_MS)
  }

  /** Erases messages whose deletion can no longer be undone, and what followed them. */
  async #eraseRemoved(id: ConversationId, messages: readonly MessageRecord[]): Promise<void> {
    const gone = removedBefore(messages, this.#ports.now() - UNDO_MS)
    if (gone.length > 0) await this.#ports.database.eraseMessages(id, gone)
  }
}
