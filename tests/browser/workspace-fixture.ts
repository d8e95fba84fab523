/** A workspace with something in every store, and what is in it. */
import type { ReplySampling } from '#core/chat/sampling'
import type { ExpertsEvent } from '#core/experts/types'
import type { StudyId } from '#core/study/types'
import { StudyLog } from '#data/db/studies'
import { checked, created as createdStudy, written } from '../unit/experts/fixture'
import { deleteDB } from 'idb'
import type { ComparisonId, ComparisonRecord } from '#core/chat/comparison'
import type {
  AssistantMessage,
  ConversationId,
  ConversationRecord,
  MessageRecord,
  PresetId,
} from '#core/chat/types'
import { datasetId, itemsFingerprint } from '#core/dataset/fingerprint'
import type { Dataset, DatasetId, Item } from '#core/dataset/item'
import { packItemMeta } from '#core/dataset/strata'
import { ANESBENCH_PROMPTS } from '#core/prompt/anesbench'
import type { PromptSetId } from '#core/prompt/prompt-set'
import { countItems } from '#core/run/sample'
import type { RunEvent, RunId } from '#core/run/types'
import { openDatabase, type SomnusDatabase } from '#data/db/schema'
import { createSha256 } from '#data/sha256'
import { memorySink } from '#data/workspace/byte-sink'
import { exportWorkspace, type ExportContent } from '#data/workspace/export-workspace'
import { importWorkspace } from '#data/workspace/import-workspace'
import { raw } from '#data/workspace/raw-database'
import { readWorkspace } from '#data/workspace/read-workspace'
import { SECTIONS, WORKSPACE_STORES } from '#core/workspace/tables'
import { answered, created, ENGINE, fold, makeItem, makePlan, started } from '../unit/run/fixtures'

export const OBSERVER = { onBlocked: () => undefined, onOutdated: () => undefined }
export const open = (name: string) => openDatabase(OBSERVER, name)

const opened: SomnusDatabase[] = []

/** A database of its own, empty. */
export async function fresh(): Promise<SomnusDatabase> {
  const database = await open(`test-workspace-${crypto.randomUUID()}`)
  opened.push(database)
  return database
}

/** After each test. */
export async function deleteOpened(): Promise<void> {
  for (const database of opened.splice(0)) {
    database.close()
    await deleteDB(database.name)
  }
}

export const ITEMS: Item[] = Array.from({ length: 70 }, (_, index) =>
  makeItem(index, index % 2 ? 'zh' : 'en', 1),
)

export async function makeDataset(items: Item[] = ITEMS): Promise<Dataset> {
  const encoder = new TextEncoder()
  const itemsSha256 = itemsFingerprint(items, (text) => encoder.encode(text), await createSha256())
  return {
    id: datasetId(itemsSha256),
    name: 'Exam',
    source: { kind: 'file', fileNames: ['exam.json'] },
    sha256: 'a'.repeat(64),
    itemsSha256,
    counts: countItems(items),
    optionCounts: { 4: items.length },
    problemCount: 1,
    importedAt: 5,
  }
}

export const runEvents = (id: string, answers: number, of = 12): RunEvent[] => [
  created({ ...makePlan(of, id), rotations: Array.from({ length: of }, () => 0) }),
  started(),
  ...Array.from({ length: answers }, (_, position) => answered(position)),
]

export async function putRun(database: SomnusDatabase, events: RunEvent[], removedAt: number | null = null) {
  const summary = fold(events)
  const { id } = summary
  await database.put('runs', { id, summary, removedAt })
  for (const [number, event] of events.entries()) await database.put('runEvents', event, [id, number])
}

export const question = (id: number, text: string, parent: number | null = id - 1): MessageRecord => ({
  role: 'user',
  id,
  parent: parent !== null && parent < 0 ? null : parent,
  text,
  at: 10 + id,
  removedAt: null,
})

const MEASURED = { promptTokens: 3, completionTokens: 4, timeToFirstTokenMs: 5, decodeMs: 6 }
const SCORER = { kind: 'self-verifier', modelName: 'Model', quantization: 'F32', fingerprint: 'ab' } as const

/** Two replies, of which the second is shown. */
const DRAWN: ReplySampling = {
  strategy: { kind: 'vote-sum', samples: 2, stopsEarly: true, aggregate: 'min' },
  seed: 7,
  compared: 'letters',
  shown: 1,
  samples: [0.25, 0.75].map((score, index) => ({
    ...{
      seed: index,
      text: `<think>…</think> ${index + 1} mg`,
      finish: 'stop',
      ...MEASURED,
      reasoningMs: null,
    },
    answer: index === 0 ? 'A' : 'B',
    scores: { scorer: SCORER, steps: [score], promptTokens: 8, elapsedMs: 9 },
  })),
}

export const reply = (id: number, text: string): AssistantMessage => ({
  role: 'assistant',
  id,
  parent: id - 1,
  text,
  at: 10 + id,
  removedAt: null,
  editedFrom: null,
  continuedFrom: null,
  finish: 'stop',
  modelName: 'Model',
  quantization: 'F32',
  engine: ENGINE,
  promptTokens: 3,
  completionTokens: 4,
  timeToFirstTokenMs: 5,
  decodeMs: 6,
  reasoningMs: null,
  settings: null,
  omittedMessages: 0,
  summary: null,
})

export function conversation(id: string, messages: number, title = id): ConversationRecord {
  return {
    id: id as ConversationId,
    title,
    renamed: false,
    pinned: false,
    createdAt: 1,
    updatedAt: 10 + messages,
    removedAt: null,
    leaf: messages === 0 ? null : messages - 1,
    nextMessage: messages,
    settings: null,
    origin: { kind: 'run', runId: 'run-1' as RunId, position: 0, examples: [], reply: null },
    imported: null,
  }
}

export async function putConversation(
  database: SomnusDatabase,
  record: ConversationRecord,
  messages: MessageRecord[],
) {
  await database.put('conversations', record)
  for (const message of messages) await database.put('messages', message, [record.id, message.id])
}

const SETTINGS = { preset: null, system: null, temperature: 0, topP: 1, maxTokens: 9, seed: 3 } as const

export function comparison(id: string): ComparisonRecord {
  const model = { modelId: 'm', variantId: 'v', name: 'Model', quantization: 'F32' }
  return {
    id: id as ComparisonId,
    series: id as ComparisonId,
    position: 0,
    createdAt: 7,
    question: 'Which dose?',
    settings: SETTINGS,
    models: { left: model, right: model },
    replies: { left: reply(0, 'One.'), right: null },
    blind: true,
    preference: null,
    decidedAt: null,
    removedAt: null,
  }
}

export const prompts = (id: string, name = 'Mine') => ({
  id: id as PromptSetId,
  prompts: { ...ANESBENCH_PROMPTS, id: id as PromptSetId, name },
  savedAt: 1,
})

/** A study of the experts' loop, up to its account. */
export const STUDY_EVENTS: readonly ExpertsEvent[] = [
  createdStudy(),
  written('reasoning', 1, '## Findings\nnone'),
  written('reflection', 1, '<Feedback>more</Feedback><Rating>0</Rating>'),
  checked(1, 0.25),
  { kind: 'closed', at: 4 },
  written('narrative', 1, '<answer>A</answer>'),
]

export async function putStudy(
  database: SomnusDatabase,
  id: string,
  events: readonly ExpertsEvent[],
  name = 'Two experts',
): Promise<void> {
  const log = new StudyLog<ExpertsEvent>(database, 'experts')
  const [first, ...more] = events
  if (!first) return
  await log.create(id as StudyId, name, first)
  for (const [index, event] of more.entries()) await log.append(id as StudyId, index + 1, event)
}

/** Something in every store, with texts that are hard to carry: lone surrogates, line separators, all of Unicode. */
export async function fill(database: SomnusDatabase): Promise<void> {
  const dataset = await makeDataset()
  await database.put('datasets', { id: dataset.id, dataset, removedAt: null })
  await database.put('datasetDetails', { meta: packItemMeta(ITEMS), problems: [] }, dataset.id)
  await database.put('itemBlocks', ITEMS.slice(0, 64), [dataset.id, 0])
  await database.put('itemBlocks', ITEMS.slice(64), [dataset.id, 1])
  await putRun(database, [...runEvents('run-1', 12), { kind: 'finished', at: 99 }])
  await putRun(database, [
    ...runEvents('run-2', 3),
    { kind: 'flagged', at: 50, position: 1, note: '\ud800 \u2028 "\\" 剂量 💉' },
  ])
  // Every member that may be empty is filled.
  const talk: ConversationRecord = {
    ...conversation('talk', 4),
    settings: { ...SETTINGS, system: 'Be brief.' },
    origin: {
      kind: 'run',
      runId: 'run-1' as RunId,
      position: 2,
      examples: [{ role: 'user', content: 'Q' }],
      reply: 1,
      options: ['1 mg', '2 mg'],
    },
    strategy: DRAWN.strategy,
    imported: { at: 3, fileName: 'talk.json', sourceId: 'there' as ConversationId },
  }
  await putConversation(database, talk, [
    question(0, 'How much?\n\u2029'),
    { ...reply(1, '<think>…</think> 2 mg'), sampling: DRAWN },
    question(2, 'And then?'),
    {
      ...reply(3, 'Then nothing.'),
      editedFrom: 1,
      continuedFrom: 1,
      reasoningMs: 7,
      settings: SETTINGS,
      omittedMessages: 2,
      summary: { text: 'A dose.', modelName: 'Model', edited: true },
    },
  ])
  await database.put(
    'drafts',
    { text: 'not sent', edits: [{ id: 0, text: 'x' }], at: 4 },
    'talk' as ConversationId,
  )
  await database.put('drafts', { text: 'begun', edits: [], at: 4 }, '')
  await database.put('presets', {
    id: 'p' as PresetId,
    preset: { id: 'p' as PresetId, name: 'Strict', description: '', settings: SETTINGS },
    savedAt: 3,
  })
  await database.put('comparisons', comparison('c'))
  await putStudy(database, 'study', STUDY_EVENTS)
  await database.put('prompts', prompts('own'))
  await database.put('preferences', 'zh', 'language')
  await database.put('preferences', { watts: 70, paces: {} }, 'planning')
}

/** Every record of the workspace by store and key. */
export async function contentOf(database: SomnusDatabase): Promise<Record<string, [unknown, unknown][]>> {
  const content: Record<string, [unknown, unknown][]> = {}
  for (const store of WORKSPACE_STORES) {
    const [keys, values] = await Promise.all([
      raw(database).getAllKeys(store),
      raw(database).getAll(store) as Promise<unknown[]>,
    ])
    content[store] = keys.map((key, index) => [key, values[index]])
  }
  return content
}

export const NOTHING: ExportContent = { appVersion: 'test', at: 1000, privacy: null, models: [] }

export async function exported(
  database: SomnusDatabase,
  content: Partial<ExportContent> = {},
): Promise<File> {
  const made = await exportWorkspace(database, memorySink(), { ...NOTHING, ...content }, () => undefined)
  if (!made.ok) throw new Error(JSON.stringify(made.failure))
  return new File([made.value.archive], 'somnus-workspace-2026-11-22.tar')
}

export async function read(database: SomnusDatabase, file: File) {
  const result = await readWorkspace(database, file, () => undefined)
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

export async function imported(
  database: SomnusDatabase,
  file: File,
  mode: 'merge' | 'replace' = 'merge',
  sections = SECTIONS,
  hosts = false,
) {
  const { staging } = await read(database, file)
  const choice = { mode, sections, hosts, mark: ' (imported)' }
  return importWorkspace(database, { staging }, choice, () => undefined)
}

export const itemsOf = (id: DatasetId) => IDBKeyRange.bound([id, 0], [id, Infinity])
