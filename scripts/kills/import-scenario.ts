/** Imports of a dataset file: each is there as a whole, or not at all. */
import type { Stores } from '#app/stores'
import { countOf } from '#core/dataset/preview'
import type { Item } from '#core/dataset/item'
import type { StoredDataset } from '#data/db/schema'
import type { RawDatabase } from './raw-database'
import { isCount, TOLD, type Scenario } from './scenario'

const ROWS = 4_000

export const importScenario: Scenario = {
  name: 'import',
  windowMs: 3_000,
  work: (page) => page.evaluate(importOn, [TOLD, ROWS] as const),
  faults,
}

/** In the page: one import after the other, and tells each that the store calls done. */
function importOn([told, rows]: readonly [string, number]): void {
  const { datasets } = (globalThis as unknown as { somnusStores: Stores }).somnusStores
  const one = async () => {
    const mark = Math.random().toString(36).slice(2)
    const items = Array.from({ length: rows }, (_, index) => ({
      ...{ id: `${mark}-${index}`, question: `Which organ clears drug ${index}?`, category: 1 + (index % 3) },
      ...{ A: 'liver', B: 'kidney', C: 'lung', D: 'plasma', choice_num: 4, target: 'B' },
    }))
    await datasets.chooseFiles([new File([JSON.stringify(items)], `${mark}.json`)])
    if (datasets.importState.kind === 'review') await datasets.confirm()
    if (datasets.importState.kind === 'done') console.info(`${told}${datasets.importState.dataset.id}`)
    await datasets.cancel()
  }
  const all = async () => {
    for (;;) await one()
  }
  void all()
}

function faults(stored: RawDatabase, told: readonly string[]): string[] {
  const found: string[] = []
  const blocks = new Map<string, { number: number; items: Item[] }[]>()
  for (const { key, value } of stored.itemBlocks ?? []) {
    const [dataset, number] = key as [string, number]
    blocks.set(dataset, [...(blocks.get(dataset) ?? []), { number, items: value as Item[] }])
  }
  const datasets = (stored.datasets ?? []).map(({ value }) => value as StoredDataset)
  for (const { id, dataset } of datasets) {
    const own = blocks.get(id) ?? []
    const items = own.reduce((sum, block) => sum + block.items.length, 0)
    if (!isCount(own.map(({ number }) => number)) || items !== countOf(dataset.counts)) {
      found.push(`dataset ${id} has ${items} of ${countOf(dataset.counts)} items`)
    }
  }
  const known = new Set<string>(datasets.map(({ id }) => id))
  for (const id of blocks.keys()) if (!known.has(id)) found.push(`items of dataset ${id}, which is not there`)
  for (const id of told) if (!known.has(id)) found.push(`dataset ${id} was told and is gone`)
  return found
}
