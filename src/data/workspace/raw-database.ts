/** The database with stores named by data: the workspace treats most of its records alike. */
import type { IDBPDatabase, IDBPTransaction } from 'idb'
import type { RowKey } from '#core/workspace/row'
import type { SomnusDatabase } from '../db/schema'

export type RawDatabase = IDBPDatabase
export type RawTransaction<Mode extends IDBTransactionMode> = IDBPTransaction<unknown, string[], Mode>

export function raw(database: SomnusDatabase): RawDatabase {
  return database as unknown as RawDatabase
}

/** Every numbered part of the record `id`, from number `from` on. */
export function partsFrom(id: string, from = 0): IDBKeyRange {
  return IDBKeyRange.bound([id, from], [id, Infinity])
}

/** The key as an archive has it. */
export function rowKey(key: IDBValidKey): RowKey {
  return key as RowKey
}

/**
 * Waits for something else than the database while the transaction stays open: it would end as soon as nothing is asked
 * of it.
 */
export async function keepingOpen<Value>(
  transaction: RawTransaction<'readwrite'>,
  value: Promise<Value>,
): Promise<Value> {
  let settled = false
  const settle = () => (settled = true)
  value.then(settle, settle)
  const store = transaction.objectStore(transaction.objectStoreNames[0] as string)
  while (!settled) await store.count('')
  return value
}
