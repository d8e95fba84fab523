/**
 * A comparison of runs as a file, without questions and replies: those are in the runs' own exports. JSON holds the
 * statistics and each common item's letters; CSV has one row per common item for statistics packages.
 */
import { calendarDay } from './calendar-day'
import { SIGNIFICANCE_LEVEL, type Comparison } from '../compare/comparison'
import { differingConditions, type Condition, type RunConditions } from '../compare/conditions'
import type { ComparedItem, ItemTable } from '../compare/item-table'
import type { ItemLanguage } from '../prompt/question'
import type { LevelChoice } from '../run/types'
import { levelChoice } from '../score/accuracy-table'
import {
  byScoring,
  chosenLetter,
  keyedLetter,
  SCORINGS,
  scoringsOf,
  verdict,
  type Scoring,
} from '../score/verdict'
import { csvParts, type CsvValue } from './csv'

export const COMPARISON_EXPORT_FORMAT = 'somnus-comparison'
export const COMPARISON_EXPORT_VERSION = 1

/** Letter and verdict by scoring; null for those that the run's protocol does not have. */
export type ExportedLetters = Record<Scoring, { letter: string | null; correct: boolean } | null>

export interface ExportedItem {
  id: string
  language: ItemLanguage
  level: LevelChoice
  optionCount: number
  key: string
  /** By run; null where the run was not asked this item. */
  answers: (ExportedLetters | null)[]
}

/**
 * The JSON file, version 1, with a comparison by each scoring that at least one run has. Fractions are 0 to 1; runs are
 * named by their index in `runs`.
 */
export interface ComparisonExport extends Partial<Record<Scoring, Comparison>> {
  format: typeof COMPARISON_EXPORT_FORMAT
  version: typeof COMPARISON_EXPORT_VERSION
  exportedAt: number
  /** Differences whose adjusted p value is below this are called decisive. */
  significanceLevel: number
  runs: readonly RunConditions[]
  differing: Condition[]
  items: ExportedItem[]
}

export function comparisonExport(
  table: ItemTable,
  runs: readonly RunConditions[],
  results: Partial<Record<Scoring, Comparison>>,
  exportedAt: number,
): ComparisonExport {
  return {
    format: COMPARISON_EXPORT_FORMAT,
    version: COMPARISON_EXPORT_VERSION,
    exportedAt,
    significanceLevel: SIGNIFICANCE_LEVEL,
    runs,
    differing: differingConditions(runs),
    ...results,
    items: commonItems(table).map((compared) => exportedItem(compared, runs)),
  }
}

/** The JSON file in pieces of one item, for writing a long one without holding up the page. */
export function* comparisonJsonParts({ items, ...head }: ComparisonExport): Generator<string> {
  yield `${JSON.stringify(head).slice(0, -1)},"items":[`
  for (const [index, item] of items.entries()) yield (index === 0 ? '\n' : ',\n') + JSON.stringify(item)
  yield '\n]}\n'
}

/** The CSV file in pieces: one row per item that at least two runs answered; columns of run 1 begin with `run1_`. */
export function comparisonCsvParts(table: ItemTable, runs: readonly RunConditions[]): Generator<string> {
  const perRun = runs.flatMap((_, index) => {
    const run = `run${index + 1}`
    return [
      `${run}_id`,
      ...SCORINGS.flatMap((scoring) => [`${run}_${scoring}_letter`, `${run}_${scoring}_correct`]),
    ]
  })
  function* rows() {
    for (const compared of commonItems(table)) {
      const { id, language, level, optionCount, key, answers } = exportedItem(compared, runs)
      const letters = answers.flatMap((answer, index): CsvValue[] => [
        runs[index]?.plan.id ?? null,
        ...SCORINGS.flatMap((scoring) =>
          answer?.[scoring] ? [answer[scoring].letter, answer[scoring].correct] : [null, null],
        ),
      ])
      yield [id, language, level, optionCount, key, ...letters]
    }
  }
  return csvParts(['item_id', 'language', 'level', 'option_count', 'key', ...perRun], rows())
}

/** E.g. "somnus-comparison-2026-11-21.json". */
export function comparisonFileName(at: number, ending: string): string {
  return `somnus-comparison-${calendarDay(at)}.${ending}`
}

function commonItems(table: ItemTable): ComparedItem[] {
  return table.items.filter(({ answers }) => answers.filter((answer) => answer !== undefined).length > 1)
}

function exportedItem({ item, answers }: ComparedItem, runs: readonly RunConditions[]): ExportedItem {
  return {
    id: item.id,
    language: item.language,
    level: levelChoice({ item }),
    optionCount: item.options.length,
    key: keyedLetter({ item }),
    answers: answers.map((answer, run) => {
      const plan = runs[run]?.plan
      if (answer === undefined || !plan) return null
      const had = scoringsOf(plan.protocol)
      return byScoring((scoring) =>
        had.includes(scoring)
          ? { letter: chosenLetter(answer, scoring), correct: verdict(answer, scoring) === 'right' }
          : null,
      )
    }),
  }
}
