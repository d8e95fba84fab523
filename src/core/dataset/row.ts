/** What the readers of the file formats hand on: one row at a time, not interpreted yet. */
import type { FieldProblem } from './problem'

export type SourceRow =
  /** `row` as in RowProblem; `value` is an object with the row's fields, or whatever stood there instead. */
  { kind: 'value'; row: number; value: unknown } | { kind: 'problem'; row: number; problem: FieldProblem }

/** Takes one row; false ends the reading (too many rows). */
export type RowVisitor = (row: SourceRow) => boolean
