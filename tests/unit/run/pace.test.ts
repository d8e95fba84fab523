import { describe, expect, it } from 'vitest'
import { paceKey, paceOf, paceOfRun, paceOfStrategy } from '#core/run/pace'
import {
  ASSUMED_DISCORDANCE_PERCENT,
  ASSUMED_WATTS,
  readPlanningMemory,
  USUAL_TARGET_POINTS,
} from '#core/run/planning-memory'
import { OFFICIAL_DECODING, type RunPlan } from '#core/run/types'
import { answered, created, fold, makeAnswer, makePlan, started } from './fixtures'

const run = (plan: RunPlan, answers: number) =>
  fold([
    created(plan),
    started(),
    ...Array.from({ length: answers }, (_, position) =>
      answered(position, { timeToFirstTokenMs: 100, decodeMs: 400 }),
    ),
  ])

describe('paceOf', () => {
  it('takes waiting, writing and the forward pass together', () => {
    const forward = { probabilities: [1], letter: 'A', promptTokens: 9, elapsedMs: 50 }
    const pace = paceOf([
      makeAnswer(0, { timeToFirstTokenMs: 100, decodeMs: 300, answeredAt: 5 }),
      makeAnswer(1, { timeToFirstTokenMs: 0, decodeMs: 0, forward, answeredAt: 9 }),
    ])
    expect(pace).toEqual({ msPerItem: 225, items: 2, range: { least: 50, most: 400 }, at: 9 })
    expect(paceOf([])).toBeNull()
  })
})

describe('paceOfStrategy', () => {
  const once = { msPerItem: 100, items: 5, range: { least: 50, most: 200 }, at: 9 }

  it('is that of all samples, which is the most where sampling may stop early', () => {
    const strategy = { kind: 'self-consistency', samples: 16, stopsEarly: false } as const
    const pace = { msPerItem: 1600, items: 5, range: { least: 800, most: 3200 }, at: 9 }
    expect(paceOfStrategy(once, strategy)).toEqual(pace)
    expect(paceOfStrategy(once, { ...strategy, stopsEarly: true })).toEqual({ ...pace, isMost: true })
  })
})

describe('paceOfRun', () => {
  const plan = makePlan(10)
  const key = paceKey(plan)

  it('is the mean of an earlier run of such questions', () => {
    expect(paceOfRun(run(plan, 6), key)).toMatchObject({ msPerItem: 500, items: 6, range: null })
  })

  it.each<[string, Partial<RunPlan>]>([
    ['of another model', { model: { ...plan.model, variantId: 'other' } }],
    ['by another protocol', { protocol: 'letters' }],
    ['under another token limit', { decoding: { ...OFFICIAL_DECODING, maxTokens: 64 } }],
    ['in other words', { prompts: { ...plan.prompts, version: '9' } }],
    [
      'of several replies a question',
      { strategy: { kind: 'self-consistency', samples: 4, stopsEarly: true } },
    ],
    ['with worked examples', { shots: { pool: plan.dataset, count: 3, items: [] } }],
    ['from another machine', { origin: { kind: 'merged', runIds: [], parts: [], of: 2 } }],
  ])('does not count a run %s', (_, change) => {
    expect(paceOfRun(run({ ...plan, ...change }, 6), key)).toBeNull()
  })

  it('does not count four answers', () => {
    expect(paceOfRun(run(plan, 4), key)).toBeNull()
  })

  it('does not mind the token limit where nothing is written', () => {
    const letters: RunPlan = { ...plan, protocol: 'letters' }
    const shorter = { ...letters, decoding: { ...OFFICIAL_DECODING, maxTokens: 64 } }
    expect(paceOfRun(run(shorter, 6), paceKey(letters))).not.toBeNull()
  })
})

describe('readPlanningMemory', () => {
  const assumed = {
    watts: ASSUMED_WATTS,
    targetPoints: USUAL_TARGET_POINTS,
    discordancePercent: ASSUMED_DISCORDANCE_PERCENT,
    paces: {},
  }

  it.each<{ stored: unknown }>([
    { stored: undefined },
    { stored: null },
    { stored: 'nonsense' },
    { stored: [] },
    { stored: { watts: 'much', targetPoints: -1, paces: { a: 1 } } },
  ])('assumes what is not said: $stored', ({ stored }) => {
    expect(readPlanningMemory(stored)).toEqual(assumed)
  })

  it('keeps what can be', () => {
    const pace = { msPerItem: 20, items: 5, range: { least: 1, most: 40 }, at: 3 }
    const stored = { watts: 300, targetPoints: 0, discordancePercent: 12.5, paces: { key: pace } }
    expect(readPlanningMemory(stored)).toEqual({ ...stored, targetPoints: USUAL_TARGET_POINTS })
  })
})
