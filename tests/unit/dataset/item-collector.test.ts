import { describe, expect, test } from 'vitest'
import type { FileFailure } from '#core/dataset/failure'
import { ItemCollector } from '#core/dataset/item-collector'
import { MAX_LISTED_PROBLEMS, MAX_ROWS } from '#core/dataset/limits'
import { countOf } from '#core/dataset/preview'
import { packItemMeta, unpackItemMeta } from '#core/dataset/strata'
import { currentRow } from './rows'

function addFile(
  collector: ItemCollector,
  file: string,
  values: readonly unknown[],
  failed: FileFailure | null = null,
) {
  return collector.addFile(file, (visit) => {
    values.every((value, index) => visit({ kind: 'value', row: index + 1, value }))
    return Promise.resolve(failed)
  })
}

describe('the collector of items', () => {
  test('counts by language, level and number of options', async () => {
    const collector = new ItemCollector()
    const rows = [
      currentRow({ id: 1 }),
      currentRow({ id: 2, category: 3, C: undefined, choice_num: 2 }),
      currentRow({ id: 3, category: undefined, language: 'zh' }),
    ]
    expect(await addFile(collector, 'x.json', rows)).toMatchObject({ ok: true, value: { rows: 3, items: 3 } })
    expect(collector.counts).toEqual({
      en: { 1: 1, 2: 0, 3: 1, unlabelled: 0 },
      zh: { 1: 0, 2: 0, 3: 0, unlabelled: 1 },
    })
    expect(collector.optionCounts).toEqual({ 2: 1, 3: 2 })
    expect(countOf(collector.counts)).toBe(3)
  })

  test('the second row with an id is a problem that names the first; the other language is free', async () => {
    const collector = new ItemCollector()
    await addFile(collector, 'a_en.json', [currentRow(), currentRow()])
    await addFile(collector, 'b_en.json', [currentRow()])
    await addFile(collector, 'a_zh.json', [currentRow()])
    expect(collector.items.map((item) => item.language)).toEqual(['en', 'zh'])
    expect(collector.problems.listed).toMatchObject([
      { file: 'a_en.json', row: 2, code: 'duplicate-id', expected: 'a_en.json: 1', found: 'q1' },
      { file: 'b_en.json', row: 1, code: 'duplicate-id', expected: 'a_en.json: 1' },
    ])
  })

  test('a file without a single question has the wrong shape, and no list of problems', async () => {
    const collector = new ItemCollector()
    expect(await addFile(collector, 'x.json', [{ prompt: 'a', label: 1 }, 5])).toEqual({
      ok: false,
      failure: { kind: 'wrong-shape', file: 'x.json', found: ['prompt', 'label'] },
    })
    expect(collector.problems).toEqual({ listed: [], total: 0 })
  })

  test('rows of the right shape that are all bad are listed, not refused', async () => {
    const collector = new ItemCollector()
    expect((await addFile(collector, 'x.json', [currentRow({ target: 'Z' })])).ok).toBe(true)
    expect(collector.problems.total).toBe(1)
  })

  test('no row at all', async () => {
    expect(await addFile(new ItemCollector(), 'x.json', [])).toMatchObject({ failure: { kind: 'no-rows' } })
  })

  test('damage after the first row keeps the rows before it', async () => {
    const collector = new ItemCollector()
    const damage = { kind: 'parquet-invalid', file: 'x.parquet', detail: 'page header' } as const
    expect(await addFile(collector, 'x.parquet', [currentRow()], damage)).toMatchObject({ ok: true })
    expect(collector.problems.listed).toMatchObject([{ row: 2, code: 'damaged', found: 'page header' }])
    expect(await addFile(collector, 'y.parquet', [], damage)).toMatchObject({ failure: damage })
  })

  test('problems are listed up to the limit and counted beyond it', async () => {
    const collector = new ItemCollector()
    const bad = currentRow({ target: 'Z' })
    await addFile(
      collector,
      'x.json',
      Array.from({ length: MAX_LISTED_PROBLEMS + 5 }, () => bad),
    )
    expect(collector.problems.listed).toHaveLength(MAX_LISTED_PROBLEMS)
    expect(collector.problems.total).toBe(MAX_LISTED_PROBLEMS + 5)
  })

  test('one row more than the limit, over all files, is too many', { timeout: 60_000 }, async () => {
    const collector = new ItemCollector()
    await addFile(collector, 'first.json', [currentRow()])
    const tally = await collector.addFile('many.json', (visit) => {
      let row = 1
      while (visit({ kind: 'value', row, value: null })) row++
      expect(row).toBe(MAX_ROWS)
      return Promise.resolve(null)
    })
    const failure = { kind: 'too-many-rows', file: 'many.json', limitRows: MAX_ROWS }
    expect(tally).toEqual({ ok: false, failure })
  })
})

test('language and level of every item survive packing', () => {
  const metas = (['en', 'zh'] as const).flatMap((language) =>
    ([1, 2, 3, null] as const).map((level) => ({ id: `${language}-${level}`, language, level })),
  )
  expect(unpackItemMeta(packItemMeta(metas))).toEqual(metas)
})
