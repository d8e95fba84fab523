/** Published AnesBench accuracies: facts to stand beside a comparison, never results on the same items. */
import * as v from 'valibot'
import type { ItemLanguage } from '../prompt/question'
import type { LevelChoice } from '../run/types'
import file from './anesbench-published.json'

/** The items that a table's column is about; none of them is what today's public files hold. */
const SETS = ['anesbench-en-v1', 'amcqa', 'anesbench-en-paper', 'anesbench-zh-paper'] as const

const Fraction = v.pipe(v.number(), v.minValue(0), v.maxValue(1))
/** Accuracies at System 1, 1.x and 2, and over all; null where not published. */
const Accuracies = v.strictTuple([v.nullable(Fraction), v.nullable(Fraction), v.nullable(Fraction), Fraction])
const Column = v.strictObject({ set: v.picklist(SETS), items: v.nullable(v.number()) })

const PublishedFile = v.strictObject({
  tables: v.array(
    v.strictObject({
      id: v.string(),
      /** Where the table stands, in words that need no translation. */
      source: v.string(),
      url: v.pipe(v.string(), v.url()),
      /** `verified`: read at the source. `second-hand`: from readers' notes, not checked against the paper. */
      confidence: v.picklist(['verified', 'second-hand']),
      en: Column,
      zh: Column,
      rows: v.array(v.strictObject({ model: v.string(), en: Accuracies, zh: Accuracies })),
    }),
  ),
})

export type PublishedTable = v.InferOutput<typeof PublishedFile>['tables'][number]

/** One model of one table. Tables are never mixed: they rest on different items. */
export interface PublishedResult {
  table: PublishedTable
  row: PublishedTable['rows'][number]
}

export const PUBLISHED_TABLES: readonly PublishedTable[] = v.parse(PublishedFile, file).tables

/** Names a result in a form field; `findPublished` reads it back. */
export function publishedKey({ table, row }: PublishedResult): string {
  return `${table.id}/${row.model}`
}

export function findPublished(key: string): PublishedResult | null {
  for (const table of PUBLISHED_TABLES) {
    const row = table.rows.find((one) => publishedKey({ table, row: one }) === key)
    if (row) return { table, row }
  }
  return null
}

/**
 * The published accuracy of a language × level, or null: none was published, the group spans both languages, or the
 * column is about another benchmark (AMCQA).
 */
export function publishedAccuracy(
  { table, row }: PublishedResult,
  language: ItemLanguage | null,
  level: LevelChoice | null,
): number | null {
  if (language === null || level === 'unlabelled' || table[language].set === 'amcqa') return null
  return row[language][level === null ? 3 : level - 1] ?? null
}
