/**
 * All records of the workspace as they are at one moment: they are read in one transaction, in the order of their keys.
 * Whatever another tab wants to store meanwhile waits. A run that is being answered is there up to its last durable
 * answer, without a pause: whoever opens it finds it interrupted, and can go on.
 */
import type { ConversationRecord, MessageRecord } from '#core/chat/types'
import type { RunEvent } from '#core/run/types'
import { portableEvent, withoutRemoved } from '#core/workspace/portable'
import type { Row } from '#core/workspace/row'
import {
  LOCAL_SETTINGS,
  TABLES,
  WORKSPACE_STORES,
  type PartStore,
  type Table,
  type TableStore,
  type WorkspaceStore,
} from '#core/workspace/tables'
import { partsFrom, rowKey, type RawDatabase, type RawTransaction } from './raw-database'

/** Takes what is read. It must not wait: the transaction would end. */
export interface SnapshotSink {
  begin(store: WorkspaceStore): void
  row(row: Row): void
  end(): void
}

/** Records read at a time: half a megabyte of replies. */
const BATCH = 200

type Reading = RawTransaction<'readonly'>

/** `isLeft`: which records stay behind, with all their parts. */
export async function readSnapshot(
  database: RawDatabase,
  sink: SnapshotSink,
  isLeft: (store: TableStore, id: string) => boolean = () => false,
): Promise<void> {
  const transaction = database.transaction([...WORKSPACE_STORES], 'readonly')
  let conversations: string[] = []
  for (const table of TABLES) {
    const all = await headsOf(transaction, table, conversations)
    const heads = all.filter(({ key }) => !isLeft(table.store, String(key)))
    sink.begin(table.store)
    for (const head of heads) sink.row(head)
    sink.end()
    const ids = heads.map(({ key }) => String(key))
    if (table.store === 'conversations') conversations = ids
    for (const { store, keys } of table.parts) {
      sink.begin(store)
      for (const id of ids) {
        if (keys === 'single') await readSingle(transaction, store, id, sink)
        else await readParts(transaction, store, id, sink)
      }
      sink.end()
    }
  }
}

/** The records that travel: neither deleted ones, whose undo is not over yet, nor what stays in this browser. */
async function headsOf(transaction: Reading, table: Table, conversations: string[]): Promise<Row[]> {
  const store = transaction.objectStore(table.store)
  const [keys, values] = await Promise.all([store.getAllKeys(), store.getAll() as Promise<unknown[]>])
  const rows = keys.map((key, index): Row => ({ key: rowKey(key), value: values[index] }))
  switch (table.store) {
    case 'preferences':
      return rows.filter(({ key }) => !LOCAL_SETTINGS.includes(String(key)))
    case 'drafts':
      return rows.filter(({ key }) => key === '' || conversations.includes(String(key)))
    case 'conversations': {
      const kept: Row[] = []
      for (const { key, value } of rows.filter(isKept)) {
        const messages = await messagesOf(transaction, String(key))
        kept.push({ key, value: withoutRemoved(value as ConversationRecord, messages).conversation })
      }
      return kept
    }
    default:
      return rows.filter(isKept)
  }
}

function isKept({ value }: Row): boolean {
  const { removedAt } = value as { removedAt?: number | null }
  return removedAt === null || removedAt === undefined
}

async function readSingle(transaction: Reading, store: PartStore, id: string, sink: SnapshotSink) {
  const value: unknown = await transaction.objectStore(store).get(id)
  if (value !== undefined) sink.row({ key: id, value })
}

async function readParts(transaction: Reading, store: PartStore, id: string, sink: SnapshotSink) {
  if (store === 'messages') {
    const messages = await messagesOf(transaction, id)
    const { messages: kept } = withoutRemoved({ leaf: null } as ConversationRecord, messages)
    for (const message of kept) sink.row({ key: [id, message.id], value: message })
    return
  }
  for await (const { key, value } of eachPart(transaction, store, id))
    sink.row({ key, value: store === 'runEvents' ? portableEvent(value as RunEvent) : value })
}

function messagesOf(transaction: Reading, id: string): Promise<MessageRecord[]> {
  return transaction.objectStore('messages').getAll(partsFrom(id)) as Promise<MessageRecord[]>
}

/** The numbered parts of a record in their order, read in batches. */
export async function* eachPart(
  transaction: RawTransaction<IDBTransactionMode>,
  name: PartStore,
  id: string,
): AsyncGenerator<Row & { key: readonly [string, number] }> {
  const store = transaction.objectStore(name)
  for (let from = 0; ;) {
    const range = partsFrom(id, from)
    const [keys, values] = await Promise.all([
      store.getAllKeys(range, BATCH),
      store.getAll(range, BATCH) as Promise<unknown[]>,
    ])
    for (const [index, key] of keys.entries()) {
      const [, number] = key as [string, number]
      yield { key: [id, number], value: values[index] }
      from = number + 1
    }
    if (keys.length < BATCH) return
  }
}
