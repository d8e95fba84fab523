import type { EngineDescription } from '#core/engine'
import type { DatasetId, Item, Level } from '#core/dataset/item'
import type { ItemLanguage } from '#core/prompt/question'
import { reduce, type RunSummary } from '#core/run/summary'
import { type Answer, type RunEvent, type RunId, type RunPlan } from '#core/run/types'
import { NO_HASHES, PLAIN_ANSWER, PLAIN_PLAN } from '../../run-defaults'

export const ENGINE: EngineDescription = {
  engine: 'scripted',
  engineVersion: '1',
  device: 'test',
  fingerprint: 'f'.repeat(64),
  contextTokens: 1024,
  ...NO_HASHES,
}

export function makeItem(index: number, language: ItemLanguage = 'en', level: Level | null = 1): Item {
  return {
    id: `item-${String(index).padStart(5, '0')}`,
    language,
    level,
    stem: `Question ${index}?`,
    options: ['one', 'two', 'three', 'four'],
    targetIndex: 1,
  }
}

export function makePlan(count: number, id = 'run-1'): RunPlan {
  return {
    id: id as RunId,
    name: 'Test run',
    createdAt: 1,
    appVersion: '0',
    model: { recordId: 'm', variantId: 'v', name: 'Model', quantization: 'F32' },
    dataset: { id: 'd' as DatasetId, name: 'Data', source: 'file', sha256: 'a', itemsSha256: 'b' },
    selection: { languages: ['en'], levels: [1], sampleSize: null, seed: 0, design: 'proportional' },
    strata: [{ language: 'en', level: 1, population: count, sampled: count }],
    itemIndexes: Array.from({ length: count }, (_, index) => index),
    ...PLAIN_PLAN,
  }
}

export function makeAnswer(position: number, change: Partial<Answer> = {}): Answer {
  return {
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
    ...PLAIN_ANSWER,
    failure: null,
    officialLetter: 'B',
    strictLetter: 'B',
    strictReason: null,
    ...change,
  }
}

export const created = (plan: RunPlan): RunEvent => ({ kind: 'created', at: plan.createdAt, plan })
export const started = (engine = ENGINE): RunEvent => ({ kind: 'started', at: 2, engine, userAgent: 'test' })
export const answered = (position: number, change?: Partial<Answer>): RunEvent => ({
  kind: 'answered',
  at: 10 + position,
  answer: makeAnswer(position, change),
})

/** The run after all of `events`; throws when one is refused. */
export function fold(events: readonly RunEvent[]): RunSummary {
  let run: RunSummary | null = null
  for (const event of events) {
    const next = reduce(run, event)
    if (!next.ok) throw new Error(`${event.kind}: ${next.failure.reason}`)
    run = next.value
  }
  if (!run) throw new Error('no events')
  return run
}
