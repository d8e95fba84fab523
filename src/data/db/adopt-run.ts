/** Runs that were made elsewhere, or of parts, stored whole. */
import { failure, success, type Result } from '#core/result'
import type { FoldedRun } from '#core/receipt/run-events'
import type { LogFailure } from '#core/run/log'
import type { RunSummary } from '#core/run/summary'
import type { SomnusDatabase } from './schema'

/** Events handed to the browser before waiting for it: some milliseconds of copying, so that the page stays alive. */
const EVENTS_IN_FLIGHT = 200

/** `isNew` is false when a run of this id is stored already: it stays as it is. */
export interface AdoptedRun {
  summary: RunSummary
  isNew: boolean
}

/** Stores all events of a run and their fold, or nothing. A run of this id that was removed gives way. */
export async function adoptRun(
  database: SomnusDatabase,
  { summary, events }: FoldedRun,
): Promise<Result<AdoptedRun, LogFailure>> {
  const transaction = database.transaction(['runs', 'runEvents'], 'readwrite', { durability: 'strict' })
  const { id } = summary
  try {
    const [runs, log] = [transaction.objectStore('runs'), transaction.objectStore('runEvents')]
    const stored = await runs.get(id)
    if (stored && stored.removedAt === null) {
      await transaction.done
      return success({ summary: stored.summary, isNew: false })
    }
    if (stored) await log.delete(IDBKeyRange.bound([id, 0], [id, Infinity]))
    for (let from = 0; from < events.length; from += EVENTS_IN_FLIGHT) {
      const batch = events.slice(from, from + EVENTS_IN_FLIGHT)
      // Async, so that an `add` that throws does not leave the others' rejections to nobody.
      await Promise.all(batch.map(async (event, index) => log.add(event, [id, from + index])))
    }
    await Promise.all([runs.put({ id, summary, removedAt: null }), transaction.done])
    return success({ summary, isNew: true })
  } catch (error) {
    // The rejection of `done` repeats the error that was just caught.
    transaction.done.catch(() => undefined)
    abort(transaction)
    if (error instanceof DOMException && error.name === 'QuotaExceededError') {
      return failure({ kind: 'storage-full' })
    }
    const detail = error instanceof Error ? error.message : String(error)
    return failure({ kind: 'storage-failed', detail })
  }
}

/** Takes back what was written; a transaction that failed by itself is aborted already, and says so. */
function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort()
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error
  }
}
