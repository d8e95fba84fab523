import type { ItemLanguage } from '../prompt/question'

export type DatasetId = string & { readonly brand: 'DatasetId' }

/** 1 = System 1 (fact recall), 2 = System 1.x (hybrid), 3 = System 2 (decision making). */
export type Level = 1 | 2 | 3
export const LEVELS: readonly Level[] = [1, 2, 3]

/** One multiple-choice question, checked: `targetIndex` is inside `options`, there are 2 to 26 options. */
export interface Item {
  /** The id in the source; unique within its dataset and language. */
  id: string
  language: ItemLanguage
  /** Null when the source gives no category ("unlabelled"). */
  level: Level | null
  stem: string
  /** Option texts in letter order: index 0 is A. */
  options: string[]
  /** Index into `options` of the keyed answer. */
  targetIndex: number
  /**
   * Present where the item came in a file without its text: stem and options are then empty texts, and this is the
   * SHA-256 (hex) of the item's line (`itemLine`), which still names it; empty where the file had no hash either.
   */
  withheld?: string
}

/** How many items a dataset holds per language and level; "unlabelled" has no level. */
export type ItemCounts = Record<'en' | 'zh', Record<'1' | '2' | '3' | 'unlabelled', number>>

/** A dataset as stored, without its items. */
export interface Dataset {
  id: DatasetId
  name: string
  source: { kind: 'built-in' } | { kind: 'file'; fileNames: string[] } | { kind: 'hub'; url: string }
  /** SHA-256 (hex) over the source bytes; of several files, over their hashes in name order. */
  sha256: string
  /** SHA-256 (hex) of the accepted items in canonical JSON: equal for the same items from any file format. */
  itemsSha256: string
  counts: ItemCounts
  /** How many items have this many options. */
  optionCounts: Record<number, number>
  problemCount: number
  importedAt: number
}
