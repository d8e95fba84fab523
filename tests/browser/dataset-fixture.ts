import { startImport } from '#app/dataset-importer'
import { Datasets, type DatasetsOptions } from '#app/datasets.svelte'
import { DatasetDatabase } from '#data/db/datasets'
import { Preferences } from '#data/db/preferences'
import { openDatabase, type SomnusDatabase } from '#data/db/schema'
import { chosenHosts } from './chosen-hosts'

export interface Fixture {
  name: string
  database: SomnusDatabase
  datasets: Datasets
}

const opened: Fixture[] = []

/** A store on a database of its own, or on that of `name` as after a reload. The hub is the dev server. */
export async function openDatasets(
  changes: Partial<DatasetsOptions> & { name?: string } = {},
): Promise<Fixture> {
  const { name = `test-${crypto.randomUUID()}`, ...options } = changes
  const database = await openDatabase({ onBlocked: () => undefined, onOutdated: () => undefined }, name)
  const url = `${location.origin}/datasets/`
  const files = ['formulary_en.json', 'formulary_zh.json']
  const datasets = new Datasets({
    hosts: chosenHosts,
    database: new DatasetDatabase(database),
    databaseName: name,
    preferences: new Preferences(database),
    startImport,
    hub: { url, files },
    builtInUrls: files.map((file) => url + file),
    now: () => Date.now(),
    ...options,
  })
  await datasets.load()
  const fixture = { name, database, datasets }
  opened.push(fixture)
  return fixture
}

export async function closeDatasets(): Promise<void> {
  for (const { datasets, database, name } of opened.splice(0)) {
    await datasets.cancel()
    database.close()
    indexedDB.deleteDatabase(name)
  }
}

/** `count` rows in the current shape as one JSON text; `pad` lengthens every stem. */
export function makeRows(count: number, pad = ''): string[] {
  return Array.from({ length: count }, (_, index) =>
    JSON.stringify({
      id: `item-${index}`,
      question: `Which number follows ${index}?${pad}`,
      A: String(index + 1),
      B: String(index + 2),
      choice_num: 2,
      target: 'A',
      category: 1 + (index % 3),
    }),
  )
}

export function jsonFile(name: string, rows: readonly string[]): File {
  return new File([`[${rows.join(',\n')}]`], name)
}
