/**
 * The rows of a JSON text, one by one. A scanner finds where each row begins and ends and `JSON.parse` reads
 * it, so that one bad row (a `NaN`, a stray comma) or a cut-off end costs that row and not the whole file.
 */
import {
  CLOSE_BRACKET,
  COLON,
  COMMA,
  OPEN_BRACE,
  OPEN_BRACKET,
  QUOTE,
  skipSpace,
  stringEnd,
  valueEnd,
} from '../json-scan'
import { MAX_ROW_LENGTH } from './limits'
import { shorten, type ProblemCode } from './problem'
import type { RowVisitor, SourceRow } from './row'

/** Names under which a wrapping object holds its list of rows. */
export const LIST_NAMES: readonly string[] = ['rows', 'data', 'items', 'questions']

/** Visits the rows of a list, or of an object that holds one as `rows`, `data`, … False: there is no list. */
export function visitJsonRows(text: string, visit: RowVisitor): boolean {
  const start = listStart(text)
  if (start === null) return false
  let row = 1
  let at = skipSpace(text, start)
  while (text.charCodeAt(at) !== CLOSE_BRACKET) {
    const end = valueEnd(text, at)
    if (end === null) {
      visit(problemRow(row, 'cut-off', '}', text.slice(at, at + 100)))
      return true
    }
    if (!visitRow(text, at, end, row, visit)) return true
    row++
    at = skipSpace(text, end)
    if (text.charCodeAt(at) === COMMA) at = skipSpace(text, at + 1)
    else if (text.charCodeAt(at) !== CLOSE_BRACKET) {
      visit(problemRow(row, at < text.length ? 'invalid-json' : 'cut-off', ', ]', text.slice(at, at + 100)))
      return true
    }
  }
  // A second list after the first, as appending to a file makes it, would otherwise vanish without a word.
  const after = skipSpace(text, at + 1)
  const isWrapped = skipSpace(text, 0) !== start - 1
  if (!isWrapped && after < text.length)
    visit(problemRow(row, 'invalid-json', '', text.slice(after, after + 100)))
  return true
}

function visitRow(text: string, start: number, end: number, row: number, visit: RowVisitor): boolean {
  return visit(
    end - start > MAX_ROW_LENGTH ? rowTooLong(row, end - start) : parseRow(text.slice(start, end), row),
  )
}

/** One row's text as a value, or the problem `invalid-json`. */
export function parseRow(text: string, row: number): SourceRow {
  try {
    return { kind: 'value', row, value: JSON.parse(text) as unknown }
  } catch {
    return problemRow(row, 'invalid-json', 'JSON', text)
  }
}

export function rowTooLong(row: number, length: number): SourceRow {
  return problemRow(row, 'row-too-long', String(MAX_ROW_LENGTH), String(length))
}

function problemRow(row: number, code: ProblemCode, expected: string, found: string): SourceRow {
  return { kind: 'problem', row, problem: { field: '', code, expected, found: shorten(found.trim()) } }
}

/** The place after the `[` that opens the list of rows, or null. */
function listStart(text: string): number | null {
  let at = skipSpace(text, 0)
  if (text.charCodeAt(at) === OPEN_BRACKET) return at + 1
  if (text.charCodeAt(at) !== OPEN_BRACE) return null
  for (;;) {
    at = skipSpace(text, at + 1)
    if (text.charCodeAt(at) !== QUOTE) return null
    const nameEnd = stringEnd(text, at)
    if (nameEnd === null) return null
    const name = text.slice(at + 1, nameEnd - 1)
    at = skipSpace(text, nameEnd)
    if (text.charCodeAt(at) !== COLON) return null
    at = skipSpace(text, at + 1)
    if (text.charCodeAt(at) === OPEN_BRACKET && LIST_NAMES.includes(name)) return at + 1
    const end = valueEnd(text, at)
    if (end === null) return null
    at = skipSpace(text, end)
    if (text.charCodeAt(at) !== COMMA) return null
  }
}
