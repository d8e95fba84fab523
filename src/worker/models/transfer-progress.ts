/** What is told of a download while its files arrive side by side. */
import type { ModelFailure } from '#core/model/failure'
import type { ModelFile } from '#core/model/stored'
import type { ModelProgress } from '../model-api'

type Downloading = Extract<ModelProgress, { kind: 'downloading' }>
type Waiting = NonNullable<Downloading['waiting']>

/** Often enough to look alive; a message for each chunk would keep the page busy. */
const REPORT_MS = 100

export class TransferProgress {
  readonly #files: readonly ModelFile[]
  readonly #stored: Map<string, number>
  readonly #report: (progress: Downloading) => void
  readonly #now: () => number
  /** The files under way, with what they wait for. */
  readonly #active = new Map<string, Waiting | null>()
  #reportedAt = -Infinity

  constructor(
    files: readonly ModelFile[],
    stored: ReadonlyMap<string, number>,
    ports: { now(): number; onProgress(progress: Downloading): void },
  ) {
    this.#files = files
    this.#stored = new Map(stored)
    this.#now = () => ports.now()
    this.#report = (progress) => ports.onProgress(progress)
    this.#tell()
  }

  begin(path: string): void {
    this.#active.set(path, null)
  }

  stored(path: string, bytes: number): void {
    this.#stored.set(path, bytes)
    if (this.#now() - this.#reportedAt >= REPORT_MS) this.#tell()
  }

  waiting(path: string, waiting: { reason: ModelFailure; retryAt: number | null } | null): void {
    const before = this.#active.get(path)
    this.#active.set(path, waiting)
    if (before !== waiting) this.#tell()
  }

  finish(path: string): void {
    this.#active.delete(path)
    if (this.#active.size > 0) this.#tell()
  }

  /** The last word, with the bytes that are stored in the end. */
  end(): void {
    this.#tell()
  }

  #tell(): void {
    this.#reportedAt = this.#now()
    let loadedBytes = 0
    let totalBytes = 0
    for (const { path, bytes } of this.#files) {
      const stored = this.#stored.get(path) ?? 0
      loadedBytes += stored
      totalBytes += Math.max(bytes ?? 0, stored)
    }
    this.#report({ kind: 'downloading', loadedBytes, totalBytes, waiting: this.#soonest() })
  }

  /** Null while any file goes on; else the wait that ends first. */
  #soonest(): Waiting | null {
    const waits = [...this.#active.values()]
    if (waits.length === 0 || waits.includes(null)) return null
    return (waits as Waiting[]).reduce((first, next) =>
      (next.retryAt ?? Infinity) < (first.retryAt ?? Infinity) ? next : first,
    )
  }
}
