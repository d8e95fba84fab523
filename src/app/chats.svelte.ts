import { editedReply } from '#core/chat/partial-reply'
import { cutOf } from '#core/chat/request'
import type { MessageTree } from '#core/chat/tree'
import type { SamplingStrategy } from '#core/chat/sampling'
import type {
  AssistantMessage,
  ChatSettings,
  ConversationId,
  ConversationRecord,
  MessageId,
  MessageRecord,
} from '#core/chat/types'
import type { Strategy } from '#core/strategy/types'
import { Asking, type AskingPorts } from './asking'
import { ConversationSettings, type ConversationSettingsPorts } from './conversation-settings.svelte'
import { ContextChoice, type ContextChoicePorts } from './context-choice.svelte'
import { ContextOverflow } from './context-overflow'
import { Conversations, type ConversationsPorts } from './conversations.svelte'
import type { Drafts } from './drafts.svelte'
import { OpenConversation, type OpenConversationPorts } from './open-conversation.svelte'
import { ReplyWriting, resumption, type ChatProblem, type ReplyWritingPorts } from './reply-writing.svelte'

export type { ChatProblem } from './reply-writing.svelte'

export type ChatsPorts = ConversationsPorts &
  OpenConversationPorts &
  ReplyWritingPorts &
  ConversationSettingsPorts &
  ContextChoicePorts &
  AskingPorts

/** The conversations, the open one, and the reply being written. One reply is written at a time. */
export class Chats {
  readonly #ports: ChatsPorts
  readonly #conversations: Conversations
  readonly #open: OpenConversation
  readonly #writing: ReplyWriting
  readonly #asking: Asking
  /** How replies are asked for in conversations that do not say, or have not begun. */
  readonly settings: ConversationSettings
  /** What can be done when the open conversation does not fit the model, */
  readonly context: ContextChoice
  /** and the ways on then. */
  readonly overflow: ContextOverflow
  readonly #stored = $derived.by(() =>
    this.#open.path(this.answering ? (this.#writing.now?.after ?? null) : null),
  )
  readonly #path = $derived.by(() => {
    const unstored = this.#writing.unstoredOf(this.openId)
    const before = this.#stored.filter(({ id }) => id !== unstored?.id)
    return unstored && before.at(-1)?.id === unstored.parent ? [...before, unstored] : this.#stored
  })

  constructor(ports: ChatsPorts) {
    this.#ports = ports
    this.#conversations = new Conversations(ports)
    this.#open = new OpenConversation(ports, this.#conversations)
    this.#writing = new ReplyWriting(ports)
    this.settings = new ConversationSettings(ports)
    this.context = new ContextChoice(ports)
    this.#asking = new Asking(ports, {
      ...{ conversations: this.#conversations, open: this.#open, writing: this.#writing },
      ...{ settings: this.settings, context: this.context },
    })
    this.overflow = new ContextOverflow({
      ...{ context: this.context, writing: this.#writing, asking: this.#asking },
      problem: () => this.problem,
      goOnIn: async (id) => {
        await this.#conversations.changed()
        await this.open(id)
        await this.retry()
      },
    })
    // A tab whose database was closed for a newer version says so; it has nothing to follow.
    ports.channel.hear(() => void this.#open.follow().catch(() => undefined))
  }

  /** What the user is typing. */
  get draft(): Drafts {
    return this.#ports.draft
  }

  /** Pinned ones first, then the last changed. */
  get list(): readonly ConversationRecord[] {
    return this.#conversations.list
  }

  /** The open conversation; null is one not begun. */
  get openId(): ConversationId | null {
    return this.#open.id
  }

  get conversation(): ConversationRecord | null {
    return this.#open.record
  }

  /** All messages of the open conversation, by id. */
  get tree(): MessageTree {
    return this.#open.tree
  }

  /**
   * The branch that is shown, from its first message to its last, without the reply being written. A reply that could
   * not be stored is its end until something else is asked.
   */
  get path(): readonly MessageRecord[] {
    return this.#path
  }

  /** Replies of the open conversation that another tab is writing. */
  get writtenElsewhere(): readonly MessageId[] {
    return this.#open.writtenElsewhere
  }

  /** The last question of the branch shown is being answered by another tab, which has no word yet. */
  get awaited(): boolean {
    const isAsked = this.#stored.at(-1)?.role === 'user'
    return isAsked && this.writtenElsewhere.some((id) => !this.tree.has(id))
  }

  /** The messages that stand beside one of the open conversation, itself among them, the earliest first. */
  branches(id: MessageId): readonly MessageId[] {
    return this.#open.branches(id)
  }

  /** True from a question to the end of its reply, in whichever conversation. */
  get busy(): boolean {
    return this.#writing.now !== null
  }

  /** The conversation that a reply is being written in. */
  get writingId(): ConversationId | null {
    return this.#writing.now?.conversation ?? null
  }

  /** The reply under way belongs to the open conversation. */
  get answering(): boolean {
    return this.busy && this.writingId === this.openId
  }

  /** The reply as far as it is written in the open conversation; null before its first word. */
  get reply(): AssistantMessage | null {
    return this.answering ? this.#writing.reply : null
  }

  get problem(): ChatProblem | null {
    return this.#writing.problemOf(this.openId)
  }

  /** The last question of the branch shown has no reply, so it can be asked again. */
  get canRetry(): boolean {
    return !this.busy && !this.awaited && this.#stored.at(-1)?.role === 'user'
  }

  /** The reply that ended last, to be announced. */
  get finished(): AssistantMessage | null {
    return this.#writing.finished
  }

  /** Reads list and draft, and erases what was deleted in earlier visits. */
  async restore(): Promise<void> {
    await this.draft.open('')
    await this.settings.restore()
    await this.#conversations.restore()
  }

  /** After conversations were stored here without this store, by an import. */
  changed(): Promise<void> {
    return this.#conversations.changed()
  }

  /** Opens a stored conversation, or a new one with null or an unknown id. */
  open(id: ConversationId | null): Promise<void> {
    if (id !== this.openId) {
      this.settings.forgetFresh()
      this.context.forget()
    }
    return this.#open.open(id)
  }

  /** Stores the question, then asks the model. False when it could not be stored: what was typed is kept. */
  async send(text: string): Promise<boolean> {
    const sent = await this.#asking.ask(text.trim(), this.#stored.at(-1)?.id ?? null)
    if (sent && this.draft.text === text) {
      this.draft.text = ''
      // At once: a tab killed now would come back with a question that is already asked.
      await this.draft.flush()
    }
    return sent
  }

  /** Has the reply `id` written anew, or a reply to the question `id`, as another branch. */
  async regenerate(id: MessageId): Promise<void> {
    const message = this.tree.get(id)
    if (message?.role === 'user') await this.#asking.answer(id)
    else if (message) await this.#asking.answer(message.parent, { cut: cutOf([message]) })
  }

  /** Lets the model go on from the end of the reply `id`. */
  async continueReply(id: MessageId): Promise<void> {
    const message = this.tree.get(id)
    if (message?.role !== 'assistant') return
    await this.#asking.answer(message.parent, { continued: message, cut: cutOf([message]) })
  }

  /** Draws the replies that the reply `id` lacks, or scores those that it has for another strategy. */
  async drawRest(id: MessageId, strategy?: SamplingStrategy): Promise<void> {
    const message = this.tree.get(id)
    if (message?.role === 'assistant')
      await this.#asking.answer(message.parent, resumption(message, strategy))
  }

  /**
   * Stores `text` as another branch beside the message `id`; a question is asked at once. False when it could not be
   * stored.
   */
  async edit(id: MessageId, text: string): Promise<boolean> {
    const message = this.tree.get(id)
    if (message?.role === 'user') return this.#asking.ask(text.trim(), message.parent)
    if (!message || !this.openId || this.answering || text.trim() === '') return false
    const edited = editedReply(message, text, this.#ports.now())
    const stored = await this.#ports.database.append<AssistantMessage>(this.openId, edited)
    if (stored.ok) await this.#open.changed()
    else this.#writing.tell(this.openId, { kind: 'storage', failure: stored.failure })
    return stored.ok
  }

  /** Shows the branch that goes through `id`, as far as it was written last. */
  async showBranch(id: MessageId): Promise<void> {
    if (!this.answering) await this.#open.showBranch(id)
  }

  /** Deletes a message with what follows it; `undoRemoveMessage` brings it back. */
  async removeMessage(id: MessageId): Promise<void> {
    if (!this.answering) await this.#open.removeMessage(id)
  }

  /** `conversation` need not be the open one any more. One that a reply is being written in keeps its branch. */
  async undoRemoveMessage(id: MessageId, conversation = this.openId): Promise<void> {
    if (conversation) await this.#open.undoRemoveMessage(id, conversation, this.writingId === conversation)
  }

  /** Asks the last question again. */
  async retry(): Promise<void> {
    const last = this.#stored.at(-1)
    if (this.canRetry && last) await this.#asking.answer(last.id)
  }

  stop(): void {
    this.#writing.stop()
  }

  rename(id: ConversationId, title: string): Promise<void> {
    return this.#conversations.rename(id, title)
  }

  pin(id: ConversationId, pinned: boolean): Promise<void> {
    return this.#conversations.change(id, { pinned })
  }

  /** The id of the copy, which is named `title`; null when it could not be stored. */
  duplicate(id: ConversationId, title: string): Promise<ConversationId | null> {
    return this.#conversations.duplicate(id, title)
  }

  /** Deletes a conversation; `undoRemove` brings it back. */
  async remove(id: ConversationId): Promise<void> {
    if (this.writingId === id) this.stop()
    await this.#conversations.remove(id)
    if (this.openId === id) await this.open(null)
  }

  undoRemove(id: ConversationId): Promise<void> {
    return this.#conversations.undoRemove(id)
  }

  /** How replies are asked for in a conversation; null is one not begun. */
  settingsOf(conversation: ConversationRecord | null): ChatSettings {
    return this.settings.of(conversation)
  }

  /** The open conversation says nothing of its settings. */
  get usesSuited(): boolean {
    return (this.conversation ? this.conversation.settings : this.settings.fresh) === null
  }

  /** For the next replies in the open conversation; null: those that suit the loaded model. */
  async changeSettings(settings: ChatSettings | null): Promise<void> {
    if (this.openId) await this.#conversations.change(this.openId, { settings })
    else this.settings.changeFresh(settings)
  }

  /** For the next questions in the open conversation. */
  async changeStrategy(strategy: Strategy): Promise<void> {
    if (this.openId) await this.#conversations.change(this.openId, { strategy })
    else this.settings.changeFreshStrategy(strategy)
  }
}
