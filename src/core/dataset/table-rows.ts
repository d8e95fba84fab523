/** Rows of a table (CSV) as objects with the header's names. */
import type { SourceRow } from './row'

/** A header's names as fields: without surrounding blanks. */
export function tableHeader(cells: readonly string[]): string[] {
  return cells.map((cell) => cell.trim())
}

/** One record under its header; `line` is where it begins in the file. Cells beyond the header may be blank. */
export function tableRow(header: readonly string[], cells: readonly string[], line: number): SourceRow {
  const beyond = cells.slice(header.length)
  if (cells.length < header.length || beyond.some((cell) => cell.trim() !== '')) {
    const [expected, found] = [String(header.length), String(cells.length)]
    return { kind: 'problem', row: line, problem: { field: '', code: 'cell-count', expected, found } }
  }
  // `fromEntries` defines own properties, so that a column named __proto__ is just another unread field.
  return {
    kind: 'value',
    row: line,
    value: Object.fromEntries(header.map((name, index) => [name, cells[index]])),
  }
}
