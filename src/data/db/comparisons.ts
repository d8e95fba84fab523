/** Comparisons of two models in IndexedDB. Each change reads what is stored, so that two tabs lose nothing of each other. */
import {
  isWhole,
  type ComparisonId,
  type ComparisonRecord,
  type Preference,
  type Side,
} from '#core/chat/comparison'
import type { AssistantMessage, ChatStorageFailure } from '#core/chat/types'
import { failure, success, type Result } from '#core/result'
import type { SomnusDatabase } from './schema'

type Outcome = Promise<Result<void, ChatStorageFailure>>

export class ComparisonDatabase {
  readonly #database: SomnusDatabase

  constructor(database: SomnusDatabase) {
    this.#database = database
  }

  /** All comparisons, the latest series first, in the order of their questions. */
  async list(): Promise<ComparisonRecord[]> {
    const all = await this.#database.getAllFromIndex('comparisons', 'createdAt')
    return all
      .filter(({ removedAt }) => removedAt === null)
      .sort((one, other) => other.createdAt - one.createdAt || one.position - other.position)
  }

  /** Stores a new series, all of it or nothing. */
  create(records: readonly ComparisonRecord[]): Outcome {
    return attempt(async () => {
      const transaction = this.#database.transaction('comparisons', 'readwrite', { durability: 'strict' })
      await Promise.all([...records.map((record) => transaction.store.add(record)), transaction.done])
    })
  }

  /** Stores a reply in place of its earlier state; one that is whole stays, since it may have been judged. */
  putReply(id: ComparisonId, side: Side, reply: AssistantMessage): Outcome {
    return this.#change(id, (record) =>
      isWhole(record.replies[side]) ? record : { ...record, replies: { ...record.replies, [side]: reply } },
    )
  }

  /** Stores a preference, unless there is one: whoever saw the names cannot judge again. */
  decide(id: ComparisonId, preference: Preference, at: number): Outcome {
    return this.#change(id, (record) =>
      record.preference === null ? { ...record, preference, decidedAt: at } : record,
    )
  }

  /** Hides comparisons; they stay until `purge`, so `restore` brings them back. */
  async remove(ids: readonly ComparisonId[], at: number): Promise<void> {
    await this.#setRemovedAt(ids, at)
  }

  async restore(ids: readonly ComparisonId[]): Promise<void> {
    await this.#setRemovedAt(ids, null)
  }

  /** Erases the comparisons that were removed before `time`. */
  async purge(time: number): Promise<void> {
    const transaction = this.#database.transaction('comparisons', 'readwrite')
    for await (const cursor of transaction.store) {
      const { removedAt } = cursor.value
      if (removedAt !== null && removedAt < time) void cursor.delete()
    }
    await transaction.done
  }

  #change(id: ComparisonId, change: (record: ComparisonRecord) => ComparisonRecord): Outcome {
    return attempt(async () => {
      const transaction = this.#database.transaction('comparisons', 'readwrite')
      const record = await transaction.store.get(id)
      if (!record) throw new ComparisonGone()
      await Promise.all([transaction.store.put(change(record)), transaction.done])
    })
  }

  async #setRemovedAt(ids: readonly ComparisonId[], removedAt: number | null): Promise<void> {
    const transaction = this.#database.transaction('comparisons', 'readwrite')
    for (const id of ids) {
      const record = await transaction.store.get(id)
      if (record) void transaction.store.put({ ...record, removedAt })
    }
    await transaction.done
  }
}

/** Thrown inside a transaction, which it aborts; never leaves this file. */
class ComparisonGone extends Error {}

async function attempt(write: () => Promise<void>): Outcome {
  try {
    await write()
    return success(undefined)
  } catch (error) {
    if (error instanceof ComparisonGone) return failure({ kind: 'conversation-gone' })
    if (error instanceof DOMException && error.name === 'QuotaExceededError') {
      return failure({ kind: 'storage-full' })
    }
    return failure({ kind: 'storage-failed', detail: error instanceof Error ? error.message : String(error) })
  }
}
