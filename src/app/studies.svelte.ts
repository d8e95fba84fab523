import type { Result } from '#core/result'
import type { LoadedStudy, StudyFailure } from '#core/study/log'
import type { Standing, StudyEvent, StudyId, StudyRecord } from '#core/study/types'
import type { StudyLog } from '#data/db/studies'
import { inSteps } from './slices'

export interface StudiesPorts<Event extends StudyEvent> {
  log: StudyLog<Event>
  /** Tells other tabs that the list changed, and hears it from them. */
  channel: { tell: () => void; hear: (listener: () => void) => void }
  /** What some tab, this one included, works on now. */
  held: () => Promise<readonly string[]>
  /** Milliseconds since 1970. */
  now: () => number
  newId: () => StudyId
}

/** How a study stands, as far as its record knows; null where it has gone on since. */
export function standingOf({ standing, events }: StudyRecord): Standing | null {
  return standing?.events === events ? standing.kind : null
}

/** As of conversations: a deletion can be undone for a day. */
const UNDO_MS = 24 * 60 * 60 * 1000

/** The studies of one kind, whichever tab made them. */
export class Studies<Event extends StudyEvent> {
  readonly #ports: StudiesPorts<Event>
  #list = $state.raw<readonly StudyRecord[]>([])
  #held = $state.raw<readonly string[]>([])
  #noting: Promise<void> = Promise.resolve()

  constructor(ports: StudiesPorts<Event>) {
    this.#ports = ports
    // A tab whose database was closed for a newer version says so; it has nothing to follow.
    ports.channel.hear(() => void this.refresh().catch(() => undefined))
  }

  /** The latest first. */
  get list(): readonly StudyRecord[] {
    return this.#list
  }

  find(id: string | undefined): StudyRecord | undefined {
    return this.#list.find((record) => record.id === id)
  }

  /** Whether some tab works on the study, as far as this one knows. */
  isHeld(id: StudyId): boolean {
    return this.#held.includes(id)
  }

  /** Reads the list, and erases what was deleted in earlier visits. */
  async restore(): Promise<void> {
    await this.#ports.log.purge(this.#ports.now() - UNDO_MS)
    await this.refresh()
  }

  /** Reads the list, and what other tabs work on. */
  async refresh(): Promise<void> {
    const { log, held } = this.#ports
    const [list, ids] = await Promise.all([log.list(), held()])
    this.#list = list
    this.#held = ids
  }

  /** The work on a study has begun or ended here: other tabs are told. A database that was closed has no list. */
  async workChanged(): Promise<void> {
    await this.#changed().catch(() => undefined)
  }

  /** Finds out how those studies stand of which it is not known, or which have gone on since; not of any at work. */
  noteStandings(atWork: StudyId | null): Promise<void> {
    const stale = this.#list.filter((record) => standingOf(record) === null).map(({ id }) => id)
    const resting = stale.filter((id) => id !== atWork && !this.isHeld(id))
    if (resting.length > 0) this.#noting = this.#noting.then(() => this.#note(resting)).catch(() => undefined)
    return this.#noting
  }

  load(id: StudyId): Promise<LoadedStudy<Event> | null> {
    return this.#ports.log.load(id)
  }

  async create(name: string, first: Event): Promise<Result<StudyRecord, StudyFailure>> {
    return this.#followed(await this.#ports.log.create(this.#ports.newId(), name, first))
  }

  /** Stores the study's event `number`; the list follows. */
  async append(id: StudyId, number: number, event: Event): Promise<Result<StudyRecord, StudyFailure>> {
    return this.#followed(await this.#ports.log.append(id, number, event))
  }

  /** An empty name changes nothing. */
  async rename(id: StudyId, name: string): Promise<void> {
    if (name.trim() === '') return
    await this.#ports.log.rename(id, name.trim())
    await this.#changed()
  }

  /** Deletes a study; the function returned brings it back. */
  async remove(id: StudyId): Promise<() => Promise<void>> {
    const { log, now } = this.#ports
    await log.remove(id, now())
    await this.#changed()
    return async () => {
      await log.restore(id)
      await this.#changed()
    }
  }

  #followed(stored: Result<StudyRecord, StudyFailure>): Result<StudyRecord, StudyFailure> {
    if (!stored.ok) return stored
    const { value } = stored
    this.#list = [value, ...this.#list.filter(({ id }) => id !== value.id)]
    this.#ports.channel.tell()
    return stored
  }

  async #note(ids: readonly StudyId[]): Promise<void> {
    const { standingSteps } = await import('#core/study/standing')
    let isNoted = false
    for (const id of ids) {
      const record = this.find(id)
      // Found out meanwhile.
      if (!record || standingOf(record)) continue
      const loaded = await this.load(id)
      const standing = loaded && (await inSteps(standingSteps(record.kind, loaded.events)))
      if (!loaded || !standing) continue
      await this.#ports.log.note(id, standing, loaded.events.length)
      isNoted = true
    }
    // Whoever follows the list comes here again: with one that cannot be read that would never end.
    if (isNoted) await this.refresh()
  }

  async #changed(): Promise<void> {
    await this.refresh()
    this.#ports.channel.tell()
  }
}
