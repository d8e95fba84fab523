/** Problems of single rows: the row (or one language of it) is left out, the others are imported. */
import { MAX_LISTED_PROBLEMS } from './limits'

export type ProblemCode =
  /** The row's text is not valid JSON. */
  | 'invalid-json'
  /** The text ends, or never closes, within this row; rows after it could not be read. */
  | 'cut-off'
  /** The file's bytes are damaged from this row on; `found` says how. */
  | 'damaged'
  | 'row-too-long'
  | 'not-an-object'
  /** A table row with more or fewer cells than the header has. */
  | 'cell-count'
  | 'unclosed-quote'
  /** Neither `question` nor `en_question`, `zh_question`, `cn_question`. */
  | 'no-question'
  /** A question whose answer is to be held against a reference has none. */
  | 'no-reference'
  | 'empty'
  | 'not-text'
  | 'too-long'
  | 'option-gap'
  | 'too-few-options'
  | 'too-many-options'
  | 'choice-count'
  | 'not-a-letter'
  | 'target-outside'
  | 'bad-id'
  | 'duplicate-id'
  | 'bad-level'
  | 'bad-language'

/** What is wrong with one field. `expected` is free of language: letters, numbers, field names. */
export interface FieldProblem {
  /** The field as the source names it; empty when it is about the whole row. */
  field: string
  code: ProblemCode
  expected: string
  /** What stood there, shortened. */
  found: string
}

export interface RowProblem extends FieldProblem {
  file: string
  /** 1-based: the data row in JSON and Parquet, the line of the file in JSONL and CSV. */
  row: number
}

/** The first MAX_LISTED_PROBLEMS problems and the number of all. */
export interface ProblemList {
  listed: RowProblem[]
  total: number
}

export function addProblem(list: ProblemList, problem: RowProblem): void {
  list.total += 1
  if (list.listed.length < MAX_LISTED_PROBLEMS) list.listed.push(problem)
}

const SHOWN_LENGTH = 60

/** `text` with at most SHOWN_LENGTH characters. */
export function shorten(text: string): string {
  return text.length > SHOWN_LENGTH ? `${text.slice(0, SHOWN_LENGTH)}…` : text
}

/** A value from a file in a few characters; looks at its top level only, so that depth cannot matter. */
export function describe(value: unknown): string {
  if (typeof value === 'string') return shorten(JSON.stringify(value.slice(0, SHOWN_LENGTH + 1)))
  if (Array.isArray(value)) return value.length > 0 ? '[…]' : '[]'
  if (typeof value === 'number' || typeof value === 'bigint' || typeof value === 'boolean')
    return String(value)
  if (value === undefined) return ''
  return value === null ? 'null' : '{…}'
}
