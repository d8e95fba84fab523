/** When and on what a run was answered, for receipts: its sessions, what interrupted them, how it ended. */
import type { EngineDescription, EngineFailure } from '../engine'
import { madeAs } from './origin'
import type { PauseReason, RunEvent, StopReason } from './types'

export interface RunStart {
  /** Position of the first question that could be answered. */
  position: number
  at: number
  engine: EngineDescription
  userAgent: string
}

/** Answering ended before the last question and could go on. */
export interface Interruption {
  /** Position of the next question. */
  position: number
  /** When it happened; of a lost tab, when it last stored something. */
  at: number
  /** `tab-lost`: the tab was closed or killed, or the computer went off. */
  reason: PauseReason | 'tab-lost'
  failure: EngineFailure | null
  /** When answering went on; null where it did not. */
  resumedAt: number | null
}

export interface RunHistory {
  /** In order. */
  starts: RunStart[]
  interruptions: Interruption[]
  /** Null while questions can still be answered. */
  ended: { at: number; reason: 'finished' | StopReason } | null
}

/** What answered the question at `position`; null before the first start. */
export function engineAt({ starts }: Pick<RunHistory, 'starts'>, position: number): EngineDescription | null {
  return starts.findLast((start) => start.position <= position)?.engine ?? null
}

/** The history of a run without its answers from `position` on: what stood behind them stands before the question there. */
export function historyUpTo<History extends RunHistory>(history: History, position: number): History {
  const moved = <Placed extends { position: number }>(placed: readonly Placed[]) =>
    placed.map((one) => ({ ...one, position: Math.min(one.position, position) }))
  return { ...history, starts: moved(history.starts), interruptions: moved(history.interruptions) }
}

/** Folds the events of a run, in order. */
export class HistoryBuilder {
  readonly history: RunHistory = { starts: [], interruptions: [], ended: null }
  #answered = 0
  #running = false
  #lastAt = 0
  /** Of a merged run, sessions begin where the first answer of each stands: none interrupts another. */
  #merged = false

  add(event: RunEvent): void {
    const { interruptions, starts } = this.history
    switch (event.kind) {
      case 'started': {
        if (this.#running && !this.#merged) this.#interrupt(this.#lastAt, 'tab-lost', null)
        const last = interruptions.at(-1)
        if (last) last.resumedAt ??= event.at
        const { at, engine, userAgent } = event
        starts.push({ position: this.#answered, at, engine, userAgent })
        this.#running = true
        break
      }
      case 'answered':
        this.#answered += 1
        break
      case 'paused':
        this.#interrupt(event.at, event.reason, event.failure)
        if (event.withdrawnFrom !== undefined) this.#goBack(event.withdrawnFrom)
        break
      case 'stopped':
        this.#end(event.at, event.reason)
        break
      case 'finished':
        this.#end(event.at, 'finished')
        break
      case 'created':
        this.#merged = madeAs(event.plan.origin).kind === 'merged'
        break
      case 'sampled':
      case 'flagged':
      case 'scored':
      case 'released':
        break
    }
    // Flags and later scores may be set in any tab, at any time.
    if (event.kind !== 'flagged' && event.kind !== 'scored') this.#lastAt = event.at
  }

  #interrupt(at: number, reason: Interruption['reason'], failure: EngineFailure | null): void {
    this.history.interruptions.push({ position: this.#answered, at, reason, failure, resumedAt: null })
    this.#running = false
  }

  #goBack(position: number): void {
    this.#answered = position
    Object.assign(this.history, historyUpTo(this.history, position))
  }

  #end(at: number, reason: 'finished' | StopReason): void {
    this.history.ended = { at, reason }
    this.#running = false
  }
}
