import type { FileMetaData } from 'hyparquet'
import type { FileFailure } from '#core/dataset/failure'
import { MAX_PARQUET_BYTES, MAX_ROWS } from '#core/dataset/limits'
import { shorten } from '#core/dataset/problem'
import { FIELDS } from '#core/dataset/read-row'
import type { RowVisitor } from '#core/dataset/row'

/**
 * Visits the rows of a Parquet file, a row group at a time; only columns that mean something here are decoded.
 * hyparquet and its decompressors are fetched when the first Parquet file comes.
 */
export async function visitParquetRows(
  bytes: Uint8Array<ArrayBuffer>,
  file: string,
  visit: RowVisitor,
): Promise<FileFailure | null> {
  const [{ parquetMetadata, parquetReadObjects, parquetSchema }, { compressors }] = await Promise.all([
    import('hyparquet'),
    import('hyparquet-compressors'),
  ])
  const buffer = bytes.buffer
  try {
    const metadata = parquetMetadata(buffer)
    const names = parquetSchema(metadata).children.map((child) => child.element.name)
    const columns = names.filter((name) => FIELDS.has(name))
    if (columns.length === 0) return { kind: 'wrong-shape', file, found: names }
    const refusal = refuse(metadata, columns, Object.keys(compressors), file)
    if (refusal) return refusal
    let rowStart = 0
    for (const group of metadata.row_groups) {
      const rowEnd = rowStart + Number(group.num_rows)
      const rows = await parquetReadObjects({
        file: buffer,
        metadata,
        compressors,
        columns,
        rowStart,
        rowEnd,
      })
      for (const [index, value] of rows.entries()) {
        if (!visit({ kind: 'value', row: rowStart + index + 1, value })) return null
      }
      rowStart = rowEnd
    }
    return null
  } catch (error) {
    const detail = shorten(error instanceof Error ? error.message : String(error))
    return { kind: 'parquet-invalid', file, detail }
  }
}

/** What the file says of itself is enough to turn it away before anything is decompressed. */
function refuse(
  metadata: FileMetaData,
  columns: readonly string[],
  codecs: readonly string[],
  file: string,
): FileFailure | null {
  if (metadata.num_rows > BigInt(MAX_ROWS)) return { kind: 'too-many-rows', file, limitRows: MAX_ROWS }
  const chunks = metadata.row_groups
    .flatMap((group) => group.columns.flatMap((column) => column.meta_data ?? []))
    .filter((chunk) => columns.includes(chunk.path_in_schema[0] ?? ''))
  // A codec whose number the format does not define has no name.
  const named = chunks.map((chunk): string => (chunk.codec as string | undefined) ?? '?')
  const unknown = named.find((codec) => codec !== 'UNCOMPRESSED' && !codecs.includes(codec))
  if (unknown !== undefined) return { kind: 'parquet-codec', file, codec: unknown }
  const bytes = chunks.reduce((sum, chunk) => sum + Number(chunk.total_uncompressed_size), 0)
  return bytes > MAX_PARQUET_BYTES ? { kind: 'too-large', file, bytes, limitBytes: MAX_PARQUET_BYTES } : null
}
