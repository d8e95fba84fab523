import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import {
  findPublished,
  PUBLISHED_TABLES,
  publishedAccuracy,
  publishedKey,
  type PublishedResult,
} from '#core/reference/published'

const SHARED = new URL('../../../../shared/data/anesbench-published.json', import.meta.url)

function result(tableId: string, model: string): PublishedResult {
  const found = findPublished(`${tableId}/${model}`)
  if (!found) throw new Error(`${tableId} has no ${model}`)
  return found
}

describe('the published results', () => {
  it('are those of three tables, each under its own source', () => {
    expect(PUBLISHED_TABLES.map(({ id, rows, confidence }) => [id, rows.length, confidence])).toEqual([
      ['leaderboard-2025-05', 51, 'verified'],
      ['paper-main', 10, 'second-hand'],
      ['paper-morpheus', 9, 'second-hand'],
    ])
  })

  it('can be named and found again', () => {
    for (const table of PUBLISHED_TABLES) {
      for (const row of table.rows) {
        expect(findPublished(publishedKey({ table, row }))).toEqual({ table, row })
      }
    }
    expect(findPublished('paper-main/No such model')).toBeNull()
  })

  it.skipIf(!existsSync(SHARED))('repeat every documented number (skipped without ../shared/data)', () => {
    const { rows } = JSON.parse(readFileSync(SHARED, 'utf8')) as {
      rows: Record<string, string | number | null>[]
    }
    const shown = PUBLISHED_TABLES.flatMap(({ rows: all }) =>
      all.map(({ model, en, zh }) => [model, ...en, ...zh]),
    )
    const columns = ['model', 'en_s1', 'en_s1x', 'en_s2', 'en_total', 'cn_s1', 'cn_s1x', 'cn_s2', 'cn_total']
    expect(shown).toEqual(rows.map((row) => columns.map((column) => row[column])))
  })
})

describe('publishedAccuracy', () => {
  const seven = result('paper-main', 'Qwen2.5-7B-Instruct')

  it('is that of a language and level, or of the whole language', () => {
    expect(publishedAccuracy(seven, 'en', 1)).toBe(0.56)
    expect(publishedAccuracy(seven, 'zh', 3)).toBe(0.55)
    expect(publishedAccuracy(seven, 'en', null)).toBe(0.51)
  })

  it('is nothing across languages, for unlabelled items and where none was published', () => {
    expect(publishedAccuracy(seven, null, 1)).toBeNull()
    expect(publishedAccuracy(seven, 'en', 'unlabelled')).toBeNull()
    expect(publishedAccuracy(result('paper-morpheus', 'Morpheus-7B'), 'en', 1)).toBeNull()
    expect(publishedAccuracy(result('paper-morpheus', 'Morpheus-7B'), 'zh', null)).toBe(0.7)
  })

  it('never gives AMCQA for Chinese AnesBench', () => {
    expect(publishedAccuracy(result('leaderboard-2025-05', 'Qwen3-8B'), 'zh', null)).toBeNull()
    expect(publishedAccuracy(result('leaderboard-2025-05', 'Qwen3-8B'), 'en', 2)).toBe(0.5)
  })
})
