/** Takes the records of the staging database over, all in one transaction: either every one of them or none. */
import type { ConversationRecord } from '#core/chat/types'
import type { RunEvent } from '#core/run/types'
import { copiedEvent, copiedRecord, copyId, withReferences, type NewIds } from '#core/workspace/copy'
import { fateOf, type Fate } from '#core/workspace/relation'
import {
  isHostSetting,
  LOCAL_SETTINGS,
  storesOf,
  TABLES,
  type PartStore,
  type SectionId,
  type Table,
  type WorkspaceStore,
} from '#core/workspace/tables'
import type { StudyRecord } from '#core/study/types'
import type { StoredRun } from '../db/schema'
import { isStored, textOf, type Compared } from './compare'
import { keepingOpen, partsFrom, type RawDatabase, type RawTransaction } from './raw-database'

export interface ImportChoice {
  /** `replace` takes away what the chosen sections have here first. */
  mode: 'merge' | 'replace'
  sections: readonly SectionId[]
  /** Takes over settings that name a host. */
  hosts: boolean
  /** Put behind the names of records that come in beside others, e.g. " (imported)". */
  mark: string
}

export interface Applied {
  fates: { section: SectionId; name: string; fate: Fate }[]
}

/** Something was stored between the comparison and the transaction; nothing was changed. */
export class ChangedMeanwhile extends Error {}

/** What is done to one record; `id` is its id in the archive, `newId` the one here. */
interface Step extends Compared {
  fate: Fate
  newId: string
  table: Table
}

type Writing = RawTransaction<'readwrite'>

/** Parts copied at a time: some milliseconds of work for the database. */
const BATCH = 200

export async function applyImport(
  here: RawDatabase,
  staging: RawDatabase,
  compared: readonly Compared[],
  choice: ImportChoice,
  onRecord: () => void,
): Promise<Applied> {
  const steps = await stepsOf(here, compared, choice)
  const ids = newIds(steps)
  const chosen = storesOf(choice.sections)
  const stores = [...new Set([...chosen, ...steps.map(({ store }) => store)])]
  if (stores.length === 0) return { fates: [] }
  const transaction = here.transaction(stores, 'readwrite', { durability: 'strict' })
  try {
    if (choice.mode === 'replace') await clear(transaction, chosen)
    for (const step of steps) {
      if (step.fate === 'leave') continue
      await writeRecord(transaction, staging, step, ids, choice.mark)
      onRecord()
    }
    await transaction.done
  } catch (error) {
    // The rejection of `done` repeats the error that was just caught.
    transaction.done.catch(() => undefined)
    abort(transaction)
    throw error
  }
  return { fates: steps.map(({ section, name, fate }) => ({ section, name, fate })) }
}

async function stepsOf(
  here: RawDatabase,
  compared: readonly Compared[],
  { mode, sections, hosts }: ImportChoice,
): Promise<Step[]> {
  const steps: Step[] = []
  for (const record of compared) {
    const namesHost = isHostSetting(record.store, record.id)
    if (namesHost ? !hosts : !sections.includes(record.section)) continue
    const table = TABLES.find(({ store }) => store === record.store) as Table
    let fate: Fate = mode === 'replace' && !namesHost ? 'add' : fateOf(record.store, record.relation)
    let newId = record.id
    if (fate === 'copy') {
      newId = copyId(record.sha256 ?? '')
      // The same archive was imported before.
      if (isStored(await here.get(record.store, newId))) fate = 'leave'
    }
    steps.push({ ...record, fate, newId, table })
  }
  return steps.map((step) => withItsConversation(step, steps))
}

/** What was typed into a conversation that comes in as a copy goes with it. */
function withItsConversation(step: Step, steps: readonly Step[]): Step {
  if (step.store !== 'drafts') return step
  const copied = steps.find(
    ({ store, id, fate }) => store === 'conversations' && id === step.id && fate === 'copy',
  )
  return copied ? { ...step, fate: 'add', newId: copied.newId } : step
}

function newIds(steps: readonly Step[]): NewIds {
  const of = (name: Step['store']) =>
    new Map(
      steps.flatMap(({ store, id, newId }) => (store === name && id !== newId ? [[id, newId] as const] : [])),
    )
  return { runs: of('runs'), conversations: of('conversations'), comparisons: of('comparisons') }
}

async function clear(transaction: Writing, stores: readonly WorkspaceStore[]): Promise<void> {
  for (const name of stores) {
    const store = transaction.objectStore(name)
    if (name !== 'preferences') await store.clear()
    else
      for (const key of await store.getAllKeys())
        if (!LOCAL_SETTINGS.includes(key as string) && !isHostSetting(name, key as string))
          await store.delete(key)
  }
}

async function writeRecord(
  transaction: Writing,
  staging: RawDatabase,
  step: Step,
  ids: NewIds,
  mark: string,
): Promise<void> {
  const { store, table, id, newId, fate } = step
  const heads = transaction.objectStore(store)
  const mine: unknown = await heads.get(newId)
  // A list that was deleted here, and whose undo is not over, gives way to the one that comes.
  if (fate === 'extend' ? textOf(mine) !== step.stamp : isStored(mine)) throw new ChangedMeanwhile()
  if (fate !== 'extend')
    for (const part of table.parts)
      await transaction.objectStore(part.store).delete(part.keys === 'single' ? newId : partsFrom(newId))
  const incoming: unknown = await keepingOpen(transaction, staging.get(store, id))
  const from = fate === 'extend' ? eventsOf(store, mine) : 0
  let head = headOf(step, mine, incoming, ids, mark)
  for (const part of table.parts) {
    if (part.keys === 'single') {
      const value: unknown = await keepingOpen(transaction, staging.get(part.store, id))
      if (value !== undefined) await transaction.objectStore(part.store).put(value, newId)
    } else {
      const first = await copyParts(transaction, staging, part.store, step, from, ids, mark)
      if (first && store === 'runs') head = withPlanOf(head as StoredRun, first as RunEvent)
    }
  }
  await (table.inlineKey ? heads.put(head) : heads.put(head, newId))
}

/** How many events a run or a study has here: what comes is added behind them. */
function eventsOf(store: Step['store'], mine: unknown): number {
  if (store === 'runs') return (mine as StoredRun).summary.events
  return store === 'studies' ? (mine as StudyRecord).events : 0
}

function headOf(
  { store, id, newId, fate }: Step,
  mine: unknown,
  incoming: unknown,
  ids: NewIds,
  mark: string,
): unknown {
  if (store === 'drafts' || store === 'preferences') return incoming
  if (store === 'conversations' && fate === 'extend') {
    const [some, more] = [mine as ConversationRecord, incoming as ConversationRecord]
    return {
      ...some,
      leaf: more.leaf,
      nextMessage: Math.max(some.nextMessage, more.nextMessage),
      updatedAt: Math.max(some.updatedAt, more.updatedAt),
    }
  }
  if (store === 'studies' && fate === 'extend')
    return { ...(incoming as StudyRecord), name: (mine as StudyRecord).name }
  const record = withReferences(store, incoming as object, ids)
  return id === newId ? record : copiedRecord(store, record, newId, mark)
}

/** A run's summary names it as its first event does. */
function withPlanOf(head: StoredRun, first: RunEvent): StoredRun {
  if (first.kind !== 'created') return head
  const { id, name, origin } = first.plan
  const { summary } = head
  return { ...head, id, summary: { ...summary, id, plan: { ...summary.plan, id, name, origin } } }
}

/** Copies numbered parts from number `from` on; gives the first one as it was written. */
async function copyParts(
  transaction: Writing,
  staging: RawDatabase,
  name: PartStore,
  { id, newId, fate }: Step,
  from: number,
  ids: NewIds,
  mark: string,
): Promise<unknown> {
  const store = transaction.objectStore(name)
  let first: unknown
  for (let next = from; ;) {
    const range = partsFrom(id, next)
    const [keys, values] = await keepingOpen(
      transaction,
      Promise.all([staging.getAllKeys(name, range, BATCH), staging.getAll(name, range, BATCH)]),
    )
    // Async, so that an `add` that throws does not leave the others' rejections to nobody.
    await Promise.all(
      keys.map(async (key, index) => {
        const number = (key as [string, number])[1]
        const value: unknown =
          name === 'runEvents' ? copiedEvent(values[index] as RunEvent, newId, ids, mark) : values[index]
        if (number === 0) first = value
        // A message that is here already is the same one, or was deleted.
        if (fate === 'extend' && name === 'messages') await store.put(value, [newId, number])
        else await store.add(value, [newId, number])
      }),
    )
    const last = keys.at(-1) as [string, number] | undefined
    if (!last || keys.length < BATCH) return first
    next = last[1] + 1
  }
}

/** Takes back what was written; a transaction that failed by itself is aborted already, and says so. */
function abort(transaction: { abort(): void }): void {
  try {
    transaction.abort()
  } catch (error) {
    if (!(error instanceof DOMException && error.name === 'InvalidStateError')) throw error
  }
}
