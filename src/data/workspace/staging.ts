/**
 * The staging database: an archive's records as they would lie here, before anything of them does. It is made at the
 * archive's version and passes the same migration steps as a database of that version would.
 */
import { failure, success, type Result } from '#core/result'
import { keyMisfit, planned, recordMisfit } from '#core/workspace/check-record'
import type { WorkspaceFailure } from '#core/workspace/failure'
import { rowLimit } from '#core/workspace/limits'
import type { RecordsEntry } from '#core/workspace/manifest'
import { compareKeys, readRow, type Row, type RowKey } from '#core/workspace/row'
import { TABLES } from '#core/workspace/tables'
import { DATABASE_VERSION, openDatabase, type SomnusDatabase } from '../db/schema'
import { linesOf } from './lines'
import type { OpenArchive } from './open-archive'
import { raw, type RawDatabase } from './raw-database'
import { removeStaging, stagingName } from './staging-name'
import { storageFailure } from './storage-failure'

const SILENT = { onBlocked: () => undefined, onOutdated: () => undefined }

/** Characters of records handed to the database in one transaction. */
const BATCH_LENGTH = 4_000_000

/** The archive's records in a database of today's version. */
export async function fillStaging(
  databaseName: string,
  archive: OpenArchive,
  onRows: (done: number, total: number) => void,
): Promise<Result<SomnusDatabase, WorkspaceFailure>> {
  const name = stagingName(databaseName)
  await removeStaging(databaseName)
  const { databaseVersion, entries } = archive.manifest
  const records = entries.filter((entry) => entry.kind === 'records')
  const total = records.reduce((sum, { rows }) => sum + rows, 0)
  let done = 0
  const old = await openDatabase(SILENT, name, databaseVersion)
  try {
    for (const entry of records) {
      if (!raw(old).objectStoreNames.contains(entry.store))
        return failure({ kind: 'entry-unexpected', entry: entry.path })
      const filled = await fillStore(raw(old), archive, entry, () => onRows((done += 1), total))
      if (!filled.ok) return filled
    }
  } catch (error) {
    return failure(storageFailure(error))
  } finally {
    old.close()
  }
  try {
    return success(await openDatabase(SILENT, name))
  } catch (error) {
    return failure({ kind: 'not-migratable', detail: error instanceof Error ? error.message : String(error) })
  }
}

async function fillStore(
  database: RawDatabase,
  archive: OpenArchive,
  entry: RecordsEntry,
  onRow: () => void,
): Promise<Result<void, WorkspaceFailure>> {
  const reader = new RowReader(entry, archive.manifest.databaseVersion)
  let batch: Row[] = []
  let length = 0
  const store = async () => {
    const rows = batch
    batch = []
    length = 0
    if (rows.length > 0) await putRows(database, entry, rows)
  }
  for await (const line of linesOf(archive.content(entry), rowLimit(entry.store))) {
    const row = line.ok ? reader.read(line.value) : reader.problem(line.failure === 'too-long')
    if (!row.ok) return row
    batch.push(row.value)
    length += line.ok ? line.value.length : 0
    if (length >= BATCH_LENGTH) await store()
    onRow()
  }
  await store()
  if (reader.rows === entry.rows) return success(undefined)
  const { path } = entry
  const misfit = planned('', String(entry.rows), String(reader.rows))
  return failure({ kind: 'misfit', entry: path, row: null, ...misfit })
}

/** Makes records of lines; those of today's version are checked at once, older ones after their migration. */
class RowReader {
  rows = 0
  #last: RowKey | null = null
  readonly #entry: RecordsEntry
  readonly #isOfToday: boolean

  constructor(entry: RecordsEntry, databaseVersion: number) {
    this.#entry = entry
    this.#isOfToday = databaseVersion === DATABASE_VERSION
  }

  read(line: string): Result<Row, WorkspaceFailure> {
    const { path: entry, store } = this.#entry
    const row = readRow(store, line)
    if (!row.ok) return this.problem(false)
    this.rows += 1
    const { key, value } = row.value
    const misfit =
      keyMisfit(store, key) ??
      this.#orderMisfit(key) ??
      inlineMisfit(this.#entry, row.value) ??
      (this.#isOfToday ? recordMisfit(store, row.value) : null)
    if (misfit) return failure({ kind: 'misfit', entry, row: this.rows, ...misfit })
    return success({ key, value })
  }

  problem(isTooLong: boolean): Result<never, WorkspaceFailure> {
    const kind = isTooLong ? 'too-long' : 'not-json'
    return failure({ kind, entry: this.#entry.path, row: this.rows + 1 })
  }

  #orderMisfit(key: RowKey) {
    const last = this.#last
    this.#last = key
    if (last === null || compareKeys(last, key) < 0) return null
    return planned('key', `> ${JSON.stringify(last)}`, JSON.stringify(key))
  }
}

/** The database takes such a record's key from the record. */
function inlineMisfit({ store }: RecordsEntry, { key, value }: Row) {
  if (!TABLES.some((table) => table.store === store && table.inlineKey)) return null
  const id = typeof value === 'object' && value !== null ? (value as { id?: unknown }).id : undefined
  return id === key ? null : planned('id', String(key), String(id))
}

async function putRows(database: RawDatabase, { store: name }: RecordsEntry, rows: Row[]): Promise<void> {
  // What lies here can be made again, so nobody waits for the disk.
  const transaction = database.transaction(name, 'readwrite', { durability: 'relaxed' })
  const { store } = transaction
  const outside = store.keyPath === null
  await Promise.all([
    ...rows.map(async ({ key, value }) => store.add(value, outside ? (key as IDBValidKey) : undefined)),
    transaction.done,
  ])
}
