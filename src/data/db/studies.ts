/** Studies of one kind in IndexedDB: the events are the truth, the record beside them is what lists show. */
import { failure, success, type Result } from '#core/result'
import type { LoadedStudy, StudyFailure } from '#core/study/log'
import type { Standing, StudyEvent, StudyId, StudyKind, StudyRecord } from '#core/study/types'
import type { SomnusDatabase } from './schema'

type Outcome = Promise<Result<StudyRecord, StudyFailure>>

/** The record as it is to be, or why it cannot. */
type Change = (stored: StudyRecord | undefined) => Result<StudyRecord, StudyFailure>

/** Events read at a time, as of runs: a study of twenty thousand does not hold up the page in one piece. */
const READ_BATCH = 200

export class StudyLog<Event extends StudyEvent> {
  readonly #database: SomnusDatabase
  readonly #kind: StudyKind

  constructor(database: SomnusDatabase, kind: StudyKind) {
    this.#database = database
    this.#kind = kind
  }

  /** Stores a new study with its first event. */
  create(id: StudyId, name: string, first: Event): Outcome {
    const { at } = first
    const record = { id, kind: this.#kind, name, createdAt: at, updatedAt: at, events: 1, removedAt: null }
    return this.#write(id, (stored) => (stored ? failure({ kind: 'out-of-step' }) : success(record)), first)
  }

  /**
   * Makes `event` the study's event `number`, counted from 0; resolves when it and the record with it are flushed to
   * disk. A number that is not the next one is refused and changes nothing, whichever tab it comes from.
   */
  append(id: StudyId, number: number, event: Event): Outcome {
    const next: Change = (stored) => {
      if (!stored || stored.removedAt !== null) return failure({ kind: 'study-gone' })
      if (stored.events !== number) return failure({ kind: 'out-of-step' })
      return success({ ...stored, events: number + 1, updatedAt: event.at })
    }
    return this.#write(id, next, event)
  }

  /** What is stored of the study now, or null when there is none. */
  async load(id: StudyId): Promise<LoadedStudy<Event> | null> {
    const transaction = this.#database.transaction(['studies', 'studyEvents'])
    const record = await transaction.objectStore('studies').get(id)
    if (!record || !this.#isShown(record)) return null
    const store = transaction.objectStore('studyEvents')
    const events: Event[] = []
    for (let from = 0; from < record.events; from += READ_BATCH) {
      const part = await store.getAll(IDBKeyRange.bound([id, from], [id, from + READ_BATCH - 1]))
      events.push(...(part as Event[]))
    }
    return { record, events }
  }

  /** The studies of this kind, the latest first, without their events. */
  async list(): Promise<StudyRecord[]> {
    const all = await this.#database.getAllFromIndex('studies', 'updatedAt')
    return all.filter((record) => this.#isShown(record)).reverse()
  }

  async rename(id: StudyId, name: string): Promise<void> {
    await this.#patch(id, { name })
  }

  /** Keeps how the study stood after `events` events. */
  async note(id: StudyId, kind: Standing, events: number): Promise<void> {
    await this.#patch(id, { standing: { kind, events } })
  }

  /** Hides the study from every reader; its events stay until `purge`, so `restore` brings all of it back. */
  async remove(id: StudyId, at: number): Promise<void> {
    await this.#patch(id, { removedAt: at })
  }

  async restore(id: StudyId): Promise<void> {
    await this.#patch(id, { removedAt: null })
  }

  /** Erases the studies of this kind that were removed before `time`. */
  async purge(time: number): Promise<void> {
    const transaction = this.#database.transaction(['studies', 'studyEvents'], 'readwrite')
    for (const { id, kind, removedAt } of await transaction.objectStore('studies').getAll()) {
      if (kind !== this.#kind || removedAt === null || removedAt >= time) continue
      void transaction.objectStore('studyEvents').delete(allOf(id))
      void transaction.objectStore('studies').delete(id)
    }
    await transaction.done
  }

  #isShown({ kind, removedAt }: StudyRecord): boolean {
    return kind === this.#kind && removedAt === null
  }

  async #write(id: StudyId, change: Change, event: Event): Outcome {
    let done: Promise<void> | undefined
    try {
      const transaction = this.#database.transaction(['studies', 'studyEvents'], 'readwrite', {
        durability: 'strict',
      })
      done = transaction.done
      const studies = transaction.objectStore('studies')
      const next = change(await studies.get(id))
      if (!next.ok) {
        await done
        return next
      }
      await Promise.all([
        // `add`, not `put`: a sequence number that is taken fails the transaction.
        transaction.objectStore('studyEvents').add(event, [id, next.value.events - 1]),
        studies.put(next.value),
        done,
      ])
      return next
    } catch (error) {
      // Its rejection repeats the error that was just caught.
      done?.catch(() => undefined)
      return failure(storageFailure(error))
    }
  }

  async #patch(id: StudyId, patch: Partial<StudyRecord>): Promise<void> {
    const transaction = this.#database.transaction('studies', 'readwrite')
    const stored = await transaction.store.get(id)
    if (stored) void transaction.store.put({ ...stored, ...patch })
    await transaction.done
  }
}

function allOf(id: StudyId): IDBKeyRange {
  return IDBKeyRange.bound([id, 0], [id, Infinity])
}

function storageFailure(error: unknown): StudyFailure {
  if (error instanceof DOMException && error.name === 'QuotaExceededError') return { kind: 'storage-full' }
  return { kind: 'storage-failed', detail: error instanceof Error ? error.message : String(error) }
}
