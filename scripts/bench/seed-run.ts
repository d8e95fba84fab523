/** A run of many answers, put into the database of an open page as if it had been made there. */
import type { Page } from 'playwright'
import type { EngineDescription } from '#core/engine'
import type { DatasetId } from '#core/dataset/item'
import { reduce, type RunSummary } from '#core/run/summary'
import type { Answer, RunEvent, RunId, RunPlan } from '#core/run/types'
import { NO_HASHES, PLAIN_ANSWER, PLAIN_PLAN } from '../../tests/run-defaults'

export const BENCH_RUN = 'bench-run' as RunId
/** Found in one reply of a thousand. */
export const RARE_WORD = 'zirconium'
/** Answers that travel to the page, and are written, at a time. */
const PART = 2000
const CREATED_AT = Date.UTC(2026, 10, 22)

const ENGINE: EngineDescription = {
  ...{ engine: 'wllama', engineVersion: '3.8.1', device: 'CPU', fingerprint: '5f'.repeat(32) },
  contextTokens: 4096,
  ...NO_HASHES,
}

const plan = (count: number): RunPlan => ({
  ...{ id: BENCH_RUN, name: 'Many answers', createdAt: CREATED_AT, appVersion: 'bench' },
  model: { recordId: 'm', variantId: 'v', name: 'Bench', quantization: 'q4f16_1' },
  dataset: {
    ...{ id: 'd' as DatasetId, name: 'Bench', source: 'file' },
    ...{ sha256: 'a1'.repeat(32), itemsSha256: 'b2'.repeat(32) },
  },
  selection: {
    ...{ languages: ['en', 'zh'], levels: [1, 2, 3], sampleSize: count, seed: 7, design: 'proportional' },
  },
  strata: [],
  itemIndexes: Array.from({ length: count }, (_, index) => index),
  ...PLAIN_PLAN,
  rotations: Array.from({ length: count }, () => 0),
})

/** Answers with replies of some 1,000 characters, of all kinds. */
function answersOf(begin: number, end: number): Answer[] {
  let state = begin + 1
  const random = () => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) / 2 ** 32
  const words = 'the dose of a slow drug may rise before its second effect on pressure and rate falls'.split(
    ' ',
  )
  return Array.from({ length: end - begin }, (_, index): Answer => {
    const position = begin + index
    const language = random() < 0.6 ? 'en' : 'zh'
    const targetIndex = Math.floor(random() * 5)
    const letter = random() < 0.55 ? targetIndex : Math.floor(random() * 5)
    const stated = random() < 0.93
    const said = Array.from({ length: 190 }, () => words[Math.floor(random() * words.length)])
    if (position % 1000 === 999) said.push(RARE_WORD)
    const official = String.fromCharCode(65 + letter)
    const stem = `A patient, number ${position}: ${said.slice(0, 30).join(' ')}?`
    return {
      ...{ position, ...PLAIN_ANSWER },
      item: {
        ...{ id: `00000000-aaaa-4bbb-8ccc-${String(position).padStart(12, '0')}`, language },
        ...{ level: ([1, 1, 1, 2, 3] as const)[Math.floor(random() * 5)]!, stem, targetIndex },
        options: ['A slow rise', 'A fall for minutes', 'No change', 'A burst', 'Any of these'],
      },
      reply: `${said.join(' ')}.\n${stated ? `The answer is ${official}.` : ''}`,
      ...{ finish: stated ? 'stop' : 'length', promptTokens: 210 },
      completionTokens: 40 + Math.floor(random() * 600),
      ...{ timeToFirstTokenMs: 200 + random() * 90, decodeMs: 4000 + random() * 3000 },
      answeredAt: CREATED_AT + position * 1000,
      ...{ hidden: random() < 0.02, failure: null, officialLetter: official },
      ...{ strictLetter: stated ? official : null, strictReason: stated ? null : 'no-statement' },
    }
  })
}

/** Stores a finished run of `count` answers under `BENCH_RUN`. */
export async function seedRun(page: Page, count: number): Promise<void> {
  let summary: RunSummary | null = null
  let number = 0
  const store = async (events: RunEvent[]) => {
    for (const event of events) {
      const next = reduce(summary, event)
      if (!next.ok) throw new Error(next.failure.reason)
      summary = next.value
    }
    await page.evaluate(storeEvents, [BENCH_RUN, number, events, summary] as const)
    number += events.length
  }
  await store([
    { kind: 'created', at: CREATED_AT, plan: plan(count) },
    { kind: 'started', at: CREATED_AT, engine: ENGINE, userAgent: 'bench' },
  ])
  for (let begin = 0; begin < count; begin += PART) {
    const answers = answersOf(begin, Math.min(count, begin + PART))
    await store(answers.map((answer) => ({ kind: 'answered', at: answer.answeredAt, answer })))
  }
  await store([{ kind: 'finished', at: CREATED_AT + count * 1000 }])
}

/** In the page. */
async function storeEvents([id, first, events, summary]: readonly [
  RunId,
  number,
  RunEvent[],
  RunSummary | null,
]): Promise<void> {
  const database = await new Promise<IDBDatabase>((resolve, reject) => {
    const request = indexedDB.open('somnus')
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(new Error(String(request.error)))
  })
  const transaction = database.transaction(['runs', 'runEvents'], 'readwrite')
  for (const [index, event] of events.entries())
    transaction.objectStore('runEvents').add(event, [id, first + index])
  transaction.objectStore('runs').put({ id, summary, removedAt: null })
  await new Promise((resolve, reject) => {
    transaction.oncomplete = resolve
    transaction.onabort = () => reject(new Error(String(transaction.error)))
  })
  database.close()
}
