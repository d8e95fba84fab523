import type { DatasetId, Item } from '#core/dataset/item'
import type { ItemLanguage } from '#core/prompt/question'
import type { Datasets } from './datasets.svelte'

/** Real items of one dataset and language, one after another, to show prompts with. */
export class PreviewItems {
  readonly #datasets: Pick<Datasets, 'item' | 'itemMetas'>
  #datasetId: DatasetId | null = null
  #indexes: readonly number[] = []
  #place = 0
  #items = $state.raw<readonly Item[]>([])

  constructor(datasets: Pick<Datasets, 'item' | 'itemMetas'>) {
    this.#datasets = datasets
  }

  /** Null while it is read, and where there is none. */
  get item(): Item | null {
    return this.#items[0] ?? null
  }

  /** The one after it, to stand as a worked example. */
  get example(): Item | null {
    return this.#items[1] ?? null
  }

  /** Begins with the first item of the language. */
  async show(datasetId: DatasetId | null, language: ItemLanguage): Promise<void> {
    this.#datasetId = datasetId
    this.#place = 0
    const indexes: number[] = []
    const metas = datasetId === null ? [] : await this.#datasets.itemMetas(datasetId)
    metas.forEach((meta, index) => meta.language === language && indexes.push(index))
    if (this.#datasetId !== datasetId) return
    this.#indexes = indexes
    await this.#read()
  }

  /** Goes on to the next item; after the last comes the first. */
  async next(): Promise<void> {
    this.#place += 1
    await this.#read()
  }

  async #read(): Promise<void> {
    const indexes = this.#indexes
    const datasetId = this.#datasetId
    const items: Item[] = []
    for (const step of [0, 1]) {
      const index = indexes[(this.#place + step) % indexes.length]
      if (datasetId === null || index === undefined) break
      const item = await this.#datasets.item(datasetId, index)
      if (item) items.push(item)
    }
    // Another language may have been chosen while these were read.
    if (indexes === this.#indexes) this.#items = items
  }
}
