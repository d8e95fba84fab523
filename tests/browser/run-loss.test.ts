/** A benchmark with the built-in model, really inferring, whose engine worker is killed on the way. */
import { afterEach, beforeEach, expect, test } from 'vitest'
import { EngineStore } from '#app/engine.svelte'
import { Runs } from '#app/runs.svelte'
import type { Dataset, DatasetId } from '#core/dataset/item'
import type { GenerationEvent, GenerationRequest } from '#core/engine'
import { success } from '#core/result'
import { PLAIN_REQUEST, type RunRequest } from '#core/run/plan'
import { countItems } from '#core/run/sample'
import type { RunEvent, RunId } from '#core/run/types'
import { RunDatabase } from '#data/db/runs'
import { openDatabase, type SomnusDatabase } from '#data/db/schema'
import { BrowserRunLocks } from '#data/run-lock'
import { makeItem } from '../unit/run/fixtures'
import { builtIn, CONTEXT_TOKENS, newEngine } from './engine-fixture'

const ITEMS = Array.from({ length: 5 }, (_, index) => makeItem(index, 'en', 1))
const DATASET: Dataset = {
  id: 'data' as DatasetId,
  name: 'Test data',
  source: { kind: 'built-in' },
  sha256: 'a',
  itemsSha256: 'b',
  counts: countItems(ITEMS),
  optionCounts: { 4: ITEMS.length },
  problemCount: 0,
  importedAt: 0,
}
const REQUEST: RunRequest = {
  model: { recordId: 'm', variantId: 'v', name: 'Model', quantization: 'F32' },
  dataset: DATASET,
  selection: { languages: ['en'], levels: [1], sampleSize: null, seed: 5, design: 'proportional' },
  ...PLAIN_REQUEST,
  decoding: { temperature: 0, topP: 1, maxTokens: 12, seed: 0 },
}
const LOST = { kind: 'worker-lost', detail: expect.any(String) as string }

let database: SomnusDatabase
let workers: Worker[]
let runs: Runs
/** Called with the number of the question, when it is put to the engine and when the reply begins. */
let onQuestion: (count: number) => void
let onReply: (count: number) => void

beforeEach(async () => {
  database = await openDatabase(
    { onBlocked: () => undefined, onOutdated: () => undefined },
    `test-${crypto.randomUUID()}`,
  )
  const client = newEngine()
  workers = client.workers
  const store = new EngineStore(client.engine)
  onQuestion = onReply = () => undefined
  let asked = 0
  const generate = (
    request: GenerationRequest,
    onEvent: (event: GenerationEvent) => void,
    signal: AbortSignal,
  ) => {
    const count = (asked += 1)
    onQuestion(count)
    let begun = false
    const follow = (event: GenerationEvent) => {
      onEvent(event)
      if (!begun) onReply(count)
      begun = true
    }
    return store.generate(request, follow, signal)
  }
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
        store.state.kind === 'ready'
          ? success(store.state.description)
          : store.load(
              { id: 'm/v', name: 'Model' },
              { engine: 'wllama', source: builtIn, contextTokens: CONTEXT_TOKENS, threads: 1 },
              signal,
            ),
      loaded: () => (store.state.kind === 'ready' ? store.state.description : null),
      builtIn: () => REQUEST.model,
    },
    engine: { generate, scoreLetters: (request, signal) => store.scoreLetters(request, signal) },
    read: () => Promise.resolve({ officialLetter: 'B', strictLetter: 'B', strictReason: null }),
    appVersion: 'test',
    keepAwake: () => () => undefined,
  })
})
afterEach(async () => {
  workers.forEach((worker) => worker.terminate())
  database.close()
  await new Promise((resolve) => (indexedDB.deleteDatabase(database.name).onsuccess = resolve))
})

const killWorker = () => workers.at(-1)?.terminate()

async function storedEvents(): Promise<RunEvent[]> {
  const id: RunId = runs.summaries[0]!.id
  return database.getAll('runEvents', IDBKeyRange.bound([id, 0], [id, Infinity]))
}

/** The kinds of the events; an answer with its position. */
async function story(): Promise<string[]> {
  return (await storedEvents()).map((event) =>
    event.kind === 'answered' ? `answered ${event.answer.position}` : event.kind,
  )
}

test.each(['in the middle of a reply', 'between two questions'])(
  'a worker killed %s is replaced once, and the run goes on at the same question',
  async (moment) => {
    const kill = (count: number) => void (count === 3 && killWorker())
    if (moment === 'between two questions') onQuestion = kill
    else onReply = kill
    expect(await runs.start(REQUEST)).toMatchObject({ ok: true, value: { state: { kind: 'finished' } } })
    expect(await story()).toEqual([
      'created',
      'started',
      'answered 0',
      'answered 1',
      'paused',
      'started',
      'answered 2',
      'answered 3',
      'answered 4',
      'finished',
    ])
    expect((await storedEvents())[4]).toMatchObject({ reason: 'device-lost', failure: LOST })
    expect(workers).toHaveLength(2)
  },
)

test('a worker killed twice at one question pauses the run with the reason; it can go on later', async () => {
  onReply = (count) => void ((count === 2 || count === 3) && killWorker())
  const paused = await runs.start(REQUEST)
  expect(paused).toMatchObject({
    ok: true,
    value: { state: { kind: 'paused', reason: 'device-lost', failure: LOST }, answered: 1 },
  })
  expect(await story()).toEqual(['created', 'started', 'answered 0', 'paused', 'started', 'paused'])
  expect(await runs.resume(runs.summaries[0]!.id)).toMatchObject({
    ok: true,
    value: { state: { kind: 'finished' }, answered: 5 },
  })
  const answers = (await story()).filter((event) => event.startsWith('answered'))
  expect(answers).toEqual(['answered 0', 'answered 1', 'answered 2', 'answered 3', 'answered 4'])
})
