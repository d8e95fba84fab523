/** The questions of a run as its loop takes them: items are read ahead, and a short question may be begun ahead. */
import type { EngineDescription } from '#core/engine'
import type { Item } from '#core/dataset/item'
import { failure, type Result } from '#core/result'
import type { Answer, RunPlan } from '#core/run/types'
import type { Sample } from '#core/strategy/types'
import { askBySampling, type KeepSample, type SamplingFailure } from './ask-by-sampling'
import { askQuestion, type AskPorts } from './ask-question'

export interface QueuePorts extends AskPorts {
  /** The dataset's item at an index, or null when it is gone. */
  item(index: number): Promise<Item | null>
}

export type Asked = Result<Answer, SamplingFailure | { kind: 'item-missing' }>

interface Begun {
  position: number
  asked: Promise<Asked>
  control: AbortController
}

export class QuestionQueue {
  readonly #plan: RunPlan
  readonly #ports: QueuePorts
  readonly #keep: KeepSample
  readonly #signal: AbortSignal
  #read: { position: number; item: Promise<Item | null> } | null = null
  #begun: Begun | null = null

  constructor(plan: RunPlan, ports: QueuePorts, keep: KeepSample, signal: AbortSignal) {
    this.#plan = plan
    this.#ports = ports
    this.#keep = keep
    this.#signal = signal
  }

  /**
   * The answer to a question, which is asked now unless it was begun.
   *
   * @param stored samples that it has already
   */
  ask(position: number, engine: EngineDescription, stored: readonly Sample[]): Promise<Asked> {
    const begun = this.#begun
    this.#begun = null
    if (begun?.position === position) return begun.asked
    begun?.control.abort()
    return this.#ask(position, engine, stored, this.#signal)
  }

  /**
   * Begins a question that `ask` will come for. Only where a single forward pass answers it: that is so short that
   * waiting for the disk in between would cost a run a seventh of its speed. What it gives is taken only when the
   * answer before it is stored, so a killed tab loses no more than these two.
   */
  begin(position: number, engine: EngineDescription): void {
    if (this.#plan.protocol !== 'letters' || position >= this.#plan.itemIndexes.length) return
    const control = new AbortController()
    const asked = this.#ask(position, engine, [], AbortSignal.any([this.#signal, control.signal]))
    // Nobody may come for it; who does is told.
    asked.catch(() => undefined)
    this.#begun = { position, asked, control }
  }

  /** Gives up the question that was begun. */
  drop(): void {
    this.#begun?.control.abort()
    this.#begun = null
  }

  async #ask(
    position: number,
    engine: EngineDescription,
    stored: readonly Sample[],
    signal: AbortSignal,
  ): Promise<Asked> {
    const plain = await this.#item(position)
    if (!plain) return failure({ kind: 'item-missing' })
    const [plan, ports] = [this.#plan, this.#ports]
    const { strategy } = plan
    if (!strategy) return askQuestion(plan, position, plain, engine, ports, signal)
    const question = { position, plain, stored }
    return askBySampling({ ...plan, strategy }, question, engine, ports, this.#keep, signal)
  }

  #item(position: number): Promise<Item | null> {
    const item = this.#read?.position === position ? this.#read.item : this.#readAt(position)
    const next = this.#readAt(position + 1)
    next.catch(() => undefined)
    this.#read = { position: position + 1, item: next }
    return item
  }

  #readAt(position: number): Promise<Item | null> {
    const index = this.#plan.itemIndexes[position]
    return index === undefined ? Promise.resolve(null) : this.#ports.item(index)
  }
}
