import { LIST_NAMES } from './json-rows'

export type TextFormat = 'json' | 'jsonl' | 'csv'
export type SourceFormat = TextFormat | 'parquet'

/** Parquet files begin and end with these four bytes. */
const PARQUET_MAGIC = [0x50, 0x41, 0x52, 0x31]

export function isParquet(bytes: Uint8Array): boolean {
  return PARQUET_MAGIC.every((byte, index) => bytes[index] === byte)
}

/** How much of a text is looked at to tell its format. */
const HEAD_LENGTH = 100_000

/**
 * The format of a text by how it begins, then by the file's name: data sets named `.json` are often JSON
 * Lines. Null when it is none that can be read; `web-page` for HTML saved in place of the data.
 */
export function textFormat(fileName: string, text: string): TextFormat | 'web-page' | null {
  const head = text.slice(0, HEAD_LENGTH).trimStart()
  const extension = /\.([a-z0-9]+)$/i.exec(fileName)?.[1]?.toLowerCase() ?? ''
  if (/^<(?:!doctype|html|\?xml|head|body)/i.test(head)) return 'web-page'
  if (head.startsWith('[')) return 'json'
  if (head.startsWith('{')) return isJsonLines(head, extension) ? 'jsonl' : 'json'
  if (extension === 'jsonl' || extension === 'ndjson') return 'jsonl'
  if (extension === 'csv' || extension === 'tsv' || extension === 'txt') return 'csv'
  return null
}

/** True when the first line is a whole object of its own, and not one that wraps a list of rows. */
function isJsonLines(head: string, extension: string): boolean {
  if (extension === 'jsonl' || extension === 'ndjson') return true
  const newline = head.indexOf('\n')
  try {
    const first = JSON.parse(newline === -1 ? head : head.slice(0, newline)) as object
    return !LIST_NAMES.some((name) => Array.isArray((first as Record<string, unknown>)[name]))
  } catch {
    return false
  }
}
