/** A run of several replies a question, killed and resumed until it is done, then another one. */
import { PLAIN_REQUEST } from '#core/run/plan'
import type { RunEvent } from '#core/run/types'
import type { RawDatabase } from './raw-database'
import { answerHere, type RequestHere } from './answer-here'
import { runFaults } from './run-scenario'
import { isCount, TOLD, type Scenario } from './scenario'

const REQUEST: RequestHere = {
  ...PLAIN_REQUEST,
  selection: { design: 'simple', languages: ['en', 'zh'], levels: [1, 2, 3], sampleSize: 20, seed: 3 },
  decoding: { temperature: 1, topP: 0.95, maxTokens: 32, seed: 5 },
  strategy: { kind: 'vote-sum', aggregate: 'min', samples: 8, stopsEarly: true },
}

export const sampledRunScenario: Scenario = {
  name: 'sampled-run',
  windowMs: 4_000,
  work: (page) => page.evaluate(answerHere, { told: TOLD, request: REQUEST }),
  faults: (stored, told) => [...runFaults(stored, answersOf(told)), ...sampleFaults(stored, told)],
}

/** "run answered" of "run answered sampled". */
export function answersOf(told: readonly string[]): string[] {
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
