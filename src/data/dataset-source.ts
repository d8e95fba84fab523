/** Files as items: bytes, text, rows, items, with what could not be used. Runs in a worker; nothing is stored. */
import type { FileFailure, ImportFailure } from '#core/dataset/failure'
import { byName, itemsFingerprint, sourcesSha256 } from '#core/dataset/fingerprint'
import { isParquet, textFormat, type SourceFormat, type TextFormat } from '#core/dataset/format'
import { ItemCollector } from '#core/dataset/item-collector'
import type { Item } from '#core/dataset/item'
import { visitJsonRows } from '#core/dataset/json-rows'
import { visitJsonLines } from '#core/dataset/jsonl-rows'
import { MAX_SOURCE_BYTES } from '#core/dataset/limits'
import type { FileReading, ImportPreview, TextEncodingName } from '#core/dataset/preview'
import type { RowVisitor } from '#core/dataset/row'
import { failure, success, type Result } from '#core/result'
import { visitCsvRows } from './csv'
import type { NamedBlob } from './hub'
import { visitParquetRows } from './parquet'
import { chunksOf } from './stream'
import { decodeText } from './text'
import { createSha256 } from './sha256'

export interface SourceReading {
  preview: Omit<ImportPreview, 'name' | 'source' | 'stored'>
  items: Item[]
}

export interface ReadingProgress {
  onBytes(loadedBytes: number, totalBytes: number): void
  onRows(rows: number): void
}

/** Rows between two reports. */
const REPORT_ROWS = 10_000

const encoder = new TextEncoder()
const encode = (text: string) => encoder.encode(text)

/**
 * Reads files in the order of their names. Fails when no file gives a row, or when all together pass a limit;
 * a bad file beside good ones is listed in `preview.failures`.
 */
export async function readSources(
  sources: readonly NamedBlob[],
  progress: ReadingProgress,
): Promise<Result<SourceReading, ImportFailure[]>> {
  const totalBytes = sources.reduce((sum, { blob }) => sum + blob.size, 0)
  const [first] = sources
  if (first && totalBytes > MAX_SOURCE_BYTES) {
    const [file, limitBytes] = [sources.map(({ name }) => name).join(', '), MAX_SOURCE_BYTES]
    return failure([{ kind: 'too-large', file, bytes: totalBytes, limitBytes }])
  }
  const collector = new ItemCollector()
  const files: FileReading[] = []
  const failures: FileFailure[] = []
  const hashes: { name: string; sha256: string }[] = []
  let loadedBytes = 0
  let rows = 0
  for (const { name, blob } of byName(sources)) {
    const opened = await openFile(name, blob, (loaded) => progress.onBytes(loadedBytes + loaded, totalBytes))
    loadedBytes += blob.size
    if (!opened.ok) {
      failures.push(opened.failure)
      continue
    }
    const { sha256, format, encoding, visitRows } = opened.value
    hashes.push({ name, sha256 })
    const tally = await collector.addFile(name, (visit) =>
      visitRows((row) => {
        if (++rows % REPORT_ROWS === 0) progress.onRows(rows)
        return visit(row)
      }),
    )
    if (tally.ok) files.push({ name, bytes: blob.size, format, encoding, ...tally.value })
    else if (tally.failure.kind === 'too-many-rows') return failure([tally.failure])
    else failures.push(tally.failure)
  }
  if (files.length === 0) return failure(failures)
  const { items, counts, optionCounts, problems } = collector
  const preview = {
    ...{ files, failures, counts, optionCounts, problems, items: items.length },
    sha256: sourcesSha256(hashes, encode, await createSha256()),
    itemsSha256: itemsFingerprint(items, encode, await createSha256()),
  }
  return success({ preview, items })
}

interface Content {
  format: SourceFormat
  encoding: TextEncodingName | null
  visitRows: (visit: RowVisitor) => Promise<FileFailure | null>
}

/** Reads a file and finds what it is. The bytes of a text are not kept beside the text. */
export async function openFile(
  name: string,
  blob: Blob,
  onLoaded: (bytes: number) => void,
): Promise<Result<Content & { sha256: string }, FileFailure>> {
  const read = await readBytes(name, blob, onLoaded)
  if (!read.ok) return read
  const { bytes, sha256 } = read.value
  if (bytes.length === 0) return failure({ kind: 'empty-file', file: name })
  const content = isParquet(bytes) ? success(parquetContent(name, bytes)) : textContent(name, bytes)
  return content.ok ? success({ sha256, ...content.value }) : content
}

function parquetContent(name: string, bytes: Uint8Array<ArrayBuffer>): Content {
  return { format: 'parquet', encoding: null, visitRows: (visit) => visitParquetRows(bytes, name, visit) }
}

function textContent(name: string, bytes: Uint8Array<ArrayBuffer>): Result<Content, FileFailure> {
  const decoded = decodeText(bytes)
  if (!decoded) return failure({ kind: 'unknown-encoding', file: name })
  const { text, encoding } = decoded
  if (text.trim() === '') return failure({ kind: 'empty-file', file: name })
  const format = textFormat(name, text)
  if (format === 'web-page') return failure({ kind: 'web-page', file: name })
  if (format === null) {
    return failure({ kind: 'unknown-format', file: name, start: text.trimStart().slice(0, SHOWN_START) })
  }
  return success({ format, encoding, visitRows: textVisitor(name, text, format) })
}

function textVisitor(name: string, text: string, format: TextFormat): Content['visitRows'] {
  return (visit) => {
    if (format === 'jsonl') visitJsonLines(text, visit)
    else if (format === 'csv') visitCsvRows(text, visit)
    else if (!visitJsonRows(text, visit)) return Promise.resolve({ kind: 'no-row-list', file: name })
    return Promise.resolve(null)
  }
}

/** Characters of an unreadable text that its message quotes. */
const SHOWN_START = 40

async function readBytes(
  file: string,
  blob: Blob,
  onLoaded: (bytes: number) => void,
): Promise<Result<{ bytes: Uint8Array<ArrayBuffer>; sha256: string }, FileFailure>> {
  const hash = await createSha256()
  const bytes = new Uint8Array(blob.size)
  let loaded = 0
  try {
    for await (const chunk of chunksOf(blob.stream())) {
      hash.update(chunk)
      bytes.set(chunk, loaded)
      loaded += chunk.length
      onLoaded(loaded)
    }
  } catch (error) {
    return failure({
      kind: 'unreadable',
      file,
      detail: error instanceof Error ? error.message : String(error),
    })
  }
  return success({ bytes, sha256: hash.hex() })
}
