/** CSV as RFC 4180 has it: fields quoted where needed, quotes doubled, records ended by CRLF. */

export type CsvValue = string | number | boolean | null

/** Needs quotes: separators, line ends, quotes, and blank ends that some readers would trim. */
const NEEDS_QUOTES = /[",\r\n]|^\s|\s$/

/**
 * Spreadsheets run a cell that begins with one of these as a formula, full-width forms and leading white space
 * included (OWASP, "CSV injection"). Model replies are untrusted text, so an apostrophe goes before them.
 */
const STARTS_FORMULA = /^\s*[=+\-@＝＋－＠]|^[\t\r]/

/** Excel reads UTF-8 as such only after a byte order mark; without it Chinese text is garbled. */
const BYTE_ORDER_MARK = '\uFEFF'

/** One field. Numbers and booleans are ours and stay as they are; null is an empty field. */
export function csvField(value: CsvValue): string {
  if (value === null) return ''
  if (typeof value !== 'string') return String(value)
  const safe = STARTS_FORMULA.test(value) ? `'${value}` : value
  return NEEDS_QUOTES.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}

/** A file in pieces of one record, header first, for writing a long one without holding up the page. */
export function* csvParts(header: readonly string[], rows: Iterable<readonly CsvValue[]>): Generator<string> {
  yield BYTE_ORDER_MARK + csvRecord(header)
  for (const row of rows) yield csvRecord(row)
}

function csvRecord(row: readonly CsvValue[]): string {
  return `${row.map(csvField).join(',')}\r\n`
}
