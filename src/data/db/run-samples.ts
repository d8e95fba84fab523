/**
 * The samples of runs, read apart from their answers: a run may have thirty times as many of them, and who looks at one
 * question needs no others.
 */
import { SampleCollector, type QuestionSamples, type RunSamples } from '#core/run/samples'
import type { RunSummary } from '#core/run/summary'
import type { RunEvent, RunId } from '#core/run/types'
import type { Sample } from '#core/strategy/types'
import type { SomnusDatabase } from './schema'

/** Events read at a time, as in `runs.ts`. */
const READ_BATCH = 200

/** Where the samples of a run lie: sequence numbers of its events by position, of the first `read` events. */
interface SamplePlaces {
  read: number
  byPosition: Map<number, number[]>
}

export class SampleReader {
  readonly #database: SomnusDatabase
  readonly #places = new Map<RunId, SamplePlaces>()

  constructor(database: SomnusDatabase) {
    this.#database = database
  }

  /** The samples of the question that is open, in the order drawn; they are the last that were stored. */
  async open({ id, sampled = 0 }: RunSummary): Promise<Sample[]> {
    const samples: Sample[] = []
    if (sampled === 0) return samples
    const { store } = this.#database.transaction('runEvents')
    let cursor = await store.openCursor(IDBKeyRange.bound([id, 0], [id, Infinity]), 'prev')
    while (cursor && samples.length < sampled) {
      if (cursor.value.kind === 'answered') break
      if (cursor.value.kind === 'sampled') samples.unshift(cursor.value.sample)
      cursor = await cursor.continue()
    }
    return samples
  }

  /** The samples of one question, and what other scorers said of them. */
  async at(run: RunSummary, position: number): Promise<QuestionSamples> {
    const places = await this.#placesIn(run)
    const { store } = this.#database.transaction('runEvents')
    const keys = places.byPosition.get(position) ?? []
    const events = await Promise.all(keys.map((key) => store.get([run.id, key])))
    if (!events.every((event) => event && isAt(event, position))) {
      // An import put another run in the place of this one.
      this.forget(run.id)
      return this.at(run, position)
    }
    const collector = new SampleCollector()
    for (const event of events) if (event) collector.add(event)
    return collector.samples.get(position) ?? { position, samples: [], later: [] }
  }

  /** All of them but those of held answers; `onPart` is told how many events have been looked at. */
  async all(run: RunSummary, onPart?: (read: number) => void): Promise<RunSamples> {
    const collector = new SampleCollector()
    const places: SamplePlaces = { read: 0, byPosition: new Map() }
    await this.#read(run, places, (event) => collector.add(event), onPart)
    this.#places.set(run.id, places)
    if (run.held) collector.dropFrom(run.held.from)
    return collector.samples
  }

  /** Forgets where a run's samples lie: another run may get its id. */
  forget(runId: RunId): void {
    this.#places.delete(runId)
  }

  /** Events are only ever added, so no more than those that came since are looked at. */
  async #placesIn(run: RunSummary): Promise<SamplePlaces> {
    const places = this.#places.get(run.id) ?? { read: 0, byPosition: new Map<number, number[]>() }
    await this.#read(run, places, () => undefined)
    this.#places.set(run.id, places)
    return places
  }

  async #read(
    { id, events: count }: RunSummary,
    places: SamplePlaces,
    onEvent: (event: RunEvent) => void,
    onPart?: (read: number) => void,
  ): Promise<void> {
    while (places.read < count) {
      const from = places.read
      const last = Math.min(from + READ_BATCH, count) - 1
      const events = await this.#database.getAll('runEvents', IDBKeyRange.bound([id, from], [id, last]))
      // Another reader of this run may have been here meanwhile.
      if (places.read !== from) continue
      for (const [index, event] of events.entries()) {
        if (event.kind === 'sampled' || event.kind === 'scored') {
          const keys = places.byPosition.get(event.position) ?? []
          places.byPosition.set(event.position, [...keys, from + index])
        }
        if (event.kind === 'paused' && event.withdrawnFrom !== undefined) {
          for (const at of [...places.byPosition.keys()])
            if (at >= event.withdrawnFrom) places.byPosition.delete(at)
        }
        onEvent(event)
      }
      places.read = last + 1
      onPart?.(places.read)
    }
  }
}

function isAt(event: RunEvent, position: number): boolean {
  return (event.kind === 'sampled' || event.kind === 'scored') && event.position === position
}
