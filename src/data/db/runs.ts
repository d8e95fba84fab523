/** Benchmark runs in IndexedDB: the events are the truth, the summary beside them is their fold. */
import { failure, type Result } from '#core/result'
import type { FoldedRun } from '#core/receipt/run-events'
import { AnswerCollector } from '#core/run/answer-collector'
import { HistoryBuilder, historyUpTo, type RunHistory } from '#core/run/history'
import type { LogFailure, RunLog } from '#core/run/log'
import type { QuestionSamples, RunSamples } from '#core/run/samples'
import { reduce, type RunSummary } from '#core/run/summary'
import type { Answer, RunEvent, RunId, RunPlan } from '#core/run/types'
import type { Sample } from '#core/strategy/types'
import type { AdoptedRun } from './adopt-run'
import type { SampleReader } from './run-samples'
import type { SomnusDatabase } from './schema'

/** Everything of one run. */
export interface RunRecord extends RunHistory {
  plan: RunPlan
  summary: RunSummary
  /**
   * To the questions as the dataset has them, by position: what every accuracy is made of. Without those that are held
   * back, see `RunSummary.held`.
   */
  answers: Answer[]
  /** To the questions whose options were moved on, by position. */
  rotated: Answer[]
}

/**
 * Events read at a time, so that a long run's replies do not hold the main thread in one piece: half a megabyte,
 * some 5 ms.
 */
const READ_BATCH = 200

export class RunDatabase implements RunLog {
  readonly #database: SomnusDatabase
  #samples: Promise<SampleReader> | undefined

  constructor(database: SomnusDatabase) {
    this.#database = database
  }

  /** Atomic over event and summary; resolves when the transaction is complete and flushed to disk. */
  async append(runId: RunId, event: RunEvent): Promise<Result<RunSummary, LogFailure>> {
    let done: Promise<void> | undefined
    try {
      const transaction = this.#database.transaction(['runs', 'runEvents'], 'readwrite', {
        durability: 'strict',
      })
      done = transaction.done
      const runs = transaction.objectStore('runs')
      const stored = await runs.get(runId)
      const current = stored && stored.removedAt === null ? stored.summary : null
      const next = reduce(current, event)
      if (!next.ok) {
        await done
        return next
      }
      await Promise.all([
        // `add`, not `put`: a sequence number that is taken fails the transaction.
        transaction.objectStore('runEvents').add(event, [runId, next.value.events - 1]),
        runs.put({ id: runId, summary: next.value, removedAt: null }),
        done,
      ])
      return next
    } catch (error) {
      // Its rejection repeats the error that was just caught.
      done?.catch(() => undefined)
      return failure(storageFailure(error))
    }
  }

  /** Stores a whole run that was made elsewhere; one of its id that is stored already stays as it is. */
  async adopt(run: FoldedRun): Promise<Result<AdoptedRun, LogFailure>> {
    ;(await this.#samples)?.forget(run.summary.id)
    // Seldom needed, so not part of the first screen.
    const { adoptRun } = await import('./adopt-run')
    return adoptRun(this.#database, run)
  }

  /** The summaries of all runs, newest first, without reading any answer. */
  async list(): Promise<RunSummary[]> {
    const stored = await this.#database.getAll('runs')
    return stored
      .filter((run) => run.removedAt === null)
      .map((run) => run.summary)
      .sort((a, b) => b.plan.createdAt - a.plan.createdAt || (a.id < b.id ? -1 : 1))
  }

  async find(runId: RunId): Promise<RunSummary | null> {
    const stored = await this.#database.get('runs', runId)
    return stored && stored.removedAt === null ? stored.summary : null
  }

  /** The plan with its list of items. */
  async plan(runId: RunId): Promise<RunPlan | null> {
    const first = await this.#database.get('runEvents', [runId, 0])
    return first?.kind === 'created' ? first.plan : null
  }

  /**
   * The whole run with all its answers, or null when there is none. `onPart` is told as it is read; the lists of the
   * record that it gets grow on.
   */
  async load(runId: RunId, onPart?: (record: RunRecord) => void): Promise<RunRecord | null> {
    const summary = await this.find(runId)
    if (!summary) return null
    let record: RunRecord | null = null
    const history = new HistoryBuilder()
    const collector = new AnswerCollector()
    const { store } = this.#database.transaction('runEvents')
    const part = (from: number) =>
      store.getAll(IDBKeyRange.bound([runId, from], [runId, Math.min(from + READ_BATCH, summary.events) - 1]))
    let next = part(0)
    for (let from = 0; from < summary.events; from += READ_BATCH) {
      const events = await next
      // The database reads on while these are looked at.
      if (from + READ_BATCH < summary.events) next = part(from + READ_BATCH)
      for (const event of events) {
        if (event.kind === 'created') {
          const { answers, rotated } = collector
          record = { plan: event.plan, summary, answers, rotated, ...history.history }
        }
        collector.add(event)
        history.add(event)
      }
      if (record) record = { ...record, ...history.history }
      if (record) onPart?.(record)
    }
    return record && summary.held ? historyUpTo(record, summary.held.from) : record
  }

  async openSamples(runId: RunId): Promise<Sample[]> {
    const summary = await this.find(runId)
    return summary ? (await this.#sampleReader()).open(summary) : []
  }

  /** The samples of the question at `position`, and what other scorers said of them later. */
  async samples(runId: RunId, position: number): Promise<QuestionSamples> {
    const summary = await this.find(runId)
    return summary ? (await this.#sampleReader()).at(summary, position) : { position, samples: [], later: [] }
  }

  /** The samples of all questions; `onPart` is told how many of the run's events have been looked at. */
  async allSamples(runId: RunId, onPart?: (read: number) => void): Promise<RunSamples> {
    const summary = await this.find(runId)
    return summary ? (await this.#sampleReader()).all(summary, onPart) : new Map<number, QuestionSamples>()
  }

  /** Hides the run from every reader; its events stay until `purge`, so `restore` brings all of it back. */
  async remove(runId: RunId, at: number): Promise<void> {
    await this.#setRemovedAt(runId, at)
  }

  async restore(runId: RunId): Promise<void> {
    await this.#setRemovedAt(runId, null)
  }

  /** Erases the runs that were removed before `time`. */
  async purge(time: number): Promise<void> {
    const transaction = this.#database.transaction(['runs', 'runEvents'], 'readwrite')
    for (const run of await transaction.objectStore('runs').getAll()) {
      if (run.removedAt === null || run.removedAt >= time) continue
      void transaction.objectStore('runEvents').delete(IDBKeyRange.bound([run.id, 0], [run.id, Infinity]))
      void transaction.objectStore('runs').delete(run.id)
    }
    await transaction.done
  }

  /** Few runs have samples, so it is no part of the first screen either. */
  #sampleReader(): Promise<SampleReader> {
    this.#samples ??= import('./run-samples').then(({ SampleReader }) => new SampleReader(this.#database))
    return this.#samples
  }

  async #setRemovedAt(runId: RunId, removedAt: number | null): Promise<void> {
    const transaction = this.#database.transaction('runs', 'readwrite')
    const stored = await transaction.store.get(runId)
    if (stored) void transaction.store.put({ ...stored, removedAt })
    await transaction.done
  }
}

function storageFailure(error: unknown): LogFailure {
  if (error instanceof DOMException && error.name === 'QuotaExceededError') return { kind: 'storage-full' }
  return { kind: 'storage-failed', detail: error instanceof Error ? error.message : String(error) }
}
