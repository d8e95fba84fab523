import type { SourceRow } from '#core/dataset/row'

/** A row in the current shape, with what a test changes; a field set to undefined is absent. */
export function currentRow(changes: Record<string, unknown> = {}): Record<string, unknown> {
  const row: Record<string, unknown> = {
    id: 'q1',
    question: 'Which agent is fictional?',
    A: 'Somnolene',
    B: 'Ether',
    C: 'Halothane',
    choice_num: 3,
    target: 'A',
    category: 1,
    ...changes,
  }
  return Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined))
}

/** All rows that a reader visits. */
export function rowsOf(read: (visit: (row: SourceRow) => boolean) => void): SourceRow[] {
  const rows: SourceRow[] = []
  read((row) => rows.push(row) > 0)
  return rows
}

/** Rows in short: the value, or "row: code". */
export function short(rows: readonly SourceRow[]): unknown[] {
  return rows.map((row) => (row.kind === 'value' ? row.value : `${row.row}: ${row.problem.code}`))
}
