/** Browser tabs with their own connection, store and scripted engine, over one database. */
import { afterEach, beforeEach } from 'vitest'
import { Runs } from '#app/runs.svelte'
import type { Dataset, DatasetId } from '#core/dataset/item'
import type { EngineDescription, EngineResult, Generation } from '#core/engine'
import { failure, success } from '#core/result'
import { PLAIN_REQUEST, type RunRequest } from '#core/run/plan'
import { countItems } from '#core/run/sample'
import type { RunId } from '#core/run/types'
import { RunDatabase } from '#data/db/runs'
import { openDatabase, type SomnusDatabase } from '#data/db/schema'
import { BrowserRunLocks } from '#data/run-lock'
import { ENGINE, makeItem } from '../unit/run/fixtures'

const OBSERVER = { onBlocked: () => undefined, onOutdated: () => undefined }
export const ITEMS = Array.from({ length: 12 }, (_, index) => makeItem(index, index % 2 ? 'zh' : 'en', 1))
export const DATASET: Dataset = {
  id: 'data' as DatasetId,
  name: 'Test data',
  source: { kind: 'built-in' },
  sha256: 'a',
  itemsSha256: 'b',
  counts: countItems(ITEMS),
  optionCounts: { 4: 12 },
  problemCount: 0,
  importedAt: 0,
}
export const MODEL: RunRequest['model'] = {
  recordId: 'm',
  variantId: 'v',
  name: 'Model',
  quantization: 'F32',
}
export const REQUEST: RunRequest = {
  model: MODEL,
  dataset: DATASET,
  selection: { languages: ['en', 'zh'], levels: [1], sampleSize: null, seed: 5, design: 'proportional' },
  ...PLAIN_REQUEST,
}

const REPLY: EngineResult<Generation> = success({
  text: 'The answer is B.',
  finish: 'stop',
  promptTokens: 9,
  completionTokens: 5,
  timeToFirstTokenMs: 1,
  decodeMs: 4,
})

/** A browser tab: its own connection, store and engine; `questions` and `scored` are those its engine was asked. */
export class Tab {
  readonly questions: string[] = []
  readonly scored: string[] = []
  description: EngineDescription = ENGINE
  dataset: Dataset | undefined = DATASET
  /** The engine waits here before it answers; replaced by tests that stop in the middle. */
  beforeReply: (question: number, signal: AbortSignal) => Promise<void> = () => Promise.resolve()
  beforeScores: (question: number, signal: AbortSignal) => Promise<void> = () => Promise.resolve()
  readonly runs: Runs

  constructor(database: SomnusDatabase) {
    this.runs = new Runs({
      database: new RunDatabase(database),
      locks: new BrowserRunLocks(navigator.locks),
      datasets: {
        find: () => Promise.resolve(this.dataset),
        itemMetas: () => Promise.resolve(ITEMS),
        item: (_id, index) => Promise.resolve(ITEMS[index]),
        items: (_id, indexes) => Promise.resolve(indexes.flatMap((index) => ITEMS[index] ?? [])),
        installBuiltIn: () => Promise.resolve(success(DATASET)),
      },
      models: {
        ensureLoaded: () => Promise.resolve(success(this.description)),
        loaded: () => this.description,
        builtIn: () => MODEL,
      },
      engine: {
        generate: async (request, onEvent, signal) => {
          this.questions.push(/Question (\d+)\?/.exec(request.messages[1]?.content ?? '')?.[1] ?? '')
          onEvent({ kind: 'text', text: 'The answer', completionTokens: 2 })
          await this.beforeReply(this.questions.length, signal)
          return signal.aborted ? failure({ kind: 'aborted' }) : REPLY
        },
        scoreLetters: async ({ messages, letters }, signal) => {
          this.scored.push(/Question (\d+)\?/.exec(messages.at(-1)?.content ?? '')?.[1] ?? '')
          await this.beforeScores(this.scored.length, signal)
          if (signal.aborted) return failure({ kind: 'aborted' })
          const probabilities = letters.map((_, index) => (index === 2 ? 1 : 0))
          return success({ probabilities, promptTokens: 9, elapsedMs: 1 })
        },
      },
      read: () => Promise.resolve({ officialLetter: 'B', strictLetter: 'B', strictReason: null }),
      appVersion: 'test',
      keepAwake: () => () => undefined,
    })
  }
}

let name: string
export let connections: SomnusDatabase[]

export async function openTab(): Promise<Tab> {
  const database = await openDatabase(OBSERVER, name)
  connections.push(database)
  const tab = new Tab(database)
  await tab.runs.restore()
  return tab
}

export const newestId = (tab: Tab): RunId => tab.runs.summaries[0]!.id

beforeEach(() => {
  name = `test-${crypto.randomUUID()}`
  connections = []
})

afterEach(async () => {
  for (const connection of connections) connection.close()
  await new Promise((resolve) => (indexedDB.deleteDatabase(name).onsuccess = resolve))
})

/** What the browser does to the locks of a dead tab. */
export async function freeLocksOf(id: RunId): Promise<void> {
  for (const lock of [`somnus/run/${id}`, 'somnus/measuring']) {
    await navigator.locks.request(lock, { steal: true }, () => Promise.resolve())
  }
}
