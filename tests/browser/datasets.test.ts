import { afterEach, describe, expect, test, vi } from 'vitest'
import type { DatasetId, Item } from '#core/dataset/item'
import { MAX_ROWS, MAX_SOURCE_BYTES } from '#core/dataset/limits'
import { countOf } from '#core/dataset/preview'
import { DatasetDatabase } from '#data/db/datasets'
import { closeDatasets, jsonFile, makeRows, openDatasets } from './dataset-fixture'
import { chosenHosts } from './chosen-hosts'

const TEMPLATE: Item = { id: 'x', language: 'en', level: 1, stem: 'Q?', options: ['a', 'b'], targetIndex: 0 }

afterEach(closeDatasets)

/** Looks as often as the event loop allows: what is waited for may last only some milliseconds. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setTimeout(resolve))
}

describe('importing AnesBench from its publisher', () => {
  test('shows the terms once, then imports; again finds it stored', async () => {
    const { datasets, name } = await openDatasets()
    await datasets.importFromHub()
    expect(datasets.importState).toEqual({ kind: 'terms' })
    expect(datasets.list).toEqual([])
    await datasets.acceptTerms()
    expect(datasets.importState).toMatchObject({ kind: 'done', isNew: true })
    expect(datasets.list).toMatchObject([{ name: 'AnesBench', source: { kind: 'hub' }, problemCount: 0 }])

    const reloaded = await openDatasets({ name })
    expect(reloaded.datasets.list).toEqual(datasets.list)
    await reloaded.datasets.importFromHub()
    expect(reloaded.datasets.importState).toMatchObject({ kind: 'done', isNew: false })
    expect(reloaded.datasets.list).toEqual(datasets.list)
  })

  test('declining the terms downloads nothing, and they are shown again', async () => {
    const { datasets } = await openDatasets()
    await datasets.importFromHub()
    await datasets.cancel()
    expect(datasets.importState).toEqual({ kind: 'idle' })
    await datasets.importFromHub()
    expect(datasets.importState).toEqual({ kind: 'terms' })
  })

  test.each([
    ['a page in place of the file', `${location.origin}/no-such-folder/`, 'web-page'],
    ['no server', 'http://127.0.0.1:1/', 'download-failed'],
  ])('%s is explained and changes nothing', async (_, url, kind) => {
    const { datasets } = await openDatasets({ hub: { url, files: ['anesbench_en.json'] } })
    await datasets.chooseFiles([jsonFile('mine.json', makeRows(3))])
    const before = datasets.list
    await datasets.importFromHub()
    await datasets.acceptTerms()
    expect(datasets.importState).toMatchObject({ kind: 'failed', failures: [{ kind }] })
    expect(datasets.list).toEqual(before)
  })
})

describe('the built-in benchmark', () => {
  test('is stored on first use and found on the next', async () => {
    const { datasets } = await openDatasets()
    const first = await datasets.installBuiltIn()
    const second = await datasets.installBuiltIn()
    expect(first).toMatchObject({ ok: true, value: { source: { kind: 'built-in' }, problemCount: 0 } })
    expect(second).toEqual(first)
    expect(datasets.list).toHaveLength(1)
    if (first.ok) expect(countOf(first.value.counts)).toBeGreaterThanOrEqual(200)
  })

  test('offline, the stored one serves', async () => {
    const { datasets, name } = await openDatasets()
    const installed = await datasets.installBuiltIn()
    const offline = await openDatasets({ name, builtInUrls: ['http://127.0.0.1:1/x.json'] })
    expect(await offline.datasets.installBuiltIn()).toEqual(installed)
  })

  test('offline on first use is a failure that says so', async () => {
    const url = 'http://127.0.0.1:1/x.json'
    await chosenHosts.admit([url])
    const { datasets } = await openDatasets({ builtInUrls: [url] })
    expect(await datasets.installBuiltIn()).toMatchObject({ ok: false, failure: { kind: 'download-failed' } })
  })
})

describe('importing files', () => {
  test('a clean file is stored without further questions; its items come back one by one and in pages', async () => {
    const { datasets } = await openDatasets()
    await datasets.chooseFiles([jsonFile('numbers_en.json', makeRows(300))])
    const [dataset] = datasets.list
    if (!dataset) throw new Error('nothing stored')
    expect(dataset).toMatchObject({
      name: 'numbers_en',
      source: { kind: 'file', fileNames: ['numbers_en.json'] },
      counts: { en: { 1: 100, 2: 100, 3: 100, unlabelled: 0 } },
      optionCounts: { 2: 300 },
    })
    const { id } = dataset
    expect(await datasets.item(id, 0)).toMatchObject({ id: 'item-0', level: 1, targetIndex: 0 })
    expect(await datasets.item(id, 64)).toMatchObject({ id: 'item-64', options: ['65', '66'] })
    expect(await datasets.item(id, 299)).toMatchObject({ id: 'item-299' })
    expect(await datasets.item(id, 300)).toBeUndefined()
    const page = await datasets.page(id, 60, 10)
    expect(page.map((item) => item.id)).toEqual(
      Array.from({ length: 10 }, (_, index) => `item-${60 + index}`),
    )
    expect(await datasets.page(id, 295, 100)).toHaveLength(5)
    const metas = await datasets.itemMetas(id)
    expect(metas).toHaveLength(300)
    expect(metas[299]).toEqual({ id: 'item-299', language: 'en', level: 3 })
  })

  test('a partly bad file is stored only after its problems were seen', async () => {
    const { datasets } = await openDatasets()
    const [first = '', second = ''] = makeRows(2)
    await datasets.chooseFiles([
      jsonFile('mixed.json', [first, second.replace('"target":"A"', '"target":"Q"'), '{"id":NaN}']),
    ])
    const { importState } = datasets
    expect(datasets.list).toEqual([])
    if (importState.kind !== 'review') throw new Error(importState.kind)
    expect(importState.preview).toMatchObject({ items: 1, problems: { total: 2 } })
    await datasets.confirm()
    expect(datasets.importState).toMatchObject({ kind: 'done', isNew: true })
    const [dataset] = datasets.list
    expect(dataset?.problemCount).toBe(2)
    expect(dataset && (await datasets.problems(dataset.id))).toEqual(importState.preview.problems.listed)
  })

  test('a file without one good row is explained, and never becomes an empty dataset', async () => {
    const { datasets } = await openDatasets()
    await datasets.chooseFiles([
      jsonFile('bad.json', ['{"id":1,"question":"Q?","A":"only one","target":"A"}']),
    ])
    await datasets.confirm()
    expect(datasets.importState).toMatchObject({
      kind: 'review',
      preview: { items: 0, problems: { total: 1 } },
    })
    expect(datasets.list).toEqual([])
  })

  test('leaving the review stores nothing', async () => {
    const { datasets, database } = await openDatasets()
    await datasets.chooseFiles([jsonFile('mixed.json', [...makeRows(5), '{"id":NaN}'])])
    await datasets.cancel()
    await datasets.confirm()
    expect(datasets.list).toEqual([])
    expect(await database.count('itemBlocks')).toBe(0)
  })

  test('the same items from another format are the same dataset', async () => {
    const { datasets } = await openDatasets()
    const rows = makeRows(20)
    await datasets.chooseFiles([jsonFile('one_en.json', rows)])
    await datasets.chooseFiles([new File([rows.join('\n')], 'two_en.jsonl')])
    expect(datasets.importState).toMatchObject({ kind: 'done', isNew: false, dataset: { name: 'one_en' } })
    expect(datasets.list).toHaveLength(1)
  })

  test('Parquet, with its decompressor fetched in the worker', async () => {
    const { datasets } = await openDatasets()
    const response = await fetch('/tests/fixtures/datasets/questions.snappy.parquet')
    await datasets.chooseFiles([new File([await response.blob()], 'questions.parquet')])
    expect(datasets.importState).toMatchObject({ kind: 'done', isNew: true })
    expect(datasets.list).toMatchObject([{ counts: { en: { 1: 1, 2: 2, 3: 2, unlabelled: 1 } } }])
  })

  test('a new import takes the place of one under way', async () => {
    const { datasets } = await openDatasets()
    const slow = datasets.chooseFiles([jsonFile('slow.json', makeRows(50_000))])
    await datasets.chooseFiles([jsonFile('quick.json', makeRows(2))])
    await Promise.race([slow, new Promise((resolve) => setTimeout(resolve, 1500))])
    expect(datasets.list.map((dataset) => dataset.name)).toEqual(['quick'])
  })

  test('cancelled while it is stored: no trace of it, and what was there stays', async () => {
    const { datasets, database, name } = await openDatasets()
    await datasets.chooseFiles([jsonFile('before.json', makeRows(10))])
    void datasets.chooseFiles([jsonFile('big.json', makeRows(60_000))])
    await until(() => datasets.importState.kind === 'saving' && datasets.importState.progress !== null)
    await datasets.cancel()
    const reloaded = await openDatasets({ name })
    expect(reloaded.datasets.list.map((dataset) => dataset.name)).toEqual(['before'])
    expect(await database.count('itemBlocks')).toBe(1)
    expect(await database.count('datasetDetails')).toBe(1)
  })
})

describe('a browser that cannot store', () => {
  test.each([
    ['QuotaExceededError', 'storage-full'],
    ['UnknownError', 'storage-failed'],
  ])('%s half-way leaves nothing behind', async (error, kind) => {
    const { datasets, database } = await openDatasets()
    await datasets.chooseFiles([jsonFile('before.json', makeRows(10))])
    const [before] = datasets.list
    if (!before) throw new Error('nothing stored')
    const items = Array.from({ length: 1000 }, () => ({ ...TEMPLATE }))
    const put = Object.getOwnPropertyDescriptor(IDBObjectStore.prototype, 'put')
      ?.value as typeof IDBObjectStore.prototype.put
    let puts = 0
    vi.spyOn(IDBObjectStore.prototype, 'put').mockImplementation(function (this: IDBObjectStore, value, key) {
      if (++puts === 5) throw new DOMException('no', error)
      return put.call(this, value, key)
    })
    const id = 'other' as DatasetId
    const saved = await new DatasetDatabase(database).save({ ...before, id }, items, [], () => undefined)
    vi.restoreAllMocks()
    expect(saved).toMatchObject({ ok: false, failure: { kind } })
    expect(puts).toBeGreaterThan(4)
    await datasets.load()
    expect(datasets.list).toEqual([before])
    expect(await database.count('itemBlocks')).toBe(1)
  })
})

describe('deleting', () => {
  test('can be undone with everything; importing again brings it back too', async () => {
    const { datasets } = await openDatasets()
    await datasets.chooseFiles([jsonFile('a.json', makeRows(3))])
    const [dataset] = datasets.list
    if (!dataset) throw new Error('nothing stored')
    await datasets.remove(dataset.id)
    expect(datasets.list).toEqual([])
    expect(await datasets.find(dataset.id)).toBeUndefined()
    await datasets.restore(dataset.id)
    expect(datasets.list).toEqual([dataset])
    expect(await datasets.item(dataset.id, 2)).toMatchObject({ id: 'item-2' })
    await datasets.remove(dataset.id)
    await datasets.chooseFiles([jsonFile('a.json', makeRows(3))])
    expect(datasets.list).toMatchObject([{ id: dataset.id }])
  })

  test('is final after the time for the undo', async () => {
    let now = Date.UTC(2026, 10, 21)
    const { datasets, database, name } = await openDatasets({ now: () => now })
    await datasets.chooseFiles([jsonFile('a.json', makeRows(200)), jsonFile('b.json', ['{"x":1}'])])
    await datasets.confirm()
    await datasets.chooseFiles([jsonFile('kept.json', makeRows(5))])
    const dataset = datasets.list.find(({ name }) => name === 'a + b')
    if (!dataset) throw new Error('nothing stored')
    await datasets.remove(dataset.id)
    await openDatasets({ name, now: () => now })
    expect(await database.count('datasets')).toBe(2)
    now += 2 * 60 * 60 * 1000
    await openDatasets({ name, now: () => now })
    expect(await database.getAllKeys('datasets')).toEqual([datasets.list[0]?.id])
    expect(await database.count('itemBlocks')).toBe(1)
  })
})

describe('large files', () => {
  test('a million rows in 200 MB are imported while the page stays alive', { timeout: 240_000 }, async () => {
    const { datasets } = await openDatasets()
    const pad = ' '.repeat(95)
    const pieces: Blob[] = []
    for (let start = 0; start < MAX_ROWS; start += 50_000) {
      const rows = Array.from({ length: 50_000 }, (_, offset) => {
        const id = start + offset
        return `{"id":"${id}","question":"Which number follows ${id}?${pad}","A":"${id + 1}","B":"${id + 2}","choice_num":2,"target":"A","category":1}`
      })
      pieces.push(new Blob([start === 0 ? '[' : ',', rows.join(',')]))
    }
    const file = new File([...pieces, ']'], 'million_en.json')
    expect(file.size).toBeGreaterThan(200_000_000)
    expect(file.size).toBeLessThan(MAX_SOURCE_BYTES)

    // What the page sees of the progress whenever it has a moment; a page that stood still would see nothing of it.
    const glances = new Set<string>()
    const heartbeat = setInterval(() => glances.add(JSON.stringify(datasets.importState)), 20)
    const start = performance.now()
    await datasets.chooseFiles([file])
    const seconds = (performance.now() - start) / 1000
    clearInterval(heartbeat)

    const [dataset] = datasets.list
    expect(dataset && countOf(dataset.counts)).toBe(MAX_ROWS)
    expect(dataset && (await datasets.item(dataset.id, 999_999))).toMatchObject({ id: '999999' })
    expect(glances.size).toBeGreaterThan(10)
    console.info(`1,000,000 rows, ${file.size} bytes: ${seconds.toFixed(1)} s, seen ${glances.size} times`)
  })

  test(
    'one row more than the limit, and one byte more, are refused with the limit',
    { timeout: 60_000 },
    async () => {
      const { datasets } = await openDatasets()
      await datasets.chooseFiles([new File([new Uint8Array(MAX_SOURCE_BYTES + 1)], 'huge.json')])
      expect(datasets.importState).toMatchObject({
        kind: 'failed',
        failures: [{ kind: 'too-large', file: 'huge.json', limitBytes: MAX_SOURCE_BYTES }],
      })
      await datasets.chooseFiles([new File(['5\n'.repeat(MAX_ROWS + 1)], 'rows.jsonl')])
      expect(datasets.importState).toMatchObject({
        kind: 'failed',
        failures: [{ kind: 'too-many-rows', file: 'rows.jsonl', limitRows: MAX_ROWS }],
      })
    },
  )
})
