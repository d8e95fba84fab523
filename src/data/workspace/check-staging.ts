/**
 * Whether the records of an archive fit together, once they are in today's form. What follows from other records is made
 * anew, so that no archive can claim it: summaries of runs, counts of datasets, the lists that samples are drawn from.
 */
import { datasetId, itemsFingerprint } from '#core/dataset/fingerprint'
import type { Item } from '#core/dataset/item'
import { packItemMeta } from '#core/dataset/strata'
import { failure, success, type Result } from '#core/result'
import { countItems } from '#core/run/sample'
import { reduce, type RunSummary } from '#core/run/summary'
import type { RunEvent } from '#core/run/types'
import { planned, recordMisfit } from '#core/workspace/check-record'
import type { WorkspaceFailure } from '#core/workspace/failure'
import { answerMisfit, conversationMisfit, planMisfit, samplingMisfit } from '#core/workspace/fit'
import { entryPath } from '#core/workspace/manifest'
import { TABLES, type PartStore, type WorkspaceStore } from '#core/workspace/tables'
import type { ConversationRecord, MessageRecord } from '#core/chat/types'
import type { Misfit } from '#core/receipt/expected'
import type { SomnusDatabase, StoredDataset, StoredDatasetDetails, StoredRun } from '../db/schema'
import { createSha256 } from '../sha256'
import { checkStudy } from './check-study'
import { partsFrom, raw, type RawDatabase } from './raw-database'

/** Records looked at before the next ones are read. */
const BATCH = 200
/** Items of one record, see `DatasetDatabase`. */
const BLOCK_ITEMS = 64

type Checked = Result<void, WorkspaceFailure>

/** `migrated`: the records were brought up from an older version, and nobody has looked at their shapes. */
export async function checkStaging(
  database: SomnusDatabase,
  migrated: boolean,
  onRecord: () => void,
): Promise<Checked> {
  const staging = raw(database)
  if (migrated) {
    const shapes = await checkShapes(staging)
    if (!shapes.ok) return shapes
  }
  for (const { store, parts } of TABLES) {
    const heads = (await staging.getAllKeys(store)).map(String)
    for (const part of parts) {
      const orphan = await orphanRow(staging, part, heads)
      if (orphan !== null) return misfit(part.store, orphan, { place: 'key', ...missing(store) })
    }
    for (const [index, id] of heads.entries()) {
      const found = await checkRecord(database, store, id, onRecord)
      if (found) return misfit(found.store ?? store, found.row ?? index + 1, found.misfit)
    }
  }
  return success(undefined)
}

/** The first part, from 1, whose record is not there; null when each has one. */
async function orphanRow(
  staging: RawDatabase,
  { store, keys }: (typeof TABLES)[number]['parts'][number],
  heads: readonly string[],
): Promise<number | null> {
  let owned = 0
  for (const id of heads) owned += await staging.count(store, keys === 'single' ? id : partsFrom(id))
  if (owned === (await staging.count(store))) return null
  const known = new Set(heads)
  return (await staging.getAllKeys(store)).findIndex((key) => !known.has(idOf(key))) + 1
}

interface Found {
  /** Where it is not the record itself. */
  store?: WorkspaceStore
  row?: number
  misfit: Misfit
}

function checkRecord(
  database: SomnusDatabase,
  store: WorkspaceStore,
  id: string,
  onRecord: () => void,
): Promise<Found | null> {
  if (store === 'runs') return refold(raw(database), id, onRecord)
  if (store === 'datasets') return recount(raw(database), id, onRecord)
  if (store === 'conversations') return checkConversation(raw(database), id)
  if (store === 'studies') return checkStudy(raw(database), id, onRecord)
  return Promise.resolve(null)
}

async function checkShapes(staging: RawDatabase): Promise<Checked> {
  for (const store of TABLES.flatMap((table) => [table.store, ...table.parts.map((part) => part.store)])) {
    let row = 0
    for (let range: IDBKeyRange | null = null; ;) {
      const [keys, values] = await Promise.all([
        staging.getAllKeys(store, range, BATCH),
        staging.getAll(store, range, BATCH) as Promise<unknown[]>,
      ])
      for (const [index, key] of keys.entries()) {
        row += 1
        const value = withoutRemoval(values[index])
        const found = recordMisfit(store, { key: key as string, value })
        if (found) return misfit(store, row, found)
      }
      const last = keys.at(-1)
      if (last === undefined || keys.length < BATCH) break
      range = IDBKeyRange.lowerBound(last, true)
    }
  }
  return success(undefined)
}

/** Older versions may have written what waits for its undo. */
function withoutRemoval(value: unknown): unknown {
  const isRemoved = typeof value === 'object' && value !== null && 'removedAt' in value
  return isRemoved ? { ...value, removedAt: null } : value
}

function sampledOf(summary: RunSummary | null): number {
  return summary?.sampled ?? 0
}

/** Folds a run from its events and stores the fold. */
async function refold(staging: RawDatabase, id: string, onRecord: () => void): Promise<Found | null> {
  let summary: RunSummary | null = null
  let rotations: readonly number[] = []
  let count = 0
  const wrong = (found: Misfit): Found => ({ store: 'runEvents', misfit: found })
  for (let from = 0; ; from += BATCH) {
    const events = (await staging.getAll('runEvents', partsFrom(id, from), BATCH)) as RunEvent[]
    for (const event of events) {
      const next: Result<RunSummary, { reason: string }> = reduce(summary, event)
      if (!next.ok) return wrong(planned(`${id}[${count}].kind`, next.failure.reason, event.kind))
      const found: Misfit | null =
        event.kind === 'created'
          ? planMisfit(event.plan, id)
          : event.kind === 'answered'
            ? (answerMisfit(event.answer, rotations) ?? samplingMisfit(event.answer, sampledOf(summary)))
            : null
      if (found) return wrong({ ...found, place: `${id}[${count}].${found.place}` })
      if (event.kind === 'created') rotations = event.plan.rotations
      summary = next.value
      count += 1
      onRecord()
    }
    if (events.length < BATCH) break
  }
  if (!summary) return { misfit: { place: id, ...missing('runEvents') } }
  const last: unknown = await staging.getKey('runEvents', IDBKeyRange.only([id, count - 1]))
  if (last === undefined) return wrong({ place: `${id}[${count - 1}]`, ...missing('runEvents') })
  const stored = (await staging.get('runs', id)) as StoredRun
  await staging.put('runs', { ...stored, summary })
  return null
}

/** Compares a dataset's items with its name, and makes anew what follows from them. */
async function recount(staging: RawDatabase, id: string, onRecord: () => void): Promise<Found | null> {
  const [keys, blocks] = await Promise.all([
    staging.getAllKeys('itemBlocks', partsFrom(id)),
    staging.getAll('itemBlocks', partsFrom(id)) as Promise<Item[][]>,
  ])
  for (const [index, key] of keys.entries()) {
    const number = (key as [string, number])[1]
    const isLast = index === keys.length - 1
    const length = blocks[index]?.length ?? 0
    if (number !== index || (length !== BLOCK_ITEMS && !isLast))
      return { store: 'itemBlocks', misfit: planned(`${id}[${index}]`, String(BLOCK_ITEMS), String(length)) }
    onRecord()
  }
  const items = blocks.flat()
  for (const [index, { targetIndex, options }] of items.entries()) {
    if (targetIndex < options.length) continue
    const place = `${id}.items[${index}].targetIndex`
    return { store: 'itemBlocks', misfit: planned(place, `< ${options.length}`, String(targetIndex)) }
  }
  const stored = (await staging.get('datasets', id)) as StoredDataset
  const encoder = new TextEncoder()
  const itemsSha256 = itemsFingerprint(items, (text) => encoder.encode(text), await createSha256())
  if (itemsSha256 !== stored.dataset.itemsSha256)
    return { misfit: planned('dataset.itemsSha256', itemsSha256, stored.dataset.itemsSha256) }
  // Else the dataset that has this id by right would be taken for one that is here already.
  if (datasetId(itemsSha256) !== stored.id) return { misfit: planned('id', datasetId(itemsSha256), id) }
  const optionCounts: Record<number, number> = {}
  for (const { options } of items) optionCounts[options.length] = (optionCounts[options.length] ?? 0) + 1
  const dataset = { ...stored.dataset, id: stored.id, counts: countItems(items), optionCounts }
  const details = (await staging.get('datasetDetails', id)) as StoredDatasetDetails | undefined
  await staging.put('datasets', { ...stored, dataset })
  await staging.put('datasetDetails', { problems: details?.problems ?? [], meta: packItemMeta(items) }, id)
  return null
}

async function checkConversation(staging: RawDatabase, id: string): Promise<Found | null> {
  const conversation = (await staging.get('conversations', id)) as ConversationRecord
  const messages = (await staging.getAll('messages', partsFrom(id))) as MessageRecord[]
  const found = conversationMisfit(conversation, messages)
  return found && { misfit: { ...found, place: `${id}.${found.place}` } }
}

function idOf(key: IDBValidKey): string {
  return typeof key === 'string' ? key : String((key as [string, number])[0])
}

function missing(store: WorkspaceStore | PartStore): Omit<Misfit, 'place'> {
  return { expected: { kind: 'as-planned', value: entryPath(store) }, found: '—' }
}

function misfit(store: WorkspaceStore, row: number, found: Misfit): Checked {
  return failure({ kind: 'misfit', entry: entryPath(store), row, ...found })
}
