import { Notices } from '#app/notices.svelte'
import { Prompts } from '#app/prompts.svelte'
import { RunDraft, type DraftModels } from '#app/run-draft.svelte'
import type { Stores } from '#app/stores'
import { parseCatalog, variantsOf } from '#core/catalog'
import type { Dataset, DatasetId, Item } from '#core/dataset/item'
import type { PromptSetId } from '#core/prompt/prompt-set'
import { countItems } from '#core/run/sample'
import { PromptDatabase } from '#data/db/prompts'
import { openDatabase } from '#data/db/schema'
import { randomId } from '#data/random-id'
import { Locale } from '#i18n/locale.svelte'
import catalogJson from '../../models.json'

/** `count` items, every third of them Chinese. */
function makeItems(name: string, count: number): Item[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `${name}-${String(index).padStart(3, '0')}`,
    language: index % 3 === 2 ? 'zh' : 'en',
    level: ([1, 2, 3] as const)[index % 3] ?? null,
    stem: `Stem ${index} of ${name}?`,
    options: ['first', 'second', 'third', 'fourth'].map((option) => `${option} of ${name} ${index}`),
    targetIndex: index % 4,
  }))
}

function makeDataset(name: string, items: readonly Item[]): Dataset {
  return {
    id: name as DatasetId,
    name,
    source: { kind: 'file', fileNames: [] },
    sha256: name,
    itemsSha256: name,
    counts: countItems(items),
    optionCounts: { 4: items.length },
    problemCount: 0,
    importedAt: 0,
  }
}

/** Stores of the set-up form over two datasets in memory, "asked" and "pool", and prompts in a database of their own. */
export async function makeFormStores(language: 'en' | 'zh' = 'en', name: string = randomId()) {
  const contents = new Map([
    ['asked', makeItems('asked', 60)],
    ['pool', makeItems('pool', 12)],
  ])
  const itemsOf = (id: DatasetId) => contents.get(id) ?? []
  const datasets = {
    list: [...contents].map(([id, items]) => makeDataset(id, items)),
    itemMetas: (id: DatasetId) => Promise.resolve(itemsOf(id)),
    item: (id: DatasetId, index: number) => Promise.resolve(itemsOf(id)[index]),
    items: (id: DatasetId, indexes: readonly number[]) =>
      Promise.resolve(indexes.flatMap((index) => itemsOf(id)[index] ?? [])),
  }
  const database = await openDatabase({ onBlocked: () => undefined, onOutdated: () => undefined }, name)
  const prompts = new Prompts({
    database: new PromptDatabase(database),
    now: () => Date.now(),
    newId: () => randomId() as PromptSetId,
  })
  await prompts.load()
  await prompts.loadBuiltIn()
  const draft = new RunDraft(draftModels(), datasets, prompts)
  const locale = new Locale(language)
  const engine = { state: { kind: 'empty' } }
  const stores = { locale, notices: new Notices(), datasets, prompts, runDraft: draft, engine }
  return { stores: stores as unknown as Stores, draft, prompts, name, database, itemsOf }
}

function draftModels(): DraftModels {
  const parsed = parseCatalog(catalogJson)
  if (!parsed.ok) throw new Error('models.json')
  const [builtIn] = parsed.value.models.filter(({ availability }) => availability.kind === 'built-in')
  if (!builtIn || variantsOf(builtIn).length === 0) throw new Error('no built-in model')
  return { records: parsed.value.models, builtIn, loaded: null, lastChoice: null, find: () => null }
}
