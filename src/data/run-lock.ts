/**
 * Exclusive rights across the tabs of this browser (Web Locks): one tab at a time answers a given run, and one
 * tab at a time measures at all, since two would slow each other down and spoil both timings. The browser
 * frees a lock when its tab goes away, however it goes.
 */
import type { RunId } from '#core/run/types'

/** Frees what was taken; resolves when another tab, or this one, can take it. */
export type Release = () => Promise<void>

export type LockResult = { kind: 'held'; release: Release } | { kind: 'busy'; holder: 'run' | 'engine' }

const RUN_PREFIX = 'somnus/run/'
const MEASURING_LOCK = 'somnus/measuring'

/**
 * Frees the locks of a tab that does not answer any more (it is frozen), so that its run can go on elsewhere. If
 * it wakes up, the run log refuses what it adds.
 */
export async function overruleRunLocks(locks: LockManager, clientId: string): Promise<void> {
  const { held = [] } = await locks.query()
  for (const { name = '', clientId: holder } of held) {
    if (holder === clientId && (name === MEASURING_LOCK || name.startsWith(RUN_PREFIX)))
      await locks.request(name, { steal: true }, () => undefined)
  }
}

export interface RunLocks {
  /** Takes both locks for `runId` or none; never waits for another tab. */
  acquire(runId: RunId): Promise<LockResult>
  /** Takes the lock of `runId` alone, for work that measures nothing; null where some tab has it. */
  acquireAlone(runId: RunId): Promise<Release | null>
  /** The runs that some tab, this one included, is answering now. */
  heldRuns(): Promise<RunId[]>
}

export class BrowserRunLocks implements RunLocks {
  readonly #locks: LockManager | undefined

  /** Without a lock manager (an insecure origin) every lock is granted; the run log still refuses doubles. */
  constructor(locks: LockManager | undefined) {
    this.#locks = locks
  }

  async acquire(runId: RunId): Promise<LockResult> {
    const releaseRun = await this.acquireAlone(runId)
    if (!releaseRun) return { kind: 'busy', holder: 'run' }
    const releaseEngine = await this.#tryLock(MEASURING_LOCK)
    if (!releaseEngine) {
      await releaseRun()
      return { kind: 'busy', holder: 'engine' }
    }
    return {
      kind: 'held',
      release: async () => {
        await Promise.all([releaseEngine(), releaseRun()])
      },
    }
  }

  acquireAlone(runId: RunId): Promise<Release | null> {
    return this.#tryLock(RUN_PREFIX + runId)
  }

  async heldRuns(): Promise<RunId[]> {
    const { held = [] } = (await this.#locks?.query()) ?? {}
    const names = held.map((lock) => lock.name ?? '').filter((name) => name.startsWith(RUN_PREFIX))
    return names.map((name) => name.slice(RUN_PREFIX.length) as RunId)
  }

  /** Null when another holder has the lock. */
  #tryLock(name: string): Promise<Release | null> {
    if (!this.#locks) return Promise.resolve(() => Promise.resolve())
    const locks = this.#locks
    return new Promise((resolve, reject) => {
      const freed = locks.request(name, { mode: 'exclusive', ifAvailable: true }, (lock) => {
        if (!lock) return resolve(null)
        return new Promise<void>((release) =>
          resolve(() => {
            release()
            // Rejected where another tab has overruled this one: then it is free, too.
            return freed.catch(() => undefined)
          }),
        )
      })
      // Without effect once it was granted.
      freed.catch(reject)
    })
  }
}
