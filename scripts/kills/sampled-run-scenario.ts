/** A run of several replies a question, killed and resumed until it is done, then another one. */
import type { Stores } from '#app/stores'
import { PLAIN_REQUEST, type RunRequest } from '#core/run/plan'
import type { RunEvent } from '#core/run/types'
import type { RawDatabase } from './raw-database'
import { runFaults } from './run-scenario'
import { isCount, TOLD, type Scenario } from './scenario'

type Request = Omit<RunRequest, 'model' | 'dataset'>

const REQUEST: Request = {
  ...PLAIN_REQUEST,
  selection: { design: 'simple', languages: ['en', 'zh'], levels: [1, 2, 3], sampleSize: 20, seed: 3 },
  decoding: { temperature: 1, topP: 0.95, maxTokens: 32, seed: 5 },
  strategy: { kind: 'vote-sum', aggregate: 'min', samples: 8, stopsEarly: true },
}

export const sampledRunScenario: Scenario = {
  name: 'sampled-run',
  windowMs: 4_000,
  work: (page) => page.evaluate(answerOn, { told: TOLD, request: REQUEST }),
  faults: (stored, told) => [...runFaults(stored, answersOf(told)), ...sampleFaults(stored, told)],
}

/** In the page: goes on with the unfinished run or starts one, and tells each reply that the store believes in. */
async function answerOn({ told, request }: { told: string; request: Request }): Promise<void> {
  const { runs, datasets, models } = (globalThis as unknown as { somnusStores: Stores }).somnusStores
  setInterval(() => {
    for (const { id, answered, sampled = 0 } of runs.summaries) {
      console.info(`${told}${id} ${answered} ${sampled}`)
    }
  }, 5)
  const [unfinished] = runs.unfinished
  if (unfinished) {
    void runs.resume(unfinished.id)
    return
  }
  const dataset = await datasets.installBuiltIn()
  if (!dataset.ok) throw new Error(dataset.failure.kind)
  const { id, name, availability } = models.builtIn
  const variant = 'variants' in availability ? availability.variants[0] : undefined
  if (!variant) throw new Error('The built-in model has no variant')
  const model = { recordId: id, variantId: variant.id, name, quantization: variant.quantization }
  void runs.start({ ...request, model, dataset: dataset.value })
}

/** "run answered" of "run answered sampled". */
function answersOf(told: readonly string[]): string[] {
  return told.map((line) => line.split(' ').slice(0, 2).join(' '))
}

function sampleFaults(stored: RawDatabase, told: readonly string[]): string[] {
  const found: string[] = []
  /** Indexes of the samples of each question, by run and position. */
  const drawn = new Map<string, number[]>()
  for (const { key, value } of stored['runEvents'] ?? []) {
    const event = value as RunEvent
    const [run] = key as [string, number]
    if (event.kind === 'sampled') {
      const place = `${run} ${event.position}`
      drawn.set(place, [...(drawn.get(place) ?? []), event.sample.index])
    }
    if (event.kind !== 'answered') continue
    const kept = drawn.get(`${run} ${event.answer.position}`)?.length ?? 0
    const taken = event.answer.sampling?.taken
    if (taken !== kept) found.push(`run ${run}: an answer of ${taken} replies, of which ${kept} are kept`)
  }
  for (const [place, indexes] of drawn) {
    if (!isCount(indexes)) found.push(`question ${place}: replies ${indexes.join(' ')}`)
  }
  for (const line of new Set(told)) {
    const [run = '', position = '', sampled = ''] = line.split(' ')
    const kept = drawn.get(`${run} ${position}`)?.length ?? 0
    if (kept < Number(sampled))
      found.push(`question ${run} ${position}: ${sampled} replies told, ${kept} kept`)
  }
  return found
}
