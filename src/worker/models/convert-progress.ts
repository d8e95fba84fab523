import type { ModelProgress, Waiting } from '../model-api'

type Converting = Extract<ModelProgress, { kind: 'converting' }>

/** Tells how far a conversion is, and what it waits for while nothing comes from its source. */
export class ConvertProgress {
  readonly #report: (progress: ModelProgress) => void
  #last: Omit<Converting, 'waiting'> | null = null
  #waiting: Waiting | null = null

  constructor(report: (progress: ModelProgress) => void) {
    this.#report = report
  }

  done(progress: Omit<Converting, 'waiting'>): void {
    this.#last = progress
    this.#tell()
  }

  waiting(waiting: Waiting | null): void {
    if (waiting === this.#waiting) return
    this.#waiting = waiting
    this.#tell()
  }

  #tell(): void {
    if (this.#last) this.#report({ ...this.#last, waiting: this.#waiting })
  }
}
