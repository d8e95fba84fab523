import { cutOf, type ContextCut } from '#core/chat/request'
import type { SamplingStrategy } from '#core/chat/sampling'
import type {
  AssistantMessage,
  ChatSettings,
  ChatStorageFailure,
  ConversationId,
  ConversationRecord,
  MessageId,
  MessageRecord,
} from '#core/chat/types'
import type { Engine, EngineFailure } from '#core/engine'
import type { ChatDatabase } from '#data/db/chats'
import { askReply, type ContextProblem } from './ask-reply'
import type { LoadedModel } from './models.svelte'

/** Why the last question has no complete reply. */
export type ChatProblem =
  | { kind: 'engine'; failure: EngineFailure }
  | { kind: 'storage'; failure: ChatStorageFailure }
  | ContextProblem

export interface ReplyWritingPorts {
  database: ChatDatabase
  engine: Pick<Engine, 'generate' | 'scoreLetters'>
  loaded: () => LoadedModel | null
  /** In the language of the interface: what goes before a summary. */
  texts: () => { summaryTitle: string }
  /** Milliseconds since 1970. */
  now: () => number
  /** A non-negative integer for the sampler. */
  newSeed: () => number
}

/** What a reply is asked for with. */
export interface Asked {
  conversation: ConversationRecord
  /** From the first message to the question. */
  branch: readonly MessageRecord[]
  /** Of the reply. */
  id: MessageId
  settings: ChatSettings
  /** The reply that it goes on from. */
  continued: AssistantMessage | null
  /** Null: what the branch was cut by before. */
  cut: ContextCut | null
  /** How one of several replies is chosen; null for one. */
  strategy: SamplingStrategy | null
  /** The reply that more samples are drawn for. */
  resumed: AssistantMessage | null
}

/**
 * To draw the samples that a reply lacks, as those that it has were drawn. `strategy`: how it is chosen from now on,
 * where that changes.
 */
export function resumption(reply: AssistantMessage, strategy = reply.sampling?.strategy): Partial<Asked> {
  const { id, settings } = reply
  const how = { id, resumed: reply, cut: cutOf([reply]), strategy: strategy ?? null }
  return settings ? { ...how, settings } : how
}

/** Where a reply is under way. */
interface Writing {
  conversation: ConversationId
  /** The question that it follows; null until that is stored. */
  after: MessageId | null
}

/** The one reply that is being written, in a conversation that need not be the open one. */
export class ReplyWriting {
  readonly #ports: ReplyWritingPorts
  #writing = $state.raw<Writing | null>(null)
  // Apart from the above, so that what does not show its text stays as it is while it grows.
  #reply = $state.raw<AssistantMessage | null>(null)
  #problem = $state.raw<{
    conversation: ConversationId | null
    problem: ChatProblem
    asked: Asked | null
  } | null>(null)
  #finished = $state.raw<AssistantMessage | null>(null)
  #unstored = $state.raw<{ conversation: ConversationId; reply: AssistantMessage } | null>(null)
  #abort = new AbortController()

  constructor(ports: ReplyWritingPorts) {
    this.#ports = ports
  }

  get now(): Writing | null {
    return this.#writing
  }

  /** As far as it is written; null before its first word. */
  get reply(): AssistantMessage | null {
    return this.#reply
  }

  /** The reply that ended last. */
  get finished(): AssistantMessage | null {
    return this.#finished
  }

  /** The last reply, where there was no room for it. */
  unstoredOf(conversation: ConversationId | null): AssistantMessage | null {
    return this.#unstored?.conversation === conversation ? this.#unstored.reply : null
  }

  problemOf(conversation: ConversationId | null): ChatProblem | null {
    return this.#problem?.conversation === conversation ? this.#problem.problem : null
  }

  /** What the present problem came of; null where nothing was asked. */
  get failed(): Asked | null {
    return this.#problem?.asked ?? null
  }

  /** From here on everything else finds the chat busy; `write` or `fail` must follow. */
  begin(conversation: ConversationId): void {
    this.#abort = new AbortController()
    this.#problem = null
    this.#unstored = null
    this.#writing = { conversation, after: null }
  }

  /** What was begun ends before anything was asked. */
  fail(conversation: ConversationId | null, problem: ChatProblem): void {
    this.#writing = null
    this.tell(conversation, problem)
  }

  /** A problem of something else than the reply under way, which goes on. */
  tell(conversation: ConversationId | null, problem: ChatProblem): void {
    this.#problem = { conversation, problem, asked: null }
  }

  stop(): void {
    this.#abort.abort()
  }

  /** Has a question answered. What is stored by then is shown (`onStored`) before the reply under way ends. */
  async write(asked: Asked, onStored: () => Promise<void>): Promise<void> {
    const conversation = asked.conversation.id
    if (!this.#writing) this.begin(conversation)
    try {
      const problem = await this.#write(asked)
      if (problem) this.#problem = { conversation, problem, asked }
      else this.#finished = this.#reply
      const reply = this.#reply
      await onStored()
      if (problem?.kind === 'storage' && reply) this.#unstored = { conversation, reply }
    } finally {
      this.#writing = null
      this.#reply = null
    }
  }

  async #write(asked: Asked): Promise<ChatProblem | null> {
    const { branch, id, settings, continued, cut, strategy, resumed } = asked
    const { id: conversation, leaf, origin } = asked.conversation
    const { database, engine, now, newSeed, texts } = this.#ports
    const after = branch.at(-1)?.id ?? null
    this.#writing = { conversation, after }
    const loaded = this.#ports.loaded()
    if (!loaded) return { kind: 'engine', failure: { kind: 'not-loaded' } }
    return askReply(
      {
        branch,
        id,
        settings,
        seed: resumed?.sampling?.seed ?? settings.seed ?? newSeed(),
        cut: cut ?? cutOf(branch),
        origin,
        continued,
        strategy,
        resumed,
        summaryTitle: texts().summaryTitle,
      },
      loaded,
      {
        engine,
        now,
        store: (reply) => database.put(conversation, reply, leaf),
        show: (reply) => (this.#reply = reply),
      },
      this.#abort.signal,
    )
  }
}
