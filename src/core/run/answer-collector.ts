import type { Answer, RunEvent } from './types'

/** Gathers the answers of a run that count from its events, in order. */
export class AnswerCollector {
  /** To the questions as the dataset has them. */
  readonly answers: Answer[] = []
  /** To the questions whose options were moved on. */
  readonly rotated: Answer[] = []
  #held: Answer[] = []

  add(event: RunEvent): void {
    if (event.kind === 'answered' && event.isHeld) this.#held.push(event.answer)
    else if (event.kind === 'answered') this.#count(event.answer)
    else if (event.kind === 'released') {
      for (const answer of this.#held) this.#count(answer)
      this.#held = []
    } else if (event.kind === 'paused' && event.withdrawnFrom !== undefined) this.#held = []
  }

  #count(answer: Answer): void {
    const list = answer.rotation === 0 ? this.answers : this.rotated
    list.push(answer)
  }
}
