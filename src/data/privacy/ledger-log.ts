/**
 * The ledger in a database of its own, written by pages, workers and the service worker alike. Writing never fails and
 * never keeps anyone waiting: entries are put in from memory, many at a time.
 */
import { openDB, type DBSchema, type IDBPDatabase } from 'idb'
import { EMPTY_LEDGER, MOST_ENTRIES, type Ledger, type LedgerEntry } from '#core/privacy/ledger'
import { addToTotals } from '#core/privacy/ledger-totals'

export const LEDGER_DATABASE = 'somnus-ledger'

/** What is known of entries that are gone. */
type Rest = Omit<Ledger, 'entries'>

interface LedgerSchema extends DBSchema {
  /** Keys count up in the order of writing. */
  entries: { key: number; value: LedgerEntry }
  rest: { key: 'rest'; value: Rest }
}

type LedgerDatabase = IDBPDatabase<LedgerSchema>

/** Entries of a page's start come within this time: one transaction takes them all. */
const WRITE_AFTER_MS = 300
/** So many are not kept waiting. */
const WRITE_AT = 500
/** More than this are not held in memory while the database refuses them. */
const MOST_WAITING = 5_000
/** Part of the entries dropped at a time, so that a full ledger is not cut at every write. */
const DROPPED_AT_ONCE = 0.1

/** A line that was begun; what becomes of the request may be added. */
export interface LedgerLine {
  amend(changes: Partial<Pick<LedgerEntry, 'bytes' | 'outcome' | 'refusedBy'>>): void
}

interface Line {
  entry: LedgerEntry
  /** Null until it is written. */
  key: number | null
}

export interface LedgerLogOptions {
  name?: string
  mostEntries?: number
  now?: () => number
}

export class LedgerLog {
  readonly #name: string
  readonly #mostEntries: number
  readonly #now: () => number
  readonly #changes: BroadcastChannel
  #database: Promise<LedgerDatabase> | null = null
  #waiting = new Set<Line>()
  #unwritten = 0
  /** The next write, while one is due. */
  #due: Promise<void> | null = null
  #writing: Promise<void> = Promise.resolve()

  constructor({ name = LEDGER_DATABASE, mostEntries = MOST_ENTRIES, now = Date.now }: LedgerLogOptions = {}) {
    this.#name = name
    this.#mostEntries = mostEntries
    this.#now = now
    this.#changes = new BroadcastChannel(name)
  }

  record(entry: LedgerEntry): LedgerLine {
    const line: Line = { entry, key: null }
    this.#wait(line)
    return {
      amend: (changes) => {
        line.entry = { ...line.entry, ...changes }
        this.#wait(line)
      },
    }
  }

  /** Writes what waits; ends when that was written, or could not be. Never rejects. */
  flush(): Promise<void> {
    const lines = [...this.#waiting]
    this.#waiting.clear()
    if (lines.length > 0) this.#writing = this.#writing.then(() => this.#write(lines))
    return this.#writing
  }

  /** Ends when all that was recorded so far is written in its own time. Never rejects. */
  written(): Promise<void> {
    return this.#due ?? this.#writing
  }

  /** All that is stored. Rejects where the database does. */
  async read(): Promise<Ledger> {
    const transaction = (await this.#open()).transaction(['entries', 'rest'])
    const [entries, rest] = await Promise.all([
      transaction.objectStore('entries').getAll(),
      transaction.objectStore('rest').get('rest'),
    ])
    return { ...EMPTY_LEDGER, ...rest, entries }
  }

  async clear(): Promise<void> {
    await this.flush()
    const transaction = (await this.#open()).transaction(['entries', 'rest'], 'readwrite')
    void transaction.objectStore('entries').clear()
    void transaction.objectStore('rest').put({ ...EMPTY_REST, since: this.#now() }, 'rest')
    await transaction.done
    this.#changes.postMessage(null)
  }

  /** Tells when another tab, a worker or the service worker has written; returns how to stop. */
  onChange(listener: () => void): () => void {
    const channel = new BroadcastChannel(this.#name)
    channel.onmessage = listener
    return () => channel.close()
  }

  #wait(line: Line): void {
    if (this.#waiting.size >= MOST_WAITING) {
      this.#unwritten += 1
      return
    }
    this.#waiting.add(line)
    if (this.#waiting.size >= WRITE_AT) void this.flush()
    else this.#due ??= this.#flushSoon()
  }

  async #flushSoon(): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, WRITE_AFTER_MS))
    this.#due = null
    await this.flush()
  }

  async #write(lines: readonly Line[]): Promise<void> {
    const lost = this.#unwritten
    try {
      const transaction = (await this.#open()).transaction(['entries', 'rest'], 'readwrite')
      const entries = transaction.objectStore('entries')
      const keys = await Promise.all(
        lines.map(async ({ entry, key }) => {
          if (key === null) return entries.add(entry)
          // A line that was dropped or cleared meanwhile is not brought back.
          if ((await entries.getKey(key)) !== undefined) await entries.put(entry, key)
          return key
        }),
      )
      const rest = (await transaction.objectStore('rest').get('rest')) ?? EMPTY_REST
      const old = await this.#dropOldest(entries)
      const since = rest.since ?? lines[0]?.entry.at ?? null
      const dropped = old.length > 0 ? addToTotals(rest.dropped, old) : rest.dropped
      void transaction.objectStore('rest').put({ dropped, unwritten: rest.unwritten + lost, since }, 'rest')
      await transaction.done
      lines.forEach((line, index) => (line.key = keys[index] ?? null))
      this.#unwritten -= lost
      this.#changes.postMessage(null)
    } catch {
      // The next entry tries again; what is no longer held then is counted.
      const room = Math.max(0, MOST_WAITING - this.#waiting.size)
      lines.slice(0, room).forEach((line) => this.#waiting.add(line))
      this.#unwritten += Math.max(0, lines.length - room)
    }
  }

  /** The entries that were taken out. */
  async #dropOldest(entries: {
    count(): Promise<number>
    getAll(query: null, count: number): Promise<LedgerEntry[]>
    getAllKeys(query: null, count: number): Promise<number[]>
    delete(range: IDBKeyRange): Promise<void>
  }): Promise<LedgerEntry[]> {
    const over = (await entries.count()) - this.#mostEntries
    if (over <= 0) return []
    const count = over + Math.ceil(this.#mostEntries * DROPPED_AT_ONCE)
    const [oldest, keys] = await Promise.all([entries.getAll(null, count), entries.getAllKeys(null, count)])
    await entries.delete(IDBKeyRange.upperBound(keys.at(-1)))
    return oldest
  }

  #open(): Promise<LedgerDatabase> {
    this.#database ??= this.#connect().catch((error: unknown) => {
      this.#database = null
      throw error
    })
    return this.#database
  }

  async #connect(): Promise<LedgerDatabase> {
    const database = await openDB<LedgerSchema>(this.#name, 1, {
      upgrade(created) {
        created.createObjectStore('entries', { autoIncrement: true })
        created.createObjectStore('rest')
      },
      // Erasing everything must not wait for a ledger that somebody has open.
      blocking: () => {
        this.#database = null
        database.close()
      },
      terminated: () => (this.#database = null),
    })
    return database
  }
}

const EMPTY_REST: Rest = { dropped: [], unwritten: 0, since: null }
