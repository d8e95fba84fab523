/** Protocols with the built-in model, really inferring: what is stored is what the bare engine says. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { EngineStore } from '#app/engine.svelte'
import { readReply } from '#app/run-read'
import { Runs } from '#app/runs.svelte'
import type { Dataset, DatasetId, Item } from '#core/dataset/item'
import { success } from '#core/result'
import { ANESBENCH_PROMPTS } from '#core/prompt/anesbench'
import { promptMessages } from '#core/prompt/messages'
import { optionLetter } from '#core/prompt/question'
import { PLAIN_REQUEST, type RunRequest } from '#core/run/plan'
import { countItems } from '#core/run/sample'
import { RunDatabase, type RunRecord } from '#data/db/runs'
import { openDatabase, type SomnusDatabase } from '#data/db/schema'
import { BrowserRunLocks } from '#data/run-lock'
import { builtIn, CONTEXT_TOKENS, never, newEngine } from './engine-fixture'

interface FormularyRow {
  id: string
  question: string
  choice_num: number
  target: string
  category: 1 | 2 | 3
  [letter: string]: string | number
}

async function formulary(language: 'en' | 'zh', count: number): Promise<Item[]> {
  const rows = (await (await fetch(`/datasets/formulary_${language}.json`)).json()) as FormularyRow[]
  return rows.slice(0, count).map((row) => ({
    id: row.id,
    language,
    level: row.category,
    stem: row.question,
    options: Array.from({ length: row.choice_num }, (_, index) => String(row[optionLetter(index)])),
    targetIndex: row.target.charCodeAt(0) - 65,
  }))
}

const ITEMS = [...(await formulary('en', 12)), ...(await formulary('zh', 12))]
const DATASET: Dataset = {
  id: 'data' as DatasetId,
  name: 'Formulary',
  source: { kind: 'built-in' },
  sha256: 'a',
  itemsSha256: 'b',
  counts: countItems(ITEMS),
  optionCounts: { 4: ITEMS.length },
  problemCount: 0,
  importedAt: 0,
}
const REQUEST: RunRequest = {
  ...PLAIN_REQUEST,
  model: { recordId: 'm', variantId: 'v', name: 'Formulary', quantization: 'Q8_0' },
  dataset: DATASET,
  selection: {
    languages: ['en', 'zh'],
    levels: [1, 2, 3],
    sampleSize: null,
    seed: 5,
    design: 'proportional',
  },
}

let database: SomnusDatabase
let workers: Worker[]
let engine: EngineStore
let runs: Runs

beforeEach(async () => {
  const observer = { onBlocked: () => undefined, onOutdated: () => undefined }
  database = await openDatabase(observer, `test-${crypto.randomUUID()}`)
  const client = newEngine()
  workers = client.workers
  engine = new EngineStore(client.engine)
  runs = new Runs({
    database: new RunDatabase(database),
    locks: new BrowserRunLocks(navigator.locks),
    datasets: {
      find: () => Promise.resolve(DATASET),
      itemMetas: () => Promise.resolve(ITEMS),
      item: (_id, index) => Promise.resolve(ITEMS[index]),
      items: (_id, indexes) => Promise.resolve(indexes.flatMap((index) => ITEMS[index] ?? [])),
      installBuiltIn: () => Promise.resolve(success(DATASET)),
    },
    models: {
      ensureLoaded: async (_model, signal) =>
        engine.load(
          { id: 'm/v', name: 'Formulary' },
          { engine: 'wllama', source: builtIn, contextTokens: CONTEXT_TOKENS, threads: 1 },
          signal,
        ),
      loaded: () => (engine.state.kind === 'ready' ? engine.state.description : null),
      builtIn: () => REQUEST.model,
    },
    engine,
    read: readReply,
    appVersion: 'test',
    keepAwake: () => () => undefined,
  })
})
afterEach(async () => {
  workers.forEach((worker) => worker.terminate())
  database.close()
  await new Promise((resolve) => (indexedDB.deleteDatabase(database.name).onsuccess = resolve))
})

async function answer(change: Partial<RunRequest>): Promise<RunRecord> {
  const ended = await runs.start({ ...REQUEST, ...change })
  if (!ended.ok) throw new Error(JSON.stringify(ended.failure))
  expect(ended.value.state).toEqual({ kind: 'finished' })
  const record = await runs.load(ended.value.id)
  if (!record) throw new Error('no record')
  return record
}

const rightOf = (letters: (string | null | undefined)[], items: readonly Item[]) =>
  letters.filter((letter, index) => letter === optionLetter(items[index]?.targetIndex ?? -1)).length

test('a letters run stores what one forward pass of the bare engine says, of every question', async () => {
  const { answers, rotated } = await answer({ protocol: 'letters', rotationShare: 0.25 })
  expect(answers).toHaveLength(24)
  expect(rotated).toHaveLength(6)
  for (const { item, forward } of [...answers, ...rotated]) {
    const letters = item.options.map((_, index) => optionLetter(index))
    const messages = promptMessages(item, ANESBENCH_PROMPTS.templates['letter-only'])
    const bare = await engine.scoreLetters({ messages, letters }, never)
    if (!bare.ok || !forward) throw new Error('not scored')
    bare.value.probabilities.forEach((probability, index) => {
      expect(Math.abs((forward.probabilities[index] ?? NaN) - probability)).toBeLessThan(2e-3)
    })
    expect(forward.probabilities.reduce((sum, one) => sum + one, 0)).toBeCloseTo(1)
  }
  // The model was trained on these questions: chance is a quarter.
  const right = rightOf(
    answers.map(({ forward }) => forward?.letter),
    answers.map(({ item }) => item),
  )
  expect(right).toBeGreaterThanOrEqual(20)
})

test('a run of both has the reply and the probabilities of each question, rotated ones included', async () => {
  const { answers, rotated, summary } = await answer({ protocol: 'both', rotationShare: 0.25 })
  expect(summary).toMatchObject({ total: 30, rotated: 6 })
  for (const one of [...answers, ...rotated]) {
    expect(one.reply).not.toBe('')
    expect(one.completionTokens).toBeGreaterThan(0)
    expect(one.forward?.probabilities).toHaveLength(one.item.options.length)
  }
  // A model that knows the content follows it to its new letter.
  const right = rightOf(
    rotated.map(({ officialLetter }) => officialLetter),
    rotated.map(({ item }) => item),
  )
  expect(right).toBeGreaterThanOrEqual(4)
})

test('examples reach the engine with each question', async () => {
  const pool = { id: DATASET.id, name: DATASET.name, itemsSha256: DATASET.itemsSha256 }
  const { answers, plan } = await answer({
    protocol: 'letters',
    shots: { pool, count: 1 },
    selection: { ...REQUEST.selection, sampleSize: 6 },
  })
  const bare = await answer({
    protocol: 'letters',
    shots: null,
    selection: { ...REQUEST.selection, sampleSize: 6 },
  })
  expect(plan.shots?.items).toHaveLength(2)
  answers.forEach(({ forward }, index) => {
    expect(forward?.promptTokens).toBeGreaterThan(bare.answers[index]?.forward?.promptTokens ?? Infinity)
  })
})

test('a run that reuses prompts holds its answers back, and ends with those of a run that does not', async () => {
  const selection = { ...REQUEST.selection, sampleSize: 8 }
  const cold = await answer({ protocol: 'letters', selection })
  const { answers, summary } = await answer({ protocol: 'letters', selection, reusePrompt: true })
  expect(answers.map(({ forward }) => forward?.probabilities)).toEqual(
    cold.answers.map(({ forward }) => forward?.probabilities),
  )
  const events = await database.getAll(
    'runEvents',
    IDBKeyRange.bound([summary.id, 0], [summary.id, Infinity]),
  )
  const told = events.map((event) => (event.kind === 'answered' && event.isHeld ? 'held' : event.kind))
  expect(told.filter((kind) => kind === 'held').length).toBeGreaterThan(4)
  // The last question is compared, and speaks for all that are held.
  expect(told.slice(-4)).toEqual(['held', 'released', 'answered', 'finished'])
  expect(answers.at(-1)?.forward?.reading).toMatchObject({ path: 'reused', compared: true })
})
