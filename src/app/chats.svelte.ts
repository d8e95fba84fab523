import { startReply } from '#core/chat/partial-reply'
import { CHAT_MAX_TOKENS, chatRequest, furtherOmission, GREEDY, SAMPLED, titleOf } from '#core/chat/request'
import type {
  AssistantMessage,
  ChatStorageFailure,
  ConversationId,
  ConversationRecord,
  MessageRecord,
} from '#core/chat/types'
import type { Engine, EngineFailure } from '#core/engine'
import type { ChatDatabase } from '#data/db/chats'
import type { Draft } from './draft.svelte'
import type { LoadedModel } from './models.svelte'
import { writeReply } from './write-reply'

/** Why the last question has no complete reply. */
export type ChatProblem =
  | { kind: 'engine'; failure: EngineFailure }
  | { kind: 'storage'; failure: ChatStorageFailure }
  /** `canOmit`: leaving out the oldest messages would help. */
  | { kind: 'context'; promptTokens: number; contextTokens: number; canOmit: boolean }

export interface ChatsPorts {
  database: ChatDatabase
  draft: Draft
  engine: Pick<Engine, 'generate'>
  loaded: () => LoadedModel | null
  /** The system message for a downloaded model, in the language of the interface. */
  systemMessage: () => string
  /** Milliseconds since 1970. */
  now: () => number
  newId: () => ConversationId
  /** A non-negative integer for the sampler. */
  newSeed: () => number
}

/** A deletion can be undone for a day, so that no undo runs out while someone reads; then the next visit erases it. */
const UNDO_MS = 24 * 60 * 60 * 1000

const NEW_CONVERSATION = {
  renamed: false,
  pinned: false,
  leaf: 0,
  nextMessage: 1,
  settings: null,
  origin: null,
} as const

/** A reply under way, in a conversation that need not be the open one. */
interface Writing {
  conversation: ConversationId
  /** Where its reply is stored; the messages before it are the question and its history. */
  position: number
  reply: AssistantMessage | null
}

/** The conversations, the open one, and the reply being written. One reply is written at a time. */
export class Chats {
  readonly #ports: ChatsPorts
  #list = $state.raw<readonly ConversationRecord[]>([])
  #openId = $state.raw<ConversationId | null>(null)
  #messages = $state.raw<readonly MessageRecord[]>([])
  #writing = $state.raw<Writing | null>(null)
  #problem = $state.raw<{ conversation: ConversationId | null; problem: ChatProblem } | null>(null)
  #finished = $state.raw<AssistantMessage | null>(null)
  #abort = new AbortController()

  constructor(ports: ChatsPorts) {
    this.#ports = ports
  }

  /** What the user is typing. */
  get draft(): Draft {
    return this.#ports.draft
  }

  /** The last changed first. */
  get list(): readonly ConversationRecord[] {
    return this.#list
  }

  /** The open conversation; null is one not begun. */
  get openId(): ConversationId | null {
    return this.#openId
  }

  /** The messages of the open conversation, without the reply being written. */
  get messages(): readonly MessageRecord[] {
    return this.#messages
  }

  /** True from a question to the end of its reply, in whichever conversation. */
  get busy(): boolean {
    return this.#writing !== null
  }

  /** The conversation that a reply is being written in. */
  get writingId(): ConversationId | null {
    return this.#writing?.conversation ?? null
  }

  /** The reply under way belongs to the open conversation. */
  get answering(): boolean {
    return this.#writing !== null && this.#writing.conversation === this.#openId
  }

  /** The reply as far as it is written in the open conversation; null before its first word. */
  get reply(): AssistantMessage | null {
    return this.answering ? (this.#writing?.reply ?? null) : null
  }

  get problem(): ChatProblem | null {
    return this.#problem?.conversation === this.#openId ? this.#problem.problem : null
  }

  /** The last question of the open conversation has no reply, so it can be asked again. */
  get canRetry(): boolean {
    return !this.busy && this.#messages.at(-1)?.role === 'user'
  }

  /** The reply that ended last, to be announced. */
  get finished(): AssistantMessage | null {
    return this.#finished
  }

  /** Reads list and draft, and erases what was deleted in earlier visits. */
  async restore(): Promise<void> {
    await this.#ports.draft.restore()
    await this.#ports.database.purge(this.#ports.now() - UNDO_MS)
    await this.#refreshList()
  }

  /** Opens a stored conversation, or a new one with null or an unknown id. */
  async open(wanted: ConversationId | null): Promise<void> {
    const id = this.#list.some((conversation) => conversation.id === wanted) ? wanted : null
    if (id === this.#openId) return
    this.#openId = id
    this.#messages = []
    await this.#readMessages()
  }

  /** Stores the question, then asks the model. False when it could not be stored: keep what was typed. */
  async send(text: string): Promise<boolean> {
    const question = text.trim()
    if (this.busy || question === '' || !this.#ports.loaded()) return false
    const id = this.#openId ?? this.#ports.newId()
    const earlier = this.#messages
    // Set before anything is awaited, so that a second Enter finds the chat busy.
    this.#begin(id, earlier.length + 1)
    const at = this.#ports.now()
    const parent = earlier.at(-1)?.id ?? null
    const message = { role: 'user', id: earlier.length, parent, text: question, at, removedAt: null } as const
    const { database } = this.#ports
    const stored = this.#openId
      ? await database.put(id, message)
      : await database.create(
          {
            id,
            title: titleOf(question),
            createdAt: at,
            updatedAt: at,
            removedAt: null,
            ...NEW_CONVERSATION,
          },
          message,
        )
    if (!stored.ok) {
      this.#writing = null
      this.#problem = { conversation: this.#openId, problem: { kind: 'storage', failure: stored.failure } }
      return false
    }
    // A conversation begun here stays open unless the user went elsewhere meanwhile.
    if (this.#openId === null && earlier === this.#messages) this.#openId = id
    const messages = [...earlier, message]
    if (this.#openId === id) this.#messages = messages
    await this.#refreshList()
    void this.#answer(id, messages, omission(messages))
    return true
  }

  /** Asks the last question again. */
  async retry(): Promise<void> {
    if (this.canRetry && this.#openId) await this.#again(this.#openId, omission(this.#messages))
  }

  /** After a context overflow: asks again without the oldest messages, and so on in this conversation. */
  async retryWithoutOldest(): Promise<void> {
    const { problem } = this
    if (!this.canRetry || !this.#openId || problem?.kind !== 'context') return
    const omit = furtherOmission(
      this.#messages,
      omission(this.#messages),
      problem.promptTokens,
      problem.contextTokens,
    )
    if (omit !== null) await this.#again(this.#openId, omit)
  }

  stop(): void {
    this.#abort.abort()
  }

  /** Deletes a conversation; `undoRemove` brings it back. */
  async remove(id: ConversationId): Promise<void> {
    if (this.#writing?.conversation === id) this.stop()
    await this.#ports.database.remove(id, this.#ports.now())
    if (this.#openId === id) await this.open(null)
    await this.#refreshList()
  }

  async undoRemove(id: ConversationId): Promise<void> {
    await this.#ports.database.restore(id)
    await this.#refreshList()
  }

  #begin(conversation: ConversationId, position: number): void {
    this.#abort = new AbortController()
    this.#problem = null
    this.#writing = { conversation, position, reply: null }
  }

  async #again(id: ConversationId, omit: number): Promise<void> {
    this.#begin(id, this.#messages.length)
    await this.#answer(id, this.#messages, omit)
  }

  async #answer(id: ConversationId, messages: readonly MessageRecord[], omit: number): Promise<void> {
    try {
      const loaded = this.#ports.loaded()
      const problem: ChatProblem | null = loaded
        ? await this.#write(loaded, messages, omit, id)
        : { kind: 'engine', failure: { kind: 'not-loaded' } }
      if (problem) this.#problem = { conversation: id, problem }
      else this.#finished = this.#writing?.reply ?? null
      await this.#refreshList()
      const stored = this.#openId === id ? await this.#ports.database.messages(id) : null
      if (stored && this.#openId === id) this.#messages = stored
    } finally {
      this.#writing = null
    }
  }

  /** Asks, and on an overflow asks again with less, where leaving messages out has been agreed to. */
  async #write(
    loaded: LoadedModel,
    messages: readonly MessageRecord[],
    omit: number,
    conversation: ConversationId,
  ): Promise<ChatProblem | null> {
    const { model, variant, description } = loaded
    const position = messages.length
    const { database, engine, now } = this.#ports
    const builtIn = model.availability.kind === 'built-in'
    const settings = {
      preset: null,
      // The built-in model was trained with the system message of its own template.
      system: builtIn ? null : this.#ports.systemMessage(),
      ...(builtIn ? GREEDY : SAMPLED),
      maxTokens: CHAT_MAX_TOKENS,
      seed: this.#ports.newSeed(),
    }
    const request = chatRequest(messages, { ...settings, omit })
    const place = { id: position, parent: position - 1 }
    const origin = {
      ...place,
      at: now(),
      modelName: model.name,
      quantization: variant.quantization,
      engine: description,
      settings,
      omittedMessages: omit,
    }
    const failure = await writeReply(
      startReply(origin),
      request,
      {
        engine,
        now,
        store: (reply) => database.put(conversation, reply),
        show: (reply) => (this.#writing = { conversation, position, reply }),
      },
      this.#abort.signal,
    )
    if (failure?.kind !== 'engine' || failure.failure.kind !== 'context-exceeded') return failure
    const { promptTokens, contextTokens } = failure.failure
    const further = furtherOmission(messages, omit, promptTokens, contextTokens)
    if (omit > 0 && further !== null && !this.#abort.signal.aborted) {
      return this.#write(loaded, messages, further, conversation)
    }
    return { kind: 'context', promptTokens, contextTokens, canOmit: further !== null }
  }

  async #readMessages(): Promise<void> {
    const id = this.#openId
    const messages = id === null ? [] : await this.#ports.database.messages(id)
    if (this.#openId !== id) return
    this.#messages = this.#writing?.conversation === id ? messages.slice(0, this.#writing.position) : messages
  }

  async #refreshList(): Promise<void> {
    this.#list = await this.#ports.database.list()
  }
}

/** Once the user agreed to leave out messages, a conversation goes on like that. */
function omission(messages: readonly MessageRecord[]): number {
  const last = messages.findLast((message) => message.role === 'assistant')
  return last?.omittedMessages ?? 0
}
