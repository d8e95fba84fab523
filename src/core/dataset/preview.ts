/** What an import found, before anything is stored. The items themselves stay in the worker. */
import type { FileFailure } from './failure'
import type { SourceFormat } from './format'
import type { Dataset, ItemCounts } from './item'
import type { ProblemList } from './problem'

export type TextEncodingName = 'utf-8' | 'utf-16le' | 'utf-16be' | 'gb18030'

/** One file that could be read. */
export interface FileReading {
  name: string
  bytes: number
  format: SourceFormat
  /** Null for Parquet, which is not text. */
  encoding: TextEncodingName | null
  rows: number
  items: number
  /** How the first question begins: tells whether the text was decoded rightly. */
  sample: string
}

export interface ImportPreview {
  name: string
  source: Dataset['source']
  files: FileReading[]
  /** Files that gave nothing, beside others that did. */
  failures: FileFailure[]
  items: number
  counts: ItemCounts
  optionCounts: Record<number, number>
  problems: ProblemList
  sha256: string
  itemsSha256: string
  /** The stored dataset that holds the very same items, if there is one. */
  stored: Dataset | null
}

/**
 * True when there is something the user must see before it is stored: rows or files left out, or text in an
 * encoding that was guessed.
 */
export function needsReview(preview: ImportPreview): boolean {
  return (
    preview.problems.total > 0 ||
    preview.failures.length > 0 ||
    preview.files.some((file) => file.encoding === 'gb18030')
  )
}

export function countOf(counts: ItemCounts): number {
  return [counts.en, counts.zh]
    .flatMap((levels) => Object.values(levels))
    .reduce((sum, count) => sum + count, 0)
}
