/** What an earlier version of the app stored must still be there after an update. */
import { openDB, type IDBPDatabase } from 'idb'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { ConversationId } from '#core/chat/types'
import type { DatasetId } from '#core/dataset/item'
import type { StoredModel, StoredModelId } from '#core/model/stored'
import { ANESBENCH_PROMPTS } from '#core/prompt/anesbench'
import type { PromptSetId } from '#core/prompt/prompt-set'
import { sumTallies } from '#core/run/progress'
import type { RunId } from '#core/run/types'
import { PROMPT_SHA256_OF_V1, type AnswerV1, type PlanV1, type RunEventV1 } from '#core/run/upgrade'
import { ModelDatabase } from '#data/db/models'
import { ChatDatabase } from '#data/db/chats'
import { Preferences } from '#data/db/preferences'
import { PromptDatabase } from '#data/db/prompts'
import { RunDatabase } from '#data/db/runs'
import { openDatabase } from '#data/db/schema'
import { makeItem } from '../unit/run/fixtures'

let name: string
beforeEach(() => {
  name = `test-migration-${crypto.randomUUID()}`
})
afterEach(() => void indexedDB.deleteDatabase(name))

const openNow = () => openDatabase({ onBlocked: () => undefined, onOutdated: () => undefined }, name)

/** The stores as version 1 made them; version 2 added `models`. */
function openVersion(version: 1 | 2): Promise<IDBPDatabase> {
  return openDB(name, version, {
    upgrade(database) {
      for (const store of ['datasets', 'runs']) database.createObjectStore(store, { keyPath: 'id' })
      database.createObjectStore('conversations', { keyPath: 'id' }).createIndex('updatedAt', 'updatedAt')
      for (const store of ['datasetDetails', 'itemBlocks', 'runEvents', 'messages', 'preferences'])
        database.createObjectStore(store)
      if (version === 2) database.createObjectStore('models', { keyPath: 'id' })
    },
  })
}

test('version 1 keeps its data and gets stores for models and prompts', async () => {
  const first = await openVersion(1)
  await first.put('preferences', 'zh', 'language')
  await first.put('conversations', { id: 'c', updatedAt: 1, removedAt: null })
  first.close()

  const database = await openNow()
  expect(await new Preferences(database).get('language')).toBe('zh')
  expect(await database.count('conversations')).toBe(1)
  const models = new ModelDatabase(database)
  expect(await models.list()).toEqual([])
  await models.put({ id: 'own/a', addedAt: 1, files: [] as StoredModel['files'] } as StoredModel)
  expect(await models.list()).toHaveLength(1)
  expect(await models.update('own/none' as StoredModelId, (model) => model)).toBeUndefined()

  const prompts = new PromptDatabase(database)
  const own = { ...ANESBENCH_PROMPTS, id: 'own' as PromptSetId, name: 'Mine' }
  await prompts.save(own, 1)
  await prompts.save({ ...own, id: 'second' as PromptSetId }, 2)
  await prompts.save({ ...own, name: 'Mine, shorter' }, 3)
  expect((await prompts.list()).map((stored) => stored.prompts.name)).toEqual(['Mine, shorter', 'Mine'])
  await prompts.remove('own' as PromptSetId)
  expect(await prompts.list()).toHaveLength(1)
  database.close()
})

const PLAN: PlanV1 = {
  id: 'run' as RunId,
  name: 'Model on data',
  createdAt: 1,
  appVersion: '0.1.0',
  model: { recordId: 'm', variantId: 'v', name: 'Model', quantization: 'F32' },
  dataset: { id: 'd' as DatasetId, name: 'Data', source: 'file', sha256: 'a', itemsSha256: 'b' },
  selection: { languages: ['en'], levels: [1], sampleSize: 3, seed: 7 },
  strata: [{ language: 'en', level: 1, population: 9, sampled: 3 }],
  itemIndexes: [4, 0, 8],
  promptKind: 'chain-of-thought',
  promptVersion: 'somnus-anesbench-1',
  promptSha256: 'of-another-text',
  decoding: { temperature: 0, topP: 1, maxTokens: 2048, seed: 0 },
}

const answerV1 = (position: number, letter: string | null): AnswerV1 => ({
  position,
  item: makeItem(position),
  reply: 'The answer is B.',
  finish: 'stop',
  promptTokens: 100,
  completionTokens: 11,
  timeToFirstTokenMs: 50,
  decodeMs: 200,
  answeredAt: 10 + position,
  hidden: false,
  failure: null,
  officialLetter: letter,
  strictLetter: letter,
  strictReason: null,
})

const ENGINE_V1 = {
  engine: 'wllama',
  engineVersion: '3.8.1',
  device: 'CPU',
  fingerprint: 'f'.repeat(64),
  contextTokens: 1024,
} as const

const EVENTS: readonly RunEventV1[] = [
  { kind: 'created', at: 1, plan: PLAN },
  { kind: 'started', at: 2, engine: ENGINE_V1, userAgent: 'test' },
  { kind: 'answered', at: 10, answer: answerV1(0, 'B') },
  { kind: 'paused', at: 11, reason: 'user', failure: null },
  { kind: 'started', at: 12, engine: ENGINE_V1, userAgent: 'test' },
  { kind: 'answered', at: 20, answer: answerV1(1, null) },
  { kind: 'flagged', at: 21, position: 0, note: 'doubtful' },
]

/** The summary as version 2 stored it beside the events, its list of items left out. */
function summaryV2(state: object): object {
  const plan: Partial<PlanV1> = { ...PLAN }
  delete plan.itemIndexes
  const tally = { officialCorrect: 1, strictCorrect: 1, officialNone: 1, strictNone: 1 }
  return {
    id: PLAN.id,
    plan,
    total: 3,
    events: EVENTS.length,
    updatedAt: 21,
    state,
    answered: 2,
    tallies: [{ language: 'en', level: 1, answered: 2, ...tally }],
    engines: [ENGINE_V1],
    promptTokens: 200,
    completionTokens: 22,
    decodedTokens: 20,
    decodeMs: 400,
    answeringMs: 500,
    flags: { 0: 'doubtful' },
  }
}

async function storeVersion2(events: readonly RunEventV1[], state: object, removedAt: number | null) {
  const second = await openVersion(2)
  await second.put('runs', { id: 'run', summary: summaryV2(state), removedAt })
  for (const [index, event] of events.entries()) await second.put('runEvents', event, ['run', index])
  second.close()
}

test('version 2 keeps its runs: plan, answers, marks and sessions, in today’s form', async () => {
  await storeVersion2(EVENTS, { kind: 'running' }, null)
  const runs = new RunDatabase(await openNow())
  const record = await runs.load(PLAN.id)
  expect(record?.plan).toMatchObject({
    itemIndexes: [4, 0, 8],
    rotations: [0, 0, 0],
    askedSha256: null,
    protocol: 'generate',
    prompts: ANESBENCH_PROMPTS,
    promptSha256: PROMPT_SHA256_OF_V1,
    selection: { design: 'proportional', seed: 7 },
    origin: { kind: 'own' },
  })
  expect(record?.plan).not.toHaveProperty('promptKind')
  expect(record?.answers).toEqual([
    { ...answerV1(0, 'B'), rotation: 0, forward: null },
    { ...answerV1(1, null), rotation: 0, forward: null },
  ])
  expect(record?.starts[1]?.engine).toEqual({ ...ENGINE_V1, librarySha256: null, tokenizerSha256: null })
  const [summary] = await runs.list()
  expect(summary).toEqual(record?.summary)
  expect(summary).toMatchObject({ state: { kind: 'running' }, answered: 2, flags: { 0: 'doubtful' } })
  expect(summary && sumTallies(summary)).toEqual({
    answered: 2,
    correct: { official: 1, strict: 1, forward: 0 },
    unparsed: { official: 1, strict: 1, forward: 2 },
  })
})

test('an unfinished run of version 2 goes on', async () => {
  await storeVersion2(EVENTS, { kind: 'running' }, null)
  const runs = new RunDatabase(await openNow())
  const answer = { ...answerV1(2, 'B'), rotation: 0, forward: null }
  expect(await runs.append(PLAN.id, { kind: 'answered', at: 30, answer })).toMatchObject({ ok: true })
  expect(await runs.append(PLAN.id, { kind: 'finished', at: 31 })).toMatchObject({ ok: true })
  expect((await runs.load(PLAN.id))?.answers).toHaveLength(3)
})

test('a stopped run of version 2 was stopped by the user; a removed one stays removed', async () => {
  await storeVersion2([...EVENTS, { kind: 'stopped', at: 30 }], { kind: 'stopped' }, 40)
  const runs = new RunDatabase(await openNow())
  expect(await runs.list()).toEqual([])
  await runs.restore(PLAN.id)
  expect((await runs.load(PLAN.id))?.ended).toEqual({ at: 30, reason: 'user' })
  expect((await runs.list())[0]?.state).toEqual({ kind: 'stopped', reason: 'user' })
})

test('a long run of version 2 is brought up in several batches', async () => {
  const count = 1203
  const second = await openVersion(2)
  const plan = { ...PLAN, itemIndexes: Array.from({ length: count }, (_, index) => index) }
  const transaction = second.transaction(['runs', 'runEvents'], 'readwrite')
  void transaction.objectStore('runs').put({ id: 'run', summary: {}, removedAt: null })
  const events: RunEventV1[] = [
    { kind: 'created', at: 1, plan },
    { kind: 'started', at: 2, engine: ENGINE_V1, userAgent: 'test' },
    ...plan.itemIndexes.map((position): RunEventV1 => ({
      kind: 'answered',
      at: 3,
      answer: answerV1(position, 'B'),
    })),
  ]
  events.forEach((event, index) => void transaction.objectStore('runEvents').put(event, ['run', index]))
  await transaction.done
  second.close()

  const record = await new RunDatabase(await openNow()).load(PLAN.id)
  expect(record?.answers.map(({ position }) => position)).toEqual(plan.itemIndexes)
  expect(record?.answers.every(({ rotation }) => rotation === 0)).toBe(true)
  expect(record?.summary.answered).toBe(count)
})

test('version 3 kept conversations as lists, which become trees with one branch', async () => {
  const old = await openVersion(2)
  for (const [id, removedAt] of [
    ['talk', null],
    ['gone', 5],
    ['empty', null],
  ] as const)
    await old.put('conversations', { id, title: id, createdAt: 1, updatedAt: 2, removedAt })
  const question = { role: 'user', text: 'a', at: 1 }
  const reply = { role: 'assistant', text: 'A', at: 2, finish: 'stop', modelName: 'M', omittedMessages: 0 }
  const replyV1 = { ...reply, engine: ENGINE_V1 }
  await old.put('messages', question, ['talk', 0])
  await old.put('messages', replyV1, ['talk', 1])
  await old.put('messages', { ...question, text: 'b' }, ['talk', 2])
  await old.put('messages', question, ['gone', 0])
  await old.put('preferences', 'half a quest', 'chatDraft')
  old.close()

  const database = await openNow()
  const chats = new ChatDatabase(database)
  expect(await chats.messages('talk' as ConversationId)).toEqual([
    { ...question, id: 0, parent: null, removedAt: null },
    {
      ...reply,
      engine: { ...ENGINE_V1, librarySha256: null, tokenizerSha256: null },
      id: 1,
      parent: 0,
      removedAt: null,
      editedFrom: null,
      continuedFrom: null,
      summary: null,
      quantization: null,
      reasoningMs: null,
      settings: null,
    },
    { ...question, text: 'b', id: 2, parent: 1, removedAt: null },
  ])
  const fresh = { renamed: false, pinned: false, settings: null, origin: null, imported: null }
  expect(await database.get('conversations', 'talk' as ConversationId)).toMatchObject({
    ...fresh,
    title: 'talk',
    leaf: 2,
    nextMessage: 3,
    removedAt: null,
  })
  expect(await database.get('conversations', 'gone' as ConversationId)).toMatchObject({
    removedAt: 5,
    leaf: 0,
  })
  expect(await database.get('drafts', '')).toMatchObject({ text: 'half a quest', edits: [] })
  expect(await database.get('preferences', 'chatDraft')).toBeUndefined()
  expect(await database.get('conversations', 'empty' as ConversationId)).toMatchObject({
    leaf: null,
    nextMessage: 0,
  })
  database.close()
})
