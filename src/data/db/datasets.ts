/** Datasets and their items in IndexedDB, for the page (reading) and for the import worker (saving). */
import type { ImportFailure } from '#core/dataset/failure'
import type { Dataset, DatasetId, Item } from '#core/dataset/item'
import { countOf } from '#core/dataset/preview'
import type { RowProblem } from '#core/dataset/problem'
import { packItemMeta, unpackItemMeta, type ItemMeta } from '#core/dataset/strata'
import { failure, success, type Result } from '#core/result'
import type { SomnusDatabase } from './schema'

/** Items per record: few enough that reading one item is cheap, many enough that a million save in seconds. */
const BLOCK_ITEMS = 64

/** Blocks handed to the browser before waiting for it, so that they do not pile up in memory. */
const BLOCKS_IN_FLIGHT = 64

export class DatasetDatabase {
  readonly #database: SomnusDatabase

  constructor(database: SomnusDatabase) {
    this.#database = database
  }

  /** All datasets, newest first. */
  async list(): Promise<Dataset[]> {
    const stored = await this.#database.getAll('datasets')
    return stored
      .filter(({ removedAt }) => removedAt === null)
      .map(({ dataset }) => dataset)
      .sort((a, b) => b.importedAt - a.importedAt || (a.id < b.id ? -1 : 1))
  }

  async find(id: DatasetId): Promise<Dataset | undefined> {
    const stored = await this.#database.get('datasets', id)
    return stored?.removedAt === null ? stored.dataset : undefined
  }

  /** One item by its index. */
  async item(id: DatasetId, index: number): Promise<Item | undefined> {
    const block = await this.#database.get('itemBlocks', [id, Math.floor(index / BLOCK_ITEMS)])
    return block?.[index % BLOCK_ITEMS]
  }

  /** The items at these indexes, in their order; those that are gone are left out. Reads each block once. */
  async items(id: DatasetId, indexes: readonly number[]): Promise<Item[]> {
    const { store } = this.#database.transaction('itemBlocks')
    const numbers = [...new Set(indexes.map((index) => Math.floor(index / BLOCK_ITEMS)))]
    const blocks = new Map(
      await Promise.all(numbers.map(async (number) => [number, await store.get([id, number])] as const)),
    )
    return indexes.flatMap(
      (index) => blocks.get(Math.floor(index / BLOCK_ITEMS))?.[index % BLOCK_ITEMS] ?? [],
    )
  }

  /** The items from `start` on, at most `count`. */
  async page(id: DatasetId, start: number, count: number): Promise<Item[]> {
    const firstBlock = Math.floor(start / BLOCK_ITEMS)
    const lastBlock = Math.floor((start + count - 1) / BLOCK_ITEMS)
    const range = IDBKeyRange.bound([id, firstBlock], [id, lastBlock])
    const items = (await this.#database.getAll('itemBlocks', range)).flat()
    const offset = start - firstBlock * BLOCK_ITEMS
    return items.slice(offset, offset + count)
  }

  /** Id, language and level of every item in order, for sampling; reads no question. */
  async itemMetas(id: DatasetId): Promise<ItemMeta[]> {
    const details = await this.#database.get('datasetDetails', id)
    return details ? unpackItemMeta(details.meta) : []
  }

  /** The rows that were left out at import, as far as they were listed. */
  async problems(id: DatasetId): Promise<RowProblem[]> {
    return (await this.#database.get('datasetDetails', id))?.problems ?? []
  }

  /** Stores a dataset in one transaction: all of it, or nothing when the tab dies or storage is full. */
  async save(
    dataset: Dataset,
    items: readonly Item[],
    problems: readonly RowProblem[],
    onSaved: (items: number) => void,
  ): Promise<Result<Dataset, ImportFailure>> {
    const { id } = dataset
    const transaction = this.#database.transaction(['datasets', 'datasetDetails', 'itemBlocks'], 'readwrite')
    try {
      const blocks = transaction.objectStore('itemBlocks')
      const batchItems = BLOCK_ITEMS * BLOCKS_IN_FLIGHT
      for (let batch = 0; batch < items.length; batch += batchItems) {
        onSaved(batch)
        const starts = Array.from({ length: BLOCKS_IN_FLIGHT }, (_, block) => batch + block * BLOCK_ITEMS)
        // Async, so that a `put` that throws does not leave the others' rejections to nobody.
        const puts = starts
          .filter((start) => start < items.length)
          .map(async (start) =>
            blocks.put(items.slice(start, start + BLOCK_ITEMS), [id, start / BLOCK_ITEMS]),
          )
        await Promise.all(puts)
      }
      await Promise.all([
        transaction
          .objectStore('datasetDetails')
          .put({ meta: packItemMeta(items), problems: [...problems] }, id),
        transaction.objectStore('datasets').put({ id, dataset, removedAt: null }),
        transaction.done,
      ])
      return success(dataset)
    } catch (error) {
      // The rejection of `done` repeats the error that was just caught.
      transaction.done.catch(() => undefined)
      abort(transaction)
      return failure(storageFailure(error))
    }
  }

  /** Hides the dataset from every reader; `restore` brings it back until `purge` erases it. */
  async remove(id: DatasetId, at: number): Promise<void> {
    await this.#setRemovedAt(id, at)
  }

  async restore(id: DatasetId): Promise<void> {
    await this.#setRemovedAt(id, null)
  }

  /** Erases the datasets that were removed before `time`. */
  async purge(time: number): Promise<void> {
    const transaction = this.#database.transaction(['datasets', 'datasetDetails', 'itemBlocks'], 'readwrite')
    for (const { id, dataset, removedAt } of await transaction.objectStore('datasets').getAll()) {
      if (removedAt === null || removedAt >= time) continue
      const lastBlock = Math.ceil(countOf(dataset.counts) / BLOCK_ITEMS)
      void transaction.objectStore('itemBlocks').delete(IDBKeyRange.bound([id, 0], [id, lastBlock]))
      void transaction.objectStore('datasetDetails').delete(id)
      void transaction.objectStore('datasets').delete(id)
    }
    await transaction.done
  }

  async #setRemovedAt(id: DatasetId, removedAt: number | null): Promise<void> {
    const transaction = this.#database.transaction('datasets', 'readwrite')
    const stored = await transaction.store.get(id)
    if (stored) void transaction.store.put({ ...stored, removedAt })
    await transaction.done
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

function storageFailure(error: unknown): ImportFailure {
  if (error instanceof DOMException && error.name === 'QuotaExceededError') return { kind: 'storage-full' }
  return { kind: 'storage-failed', detail: error instanceof Error ? error.message : String(error) }
}
