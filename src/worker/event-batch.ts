import type { GenerationEvent, LoadProgress } from '#core/engine'

/** How long events are gathered before they are sent: three frames, unseen by a reader, few messages. */
const BATCH_MS = 50

/** Gathers events and delivers them in groups, so that a fast model does not flood the page with messages. */
export class EventBatch<Event> {
  #pending: Event[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #delivered: Promise<void> = Promise.resolve()
  readonly #deliver: (events: Event[]) => Promise<void> | void
  readonly #merge: (previous: Event, next: Event) => Event | undefined

  /** `merge` gives one event that says what both said, or undefined where both are needed. */
  constructor(
    deliver: (events: Event[]) => Promise<void> | void,
    merge: (previous: Event, next: Event) => Event | undefined,
  ) {
    this.#deliver = deliver
    this.#merge = merge
  }

  add(event: Event): void {
    const previous = this.#pending.at(-1)
    const merged = previous === undefined ? undefined : this.#merge(previous, event)
    if (merged === undefined) this.#pending.push(event)
    else this.#pending[this.#pending.length - 1] = merged
    this.#timer ??= setTimeout(() => void this.flush(), BATCH_MS)
  }

  /** Delivers what is pending; resolves when everything so far was received. */
  flush(): Promise<void> {
    clearTimeout(this.#timer)
    this.#timer = undefined
    if (this.#pending.length > 0) {
      const events = this.#pending
      this.#pending = []
      this.#delivered = this.#delivered.then(() => this.#deliver(events))
    }
    return this.#delivered
  }
}

/** Only the latest share done matters. */
export function keepLatest(_previous: number, next: number): number {
  return next
}

/** Only the latest progress of one kind matters. */
export function mergeProgress(previous: LoadProgress, next: LoadProgress): LoadProgress | undefined {
  return previous.kind === next.kind ? next : undefined
}

/** Consecutive pieces of text become one. */
export function mergeGeneration(
  previous: GenerationEvent,
  next: GenerationEvent,
): GenerationEvent | undefined {
  return previous.kind === 'text' && next.kind === 'text'
    ? { ...next, text: previous.text + next.text }
    : undefined
}
