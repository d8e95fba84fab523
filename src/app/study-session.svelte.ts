import { success, type Result } from '#core/result'
import type { StudyFailure } from '#core/study/log'
import type { StudyEvent, StudyId } from '#core/study/types'
import { inSteps } from './slices'
import type { Studies } from './studies.svelte'

/** How often what is computed over all of a study is computed anew while a model works, in ms. */
const SNAPSHOT_MS = 2000

/** Takes events one by one; refuses, by a word, what cannot follow. */
export interface StudyFold<Event, State> {
  readonly state: State | null
  add(event: Event): string | null
}

/** Events of which there are as many as there is work: after them the snapshot need not be of this moment. */
export type Repeated<Event> = (event: Event) => boolean

/** One study as far as it is stored: what it is after its events, and the way to add one. */
export class StudySession<Event extends StudyEvent, State extends object> {
  readonly id: StudyId
  readonly #studies: Pick<Studies<Event>, 'append'>
  readonly #fold: StudyFold<Event, State>
  readonly #isRepeated: Repeated<Event>
  #events: number
  #state: State
  #snapshot: State
  #snapshotAt = 0
  #last: Promise<unknown> = Promise.resolve()

  private constructor(
    id: StudyId,
    studies: Pick<Studies<Event>, 'append'>,
    made: { fold: StudyFold<Event, State>; isRepeated: Repeated<Event>; events: number; state: State },
  ) {
    this.id = id
    this.#studies = studies
    this.#fold = made.fold
    this.#isRepeated = made.isRepeated
    this.#events = made.events
    this.#state = $state.raw(made.state)
    this.#snapshot = $state.raw(made.state)
  }

  /** Reads a study into an empty fold; null where it is not stored, `damaged` where its events do not make one. */
  static async open<Event extends StudyEvent, State extends object>(
    studies: Pick<Studies<Event>, 'append' | 'load'>,
    id: StudyId,
    fold: StudyFold<Event, State>,
    isRepeated: Repeated<Event>,
  ): Promise<StudySession<Event, State> | 'damaged' | null> {
    const loaded = await studies.load(id)
    if (!loaded) return null
    function* folding() {
      for (const event of loaded?.events ?? []) {
        if (fold.add(event) !== null) return false
        yield
      }
      return true
    }
    const isWhole = await inSteps(folding())
    const { state } = fold
    if (!isWhole || !state) return 'damaged'
    return new StudySession(id, studies, { fold, isRepeated, events: loaded.events.length, state })
  }

  /** As of the last event. */
  get state(): State {
    return this.#state
  }

  /** As of some seconds ago while a model works, for what takes long to compute. */
  get snapshot(): State {
    return this.#snapshot
  }

  /** Stores an event that can follow, after those before it; it is believed once it is stored. */
  append(event: Event): Promise<Result<void, StudyFailure>> {
    // A rule may be changed, and an answer rated, while a model works.
    const appended = this.#last.then(() => this.#append(event))
    this.#last = appended.catch(() => undefined)
    return appended
  }

  /** Brings the snapshot up to date. */
  refresh(at = this.#snapshotAt): void {
    this.#snapshotAt = at
    this.#snapshot = { ...this.#state }
  }

  async #append(event: Event): Promise<Result<void, StudyFailure>> {
    const stored = await this.#studies.append(this.id, this.#events, event)
    if (!stored.ok) return stored
    const refusal = this.#fold.add(event)
    if (refusal || !this.#fold.state) throw new Error(`stored what cannot follow: ${refusal}`)
    this.#events += 1
    this.#state = this.#fold.state
    if (!this.#isRepeated(event)) this.refresh()
    else if (event.at - this.#snapshotAt > SNAPSHOT_MS) this.refresh(event.at)
    return success(undefined)
  }
}
