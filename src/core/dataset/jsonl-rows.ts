import { parseRow, rowTooLong } from './json-rows'
import { MAX_ROW_LENGTH } from './limits'
import type { RowVisitor } from './row'

/** Visits the rows of a JSON Lines text; `row` is the line, blank lines are passed over. */
export function visitJsonLines(text: string, visit: RowVisitor): void {
  let start = 0
  for (let line = 1; start < text.length; line++) {
    const newline = text.indexOf('\n', start)
    const end = newline === -1 ? text.length : newline
    const content = end - start > MAX_ROW_LENGTH ? null : text.slice(start, end)
    const row = content === null ? rowTooLong(line, end - start) : parseRow(content, line)
    if (content?.trim() !== '' && !visit(row)) return
    start = end + 1
  }
}
