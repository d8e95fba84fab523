import { describe, expect, it } from 'vitest'
import { NO_BUDGET, type Answer, type RunPlan, type Stratum } from '#core/run/types'
import { effortSteps } from '#core/score/level-effort'
import { estimateSteps, type RunEstimate } from '#core/score/run-estimate'
import { answer } from './answers'

type EstimatedPlan = Pick<RunPlan, 'strata' | 'selection' | 'budget'>

function plan(strata: Stratum[], change: Partial<EstimatedPlan> = {}): EstimatedPlan {
  return {
    strata,
    selection: {
      design: 'proportional',
      languages: ['en', 'zh'],
      levels: [1, 2, 3],
      sampleSize: null,
      seed: 0,
    },
    budget: NO_BUDGET,
    ...change,
  }
}

const english = (level: 1 | 2 | 3, population: number): Stratum => ({
  language: 'en',
  level,
  population,
  sampled: population,
})

/** `n` answers of an English level, the first `right` of them right. */
function answers(level: 1 | 2 | 3, right: number, n: number): Answer[] {
  return Array.from({ length: n }, (_, index) =>
    answer({ level, stem: `L${level} ${index}`, official: index < right ? 'A' : 'B' }),
  )
}

function allSteps<Value>(steps: Generator<unknown, Value>): Value {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

const estimate = (given: readonly Answer[], of: EstimatedPlan): RunEstimate =>
  allSteps(estimateSteps(given, of, 'official'))

// Computed with NumPy and SciPy from the sums in the sources named there.
describe('estimateSteps', () => {
  it('does not take items whose texts were withheld for items of one stem', () => {
    const withheld = answers(1, 3, 9).map((one, index) => ({
      ...one,
      item: { ...one.item, stem: '', withheld: `${index}` },
    }))
    expect(estimate(withheld, plan([english(1, 90)])).stems).toBeNull()
  })

  it('weights each level by its number of items, with finite-population correction', () => {
    const sample = [...answers(1, 60, 100), ...answers(2, 15, 40), ...answers(3, 5, 20)]
    const strata = [english(1, 2960), english(2, 1028), english(3, 355)]
    const { plain, selection } = estimate(sample, plan(strata))
    expect(plain).toMatchObject({ n: 160, correct: 80 })
    if (selection.kind !== 'estimate') throw new Error(selection.kind)
    expect(selection.population).toBe(4343)
    expect(selection.value).toBeCloseTo(0.51813262721621, 12)
    expect(selection.interval?.lower).toBeCloseTo(0.4433228553329338, 9)
    expect(selection.interval?.upper).toBeCloseTo(0.5921382340002495, 9)
  })

  it('is narrower than Wilson’s where half of the items were asked', () => {
    const { plain, selection } = estimate(answers(1, 70, 100), plan([english(1, 200)]))
    expect(plain.interval.lower).toBeCloseTo(0.6041514536665333, 12)
    expect(plain.interval.upper).toBeCloseTo(0.7810511470506724, 12)
    if (selection.kind !== 'estimate') throw new Error(selection.kind)
    expect(selection.value).toBe(0.7)
    expect(selection.interval?.lower).toBeCloseTo(0.6328593835786732, 9)
    expect(selection.interval?.upper).toBeCloseTo(0.7595277922906674, 9)
  })

  it('allows for shared stems', () => {
    const patterns: [size: number, right: number, times: number][] = [
      [2, 2, 20],
      [2, 0, 12],
      [2, 1, 8],
      [1, 1, 15],
      [1, 0, 5],
    ]
    const given = patterns.flatMap(([size, right, times], pattern) =>
      Array.from({ length: times }, (_, stem) =>
        Array.from({ length: size }, (__, index) =>
          answer({ stem: `${pattern}/${stem}`, official: index < right ? 'A' : 'B' }),
        ),
      ).flat(),
    )
    const { plain, stems } = estimate(given, plan([english(1, 1000)]))
    expect(plain).toMatchObject({ n: 100, correct: 63 })
    expect(stems?.groups).toBe(60)
    expect(stems?.interval?.lower).toBeCloseTo(0.5096514932873977, 9)
    expect(stems?.interval?.upper).toBeCloseTo(0.7361052687518841, 9)
  })

  it('does not take one stem in two languages for shared', () => {
    const given = [answer({ stem: 'same' }), answer({ stem: 'same', language: 'zh' })]
    expect(estimate(given, plan([english(1, 10)])).stems).toBeNull()
    const all = [answer({ stem: 'same' }), answer({ stem: 'same' })]
    expect(estimate(all, plan([english(1, 10)])).stems).toEqual({ groups: 1, interval: null })
  })

  it('says when nothing is left to estimate, when a level is missing, and what one answer cannot tell', () => {
    const whole = [english(1, 3), english(2, 2)]
    expect(estimate([...answers(1, 1, 3), ...answers(2, 2, 2)], plan(whole)).selection).toEqual({
      kind: 'complete',
      population: 5,
    })
    expect(estimate(answers(1, 1, 3), plan(whole)).selection).toEqual({
      kind: 'stratum-missing',
      population: 5,
      strata: [{ language: 'en', level: 2 }],
    })
    expect(estimate([...answers(1, 1, 2), ...answers(2, 1, 1)], plan(whole)).selection).toMatchObject({
      kind: 'estimate',
      interval: null,
    })
  })

  it('stays within 0 and 1 when all are right or all are wrong', () => {
    for (const right of [0, 30]) {
      const { selection } = estimate(answers(1, right, 30), plan([english(1, 60)]))
      if (selection.kind !== 'estimate') throw new Error(selection.kind)
      expect(selection.value).toBe(right / 30)
      expect(selection.interval?.lower).toBeGreaterThanOrEqual(0)
      expect(selection.interval?.upper).toBeLessThanOrEqual(1)
      expect((selection.interval?.upper ?? 0) - (selection.interval?.lower ?? 0)).toBeGreaterThan(0.05)
    }
  })

  it('has a confidence sequence only where the run could stop by it', () => {
    const given = answers(1, 7, 10)
    const budget = { minutes: null, halfWidth: 0.1 }
    const strata = [english(1, 20)]
    const simple = { ...plan(strata).selection, design: 'simple' } as const
    expect(estimate(given, plan(strata)).sequence).toBeNull()
    expect(estimate(given, plan(strata, { budget })).sequence).toBeNull()
    const { sequence } = estimate(given, plan(strata, { budget, selection: simple }))
    expect(sequence?.selection).toEqual({ lower: 8 / 20, upper: 17 / 20 })
    expect(sequence?.source.lower).toBeCloseTo(0.2667405261641935, 9)
  })

  it('does not depend on the order of the answers, and knows that none say nothing', () => {
    const given = [...answers(1, 60, 100), ...answers(2, 15, 40), ...answers(3, 5, 20)]
    const of = plan([english(1, 2960), english(2, 1028), english(3, 355)])
    expect(estimate([...given].reverse(), of)).toEqual(estimate(given, of))
    expect(estimate([], of).plain).toMatchObject({ n: 0, accuracy: null })
    expect(estimate([], of).selection.kind).toBe('stratum-missing')
  })
})

describe('effortSteps', () => {
  it('splits tokens and times by level, questions that could not be asked left out', () => {
    const forward = { probabilities: [1, 0], letter: 'A', promptTokens: 9, elapsedMs: 500 }
    const effort = allSteps(
      effortSteps([
        answer({ level: 1, tokens: 10, firstTokenMs: 100, decodeMs: 900 }),
        answer({ level: 1, tokens: 30, firstTokenMs: 100, decodeMs: 2900 }),
        { ...answer({ level: 3, tokens: 50, firstTokenMs: 0, decodeMs: 4000 }), forward },
        answer({ level: 3, tokens: 0, failure: { kind: 'aborted' } }),
      ]),
    )
    expect(effort.map(({ level, n }) => [level, n])).toEqual([
      [null, 3],
      [1, 2],
      [3, 1],
    ])
    expect(effort[1]).toMatchObject({ tokens: { lower: 15, median: 20, upper: 25 }, ms: { median: 2000 } })
    expect(effort[2]).toMatchObject({ tokens: { median: 50 }, ms: { lower: 4500, upper: 4500 } })
  })

  it('has no lengths where nothing is written, and nothing without answers', () => {
    expect(allSteps(effortSteps([]))).toEqual([{ level: null, n: 0, tokens: null, ms: null }])
    expect(allSteps(effortSteps([answer({ tokens: 0 })]))).toMatchObject([{ level: 1, n: 1, tokens: null }])
  })
})
