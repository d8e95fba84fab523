import { FilterFold, type FilterState } from '#core/cross-filter/state'
import type { FilterEvent } from '#core/cross-filter/types'
import { success, type Result } from '#core/result'
import type { StudyFailure } from '#core/study/log'
import type { StudyId } from '#core/study/types'
import { inSteps } from './slices'
import type { Studies } from './studies.svelte'

/** How often what is computed over all pairs is computed anew while a model works, in ms. */
const SNAPSHOT_MS = 2000

/** One filter as far as it is stored: what it is after its events, and the way to add one. */
export class FilterSession {
  readonly id: StudyId
  readonly #studies: Pick<Studies<FilterEvent>, 'append'>
  readonly #fold: FilterFold
  #events: number
  #state: FilterState
  #snapshot: FilterState
  #snapshotAt = 0
  #last: Promise<unknown> = Promise.resolve()

  private constructor(
    id: StudyId,
    studies: Pick<Studies<FilterEvent>, 'append'>,
    { fold, events, state }: { fold: FilterFold; events: number; state: FilterState },
  ) {
    this.id = id
    this.#studies = studies
    this.#fold = fold
    this.#events = events
    this.#state = $state.raw(state)
    this.#snapshot = $state.raw(state)
  }

  /** Reads a filter; null where it is not stored, `damaged` where its events do not make one. */
  static async open(
    studies: Pick<Studies<FilterEvent>, 'append' | 'load'>,
    id: StudyId,
  ): Promise<FilterSession | 'damaged' | null> {
    const loaded = await studies.load(id)
    if (!loaded) return null
    const fold = new FilterFold()
    function* folding() {
      for (const event of loaded?.events ?? []) {
        if (fold.add(event) !== null) return false
        yield
      }
      return true
    }
    const isWhole = await inSteps(folding())
    if (!isWhole || !fold.state) return 'damaged'
    return new FilterSession(id, studies, { fold, events: loaded.events.length, state: fold.state })
  }

  /** As of the last event. */
  get state(): FilterState {
    return this.#state
  }

  /** As of some seconds ago while a model works, for what takes long to compute. */
  get snapshot(): FilterState {
    return this.#snapshot
  }

  /** Stores an event that can follow, after those before it; it is believed once it is stored. */
  append(event: FilterEvent): Promise<Result<void, StudyFailure>> {
    // A rule may be changed while a model works.
    const appended = this.#last.then(() => this.#append(event))
    this.#last = appended.catch(() => undefined)
    return appended
  }

  /** Brings the snapshot up to date. */
  refresh(at = this.#snapshotAt): void {
    this.#snapshotAt = at
    this.#snapshot = { ...this.#state }
  }

  async #append(event: FilterEvent): Promise<Result<void, StudyFailure>> {
    const stored = await this.#studies.append(this.id, this.#events, event)
    if (!stored.ok) return stored
    const refusal = this.#fold.add(event)
    if (refusal || !this.#fold.state) throw new Error(`stored what cannot follow: ${refusal}`)
    this.#events += 1
    this.#state = this.#fold.state
    if (event.kind !== 'scored' && event.kind !== 'answered') this.refresh()
    else if (event.at - this.#snapshotAt > SNAPSHOT_MS) this.refresh(event.at)
    return success(undefined)
  }
}
