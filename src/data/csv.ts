import Papa from 'papaparse'
import { tableHeader, tableRow } from '#core/dataset/table-rows'
import type { RowVisitor } from '#core/dataset/row'

/**
 * Characters parsed at a time. Large, because papaparse starts over at an unclosed quote with each chunk;
 * small enough that the cells of a chunk are a fraction of the whole text.
 */
const CHUNK_LENGTH = 16 * 1024 * 1024

/**
 * Visits the rows of a CSV text (RFC 4180; comma, semicolon, tab or bar, whichever the text uses), fields
 * named by its first line. `row` is the line on which a record begins; blank lines are passed over.
 */
export function visitCsvRows(text: string, visit: RowVisitor): void {
  let header: string[] | null = null
  let line = 1
  const visitRecord = (cells: string[], isBroken: boolean): boolean => {
    const start = line
    line += 1 + cells.reduce((sum, cell) => sum + newlines(cell), 0)
    if (cells.length === 1 && cells[0]?.trim() === '') return true
    if (isBroken) {
      const problem = { field: '', code: 'unclosed-quote', expected: '"', found: '' } as const
      return visit({ kind: 'problem', row: start, problem })
    }
    if (header) return visit(tableRow(header, cells, start))
    header = tableHeader(cells)
    return true
  }
  Papa.parse(text, {
    header: false,
    skipEmptyLines: false,
    chunkSize: CHUNK_LENGTH,
    chunk({ data, errors }, parser) {
      const broken = new Set(errors.flatMap((error) => (error.code === 'MissingQuotes' ? [error.row] : [])))
      for (const [index, cells] of data.entries()) {
        if (!visitRecord(cells, broken.has(index))) {
          parser.abort()
          return
        }
      }
    },
  })
}

function newlines(cell: string): number {
  let count = 0
  for (let at = cell.indexOf('\n'); at !== -1; at = cell.indexOf('\n', at + 1)) count++
  return count
}
