import type { StudyEvent } from '../study/types'

type Created<Event extends StudyEvent> = Extract<Event, { kind: 'created' }>

type Later<Event extends StudyEvent> = Exclude<Event, { kind: 'created' }>

/** How the events of one kind of study follow from each other. */
export interface Following<Event extends StudyEvent, State extends object, Refusal extends string> {
  begin(event: Created<Event>): State
  /** The state after an event, or why it cannot follow; then nothing has changed. */
  follow(state: State, event: Later<Event>): State | Refusal
}

/** Folds events one by one. Lists inside the state are the same ones grown; `state` itself is new each time. */
export class EventFold<Event extends StudyEvent, State extends object, Refusal extends string> {
  readonly #following: Following<Event, State, Refusal>
  #state: State | null

  /** Goes on from `state`, which must not be folded elsewhere as well. */
  constructor(following: Following<Event, State, Refusal>, state: State | null = null) {
    this.#following = following
    this.#state = state
  }

  /** Null before the first event. */
  get state(): State | null {
    return this.#state
  }

  /** Takes an event, or says why it cannot follow; then nothing has changed. */
  add(event: Event): Refusal | 'not-created' | 'already-created' | null {
    const isFirst = event.kind === 'created'
    if (isFirst && this.#state) return 'already-created'
    if (!isFirst && !this.#state) return 'not-created'
    const next = this.#state
      ? this.#following.follow(this.#state, event as Later<Event>)
      : this.#following.begin(event as Created<Event>)
    if (typeof next === 'string') return next
    this.#state = next
    return null
  }
}

/** The number of the first event that cannot follow those before it; null when each can. */
export function illegalAt<Event>(
  fold: { add(event: Event): string | null },
  events: readonly Event[],
): number | null {
  const illegal = events.findIndex((event) => fold.add(event) !== null)
  return illegal < 0 ? null : illegal
}
