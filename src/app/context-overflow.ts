import type { ContextCut } from '#core/chat/request'
import type { ConversationId } from '#core/chat/types'
import type { Asking } from './asking'
import type { ContextChoice } from './context-choice.svelte'
import { resumption, type Asked, type ChatProblem, type ReplyWriting } from './reply-writing.svelte'

export interface OverflowPorts {
  context: ContextChoice
  writing: ReplyWriting
  asking: Asking
  /** What keeps the open conversation from its reply. */
  problem: () => ChatProblem | null
  /** Opens a conversation that was stored just now, and has its last question answered. */
  goOnIn: (id: ConversationId) => Promise<void>
}

/** The ways on when the open conversation does not fit the model's context. */
export class ContextOverflow {
  readonly #ports: OverflowPorts

  constructor(ports: OverflowPorts) {
    this.#ports = ports
  }

  /** Without the oldest messages, and so on in this branch. */
  async retryWithoutOldest(): Promise<void> {
    const { asked, omit } = this.#overflow()
    if (asked && omit !== null) await this.#again(asked, { omittedMessages: omit, summary: null })
  }

  /** Has them summarised; the summary is then in `context`, to be looked at. */
  async summariseOldest(): Promise<void> {
    const { asked, omit } = this.#overflow()
    if (asked && omit !== null) await this.#ports.context.summarise(asked, omit)
  }

  /** Asks again with a summary in place of them, as the user has left it. */
  async retryWithSummary(text: string): Promise<void> {
    const { asked } = this.#overflow()
    const cut = this.#ports.context.cutWith(text)
    if (asked && cut) await this.#again(asked, cut)
  }

  /** Goes on in a new conversation that begins with the turns that fit; this one stays as it is. */
  async retryElsewhere(): Promise<void> {
    const { context, writing, goOnIn } = this.#ports
    const { asked, omit } = this.#overflow()
    if (!asked || omit === null || writing.now !== null) return
    const id = await context.moveLastTurns(asked.branch, omit, asked.conversation)
    if (id) await goOnIn(id)
  }

  #overflow(): { asked: Asked | null; omit: number | null } {
    const { context, writing, problem } = this.#ports
    const told = problem()
    const asked = told?.kind === 'context' ? writing.failed : null
    return { asked, omit: asked && context.omission(asked, told) }
  }

  async #again({ branch, continued, resumed, strategy }: Asked, cut: ContextCut): Promise<void> {
    const how = resumed ? resumption(resumed, strategy ?? undefined) : { continued }
    await this.#ports.asking.answer(branch.at(-1)?.id ?? null, { ...how, cut })
  }
}
