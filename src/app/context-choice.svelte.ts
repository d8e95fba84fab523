import { conversationOf, lastTurns, summaryRequest } from '#core/chat/context'
import { cutOf, furtherOmission, type ContextCut } from '#core/chat/request'
import type { ContextSummary, ConversationId, ConversationRecord, MessageRecord } from '#core/chat/types'
import type { Engine, EngineFailure } from '#core/engine'
import type { ChatDatabase } from '#data/db/chats'
import type { LoadedModel } from './models.svelte'
import type { Asked, ChatProblem } from './reply-writing.svelte'

export interface ContextChoicePorts {
  database: Pick<ChatDatabase, 'create'>
  engine: Pick<Engine, 'generate'>
  loaded: () => LoadedModel | null
  /** In the language of the interface: what the model is told, and what it reads the two sides as. */
  texts: () => { summaryInstruction: string; summaryUser: string; summaryModel: string }
  newId: () => ConversationId
  /** Milliseconds since 1970. */
  now: () => number
}

/** A summary on its way; `text` grows until the user uses it. */
interface SummaryDraft {
  text: string
  modelName: string
  /** How many of the oldest messages it stands for. */
  omit: number
  isWriting: boolean
  failure: EngineFailure | null
}

/** What can be done when a conversation has outgrown the model's context. Nothing is cut without being asked for. */
export class ContextChoice {
  readonly #ports: ContextChoicePorts
  #summary = $state.raw<SummaryDraft | null>(null)
  #abort = new AbortController()

  constructor(ports: ContextChoicePorts) {
    this.#ports = ports
  }

  get summary(): SummaryDraft | null {
    return this.#summary
  }

  /** How many of the oldest messages have to go; null when the question alone is too long. */
  omission({ branch, cut }: Asked, problem: ChatProblem | null): number | null {
    if (problem?.kind !== 'context') return null
    const { omittedMessages } = cut ?? cutOf(branch)
    return furtherOmission(branch, omittedMessages, problem.promptTokens, problem.contextTokens)
  }

  /** Has the loaded model summarise what would be left out, for the user to read and change. */
  async summarise({ branch, cut }: Asked, omit: number): Promise<void> {
    const loaded = this.#ports.loaded()
    if (!loaded) return
    this.#abort = new AbortController()
    const { signal } = this.#abort
    const texts = this.#ports.texts()
    const sides = {
      instruction: texts.summaryInstruction,
      user: texts.summaryUser,
      model: texts.summaryModel,
    }
    const draft = { text: '', modelName: loaded.model.name, omit, isWriting: true, failure: null }
    this.#summary = draft
    const request = summaryRequest(branch, omit, cut ?? cutOf(branch), sides)
    let text = ''
    const outcome = await this.#ports.engine.generate(
      request,
      (event) => {
        if (event.kind !== 'text') return
        text += event.text
        if (!signal.aborted) this.#summary = { ...draft, text }
      },
      signal,
    )
    if (signal.aborted) return
    this.#summary = outcome.ok
      ? { ...draft, text: outcome.value.text.trim(), isWriting: false }
      : { ...draft, text, isWriting: false, failure: outcome.failure }
  }

  /** The cut that a summary is used in, as the user has left it. */
  cutWith(text: string): ContextCut | null {
    const draft = this.#summary
    const written = text.trim()
    if (!draft || written === '') return null
    const summary: ContextSummary = {
      text: written,
      modelName: draft.modelName,
      edited: written !== draft.text,
    }
    return { omittedMessages: draft.omit, summary }
  }

  /** Ends a summary that is being written, and forgets it. */
  forget(): void {
    this.#abort.abort()
    this.#summary = null
  }

  /** Stores the last turns as a conversation of their own; its id, or null where there was no room. */
  async moveLastTurns(
    branch: readonly MessageRecord[],
    omit: number,
    { title, settings, strategy, origin }: ConversationRecord,
  ): Promise<ConversationId | null> {
    const messages = lastTurns(branch, omit)
    const record = conversationOf(
      {
        ...{ id: this.#ports.newId(), title, settings, origin: origin && { ...origin, reply: null } },
        ...(strategy && { strategy }),
      },
      messages,
      this.#ports.now(),
    )
    const stored = await this.#ports.database.create(record, messages)
    return stored.ok ? record.id : null
  }
}
