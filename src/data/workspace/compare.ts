/** How each record of the staging database relates to what is stored here. */
import { canonicalJson } from '#core/export/canonical-json'
import type { ConversationRecord, MessageRecord } from '#core/chat/types'
import type { RunEvent } from '#core/run/types'
import { portableEvent, withoutRemoved } from '#core/workspace/portable'
import { filledRelation, listRelation, setRelation, type Relation } from '#core/workspace/relation'
import {
  SECTIONS,
  TABLES,
  type PartStore,
  type SectionId,
  type Table,
  type TableStore,
} from '#core/workspace/tables'
import { createTextSha256 } from '../sha256'
import { partsFrom, type RawDatabase } from './raw-database'
import { eachPart } from './snapshot'

export interface Compared {
  store: TableStore
  section: SectionId
  id: string
  /** What the user knows it by. */
  name: string
  relation: Relation
  /** Of what comes in; only for records that differ. */
  sha256: string | null
  /** The record here as text, where the archive adds to it: it must still be so when it is written. */
  stamp: string | null
}

export async function compareAll(
  here: RawDatabase,
  staging: RawDatabase,
  onRecord: () => void,
): Promise<Compared[]> {
  const compared: Compared[] = []
  for (const table of TABLES) {
    for (const key of await staging.getAllKeys(table.store)) {
      compared.push(await compareRecord(here, staging, table, key as string))
      onRecord()
    }
  }
  return compared.sort((one, other) => SECTIONS.indexOf(one.section) - SECTIONS.indexOf(other.section))
}

async function compareRecord(
  here: RawDatabase,
  staging: RawDatabase,
  { store, section }: Table,
  id: string,
): Promise<Compared> {
  const [mine, incoming] = (await Promise.all([here.get(store, id), staging.get(store, id)])) as unknown[]
  const relation = isStored(mine) ? await relationOf(here, staging, store, id, mine, incoming) : 'new'
  return {
    store,
    section,
    id,
    name: nameOf(store, id, incoming),
    relation,
    sha256: relation === 'different' ? await contentSha256(staging, store, id, incoming) : null,
    stamp: relation === 'longer' ? textOf(mine) : null,
  }
}

/** What was deleted gives way, though its undo is not over. */
export function isStored(value: unknown): boolean {
  if (value === undefined) return false
  if (typeof value !== 'object' || value === null) return true
  const { removedAt } = value as { removedAt?: number | null }
  return removedAt === null || removedAt === undefined
}

async function relationOf(
  here: RawDatabase,
  staging: RawDatabase,
  store: TableStore,
  id: string,
  mine: unknown,
  incoming: unknown,
): Promise<Exclude<Relation, 'new'>> {
  switch (store) {
    case 'runs':
      return listRelation(eventTexts(here, 'runEvents', id), eventTexts(staging, 'runEvents', id))
    case 'studies':
      return listRelation(eventTexts(here, 'studyEvents', id), eventTexts(staging, 'studyEvents', id))
    case 'conversations': {
      const [some, others] = await Promise.all([messageTexts(here, id), messageTexts(staging, id)])
      return setRelation(some, others)
    }
    case 'comparisons':
      return filledRelation(judging(mine), judging(incoming), JUDGED, textOf)
    case 'datasets':
      // Its id is made of its items.
      return 'same'
    case 'prompts':
    case 'presets':
      return textOf({ ...(mine as object), savedAt: 0 }) === textOf({ ...(incoming as object), savedAt: 0 })
        ? 'same'
        : 'different'
    default:
      return textOf(mine) === textOf(incoming) ? 'same' : 'different'
  }
}

/** What a comparison gets one after the other. */
const JUDGED: readonly string[] = ['left', 'right', 'preference', 'decidedAt']

function judging(value: unknown): Record<string, unknown> {
  const { replies, ...rest } = value as { replies: Record<string, unknown> }
  return { ...rest, ...replies }
}

/** The events of a run or a study as text, one at a time. Read in batches: each in a transaction of its own. */
function eventTexts(
  database: RawDatabase,
  store: 'runEvents' | 'studyEvents',
  id: string,
): () => Promise<string | null> {
  const BATCH = 200
  let events: unknown[] = []
  let next = 0
  let from = 0
  let isLast = false
  return async () => {
    if (next >= events.length) {
      if (isLast) return null
      events = await database.getAll(store, partsFrom(id, from), BATCH)
      from += events.length
      next = 0
      isLast = events.length < BATCH
      if (events.length === 0) return null
    }
    const event = events[next]
    next += 1
    return textOf(store === 'runEvents' ? portableEvent(event as RunEvent) : event)
  }
}

/** Without what is deleted: that stays where it was deleted. */
async function messageTexts(database: RawDatabase, id: string): Promise<Map<number, string>> {
  const messages = (await database.getAll('messages', partsFrom(id))) as MessageRecord[]
  const kept = withoutRemoved({ leaf: null } as ConversationRecord, messages)
  return new Map(kept.messages.map((each) => [each.id, textOf(each)]))
}

const COUNTED_PARTS: Partial<Record<TableStore, PartStore>> = {
  runs: 'runEvents',
  studies: 'studyEvents',
  conversations: 'messages',
}

/** Over the record and all its parts, as text. */
async function contentSha256(
  staging: RawDatabase,
  store: TableStore,
  id: string,
  value: unknown,
): Promise<string> {
  const sha256 = await createTextSha256()
  const part = COUNTED_PARTS[store] ?? null
  // The record of a run or a study tells no more than its events.
  let chain = part === 'runEvents' || part === 'studyEvents' ? '' : sha256(textOf(value))
  if (part === null) return chain
  const transaction = staging.transaction([part], 'readonly')
  for await (const row of eachPart(transaction, part, id)) chain = sha256(chain + textOf(row.value))
  return chain
}

export function textOf(value: unknown): string {
  return canonicalJson(value)
}

/** A name in a list, in characters; questions of comparisons are as long as a user makes them. */
const NAME_LENGTH = 200

/** What the user knows a record by. */
export function nameOf(store: TableStore, id: string, value: unknown): string {
  const record = value as Record<string, unknown>
  const inner = (member: string) => (record[member] as { name?: unknown } | undefined)?.name
  const named: Partial<Record<TableStore, unknown>> = {
    runs: (record['summary'] as { plan?: { name?: unknown } } | undefined)?.plan?.name,
    datasets: inner('dataset'),
    conversations: record['title'],
    comparisons: record['question'],
    studies: record['name'],
    presets: inner('preset'),
    prompts: inner('prompts'),
  }
  const name = named[store]
  if (typeof name !== 'string' || name === '') return id
  if (name.length <= NAME_LENGTH) return name
  // Cut at a character, not inside one.
  return `${[...name.slice(0, 2 * NAME_LENGTH)].slice(0, NAME_LENGTH - 1).join('')}…`
}
