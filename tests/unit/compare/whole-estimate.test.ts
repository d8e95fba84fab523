import { describe, expect, it } from 'vitest'
import type { WholeEstimate } from '#core/compare/whole-estimate'
import type { Answer, Stratum } from '#core/run/types'
import { answer } from '../score/answers'
import { compareRuns, conditions, tableOf } from './runs'

const stratum = (level: 1 | 2 | 3, population: number): Stratum => ({
  language: 'en',
  level,
  population,
  sampled: 0,
})

/** Items of one level from the counts of their fourfold table. */
function cell(
  level: 1 | 2 | 3,
  counts: [both: number, onlyFirst: number, onlySecond: number, neither: number],
) {
  return counts.flatMap((count, kind) =>
    Array.from({ length: count }, () => ({ level, first: kind < 2, second: kind === 0 || kind === 2 })),
  )
}

function estimate(items: ReturnType<typeof cell>, strata: Stratum[], other = strata): WholeEstimate {
  const run = (who: 'first' | 'second'): Answer[] =>
    items.map((item, position) => answer({ position, level: item.level, official: item[who] ? 'A' : 'B' }))
  const runs = [conditions({ strata }), conditions({ strata: other })]
  const [pair] = compareRuns(tableOf(run('first'), run('second')), runs, 'official').pairs
  if (!pair) throw new Error('no pair')
  return pair.whole
}

describe('wholeEstimate', () => {
  it('has an interval where every item differs, though the rounded shares sum to more than all', () => {
    const items = [...cell(1, [0, 1, 1, 0]), ...cell(2, [0, 1, 2, 0])]
    const whole = estimate(items, [stratum(1, 94), stratum(2, 329)])
    if (whole.kind !== 'estimate') throw new Error(whole.kind)
    expect(whole.difference.interval?.lower).toBeLessThan(whole.difference.value)
  })

  it('weights the levels by their number of items', () => {
    // Two levels: 10 of 90 and 10 of 10 items; the first run has 5/10 and 10/10, the second 3/10 and 10/10.
    const items = [...cell(1, [3, 2, 0, 5]), ...cell(2, [10, 0, 0, 0])]
    const whole = estimate(items, [stratum(1, 90), stratum(2, 10)])
    if (whole.kind !== 'estimate') throw new Error(whole.kind)
    expect(whole.population).toBe(100)
    expect(whole.first.value).toBeCloseTo(0.9 * 0.5 + 0.1, 12)
    expect(whole.second.value).toBeCloseTo(0.9 * 0.3 + 0.1, 12)
    expect(whole.difference.value).toBeCloseTo(0.9 * 0.2, 12)
    for (const { value, interval } of [whole.first, whole.second, whole.difference]) {
      expect(interval?.lower).toBeLessThan(value)
      expect(interval?.upper).toBeGreaterThan(value)
    }
  })

  it('narrows as more of the whole was asked, and needs no estimate once all was', () => {
    const counts: [number, number, number, number] = [20, 10, 5, 5]
    const width = (population: number) => {
      const whole = estimate(cell(1, counts), [stratum(1, population)])
      if (whole.kind !== 'estimate' || !whole.difference.interval) throw new Error(whole.kind)
      return whole.difference.interval.upper - whole.difference.interval.lower
    }
    expect(width(41)).toBeLessThan(width(80))
    expect(width(80)).toBeLessThan(width(100_000))
    expect(estimate(cell(1, counts), [stratum(1, 40)])).toEqual({ kind: 'complete', population: 40 })
  })

  it('does not claim certainty where a sample agrees by chance', () => {
    const whole = estimate(cell(1, [12, 0, 0, 0]), [stratum(1, 500)])
    if (whole.kind !== 'estimate') throw new Error(whole.kind)
    expect(whole.difference.interval?.upper).toBeGreaterThan(0.1)
    expect(whole.first.interval?.lower).toBeLessThan(0.9)
    expect(whole.first.interval?.upper).toBe(1)
  })

  it('leaves the interval out where one item speaks for a level', () => {
    const whole = estimate(
      [...cell(1, [2, 1, 1, 2]), ...cell(2, [0, 1, 0, 0])],
      [stratum(1, 50), stratum(2, 9)],
    )
    expect(whole).toMatchObject({ kind: 'estimate', difference: { interval: null } })
  })

  it('names the level of which nothing is common', () => {
    const whole = estimate(cell(1, [2, 1, 1, 2]), [stratum(1, 50), stratum(3, 9)])
    expect(whole).toEqual({ kind: 'stratum-missing', strata: [{ language: 'en', level: 3 }] })
  })

  it('speaks only of the levels that both runs chose from', () => {
    const whole = estimate(cell(1, [2, 1, 1, 2]), [stratum(1, 50), stratum(3, 9)], [stratum(1, 50)])
    expect(whole).toMatchObject({ kind: 'estimate', population: 50 })
  })

  it('needs one dataset', () => {
    const runs = [conditions({ itemsSha256: '1' }), conditions({ itemsSha256: '2' })]
    const answers = [answer({})]
    const [pair] = compareRuns(tableOf(answers, answers), runs, 'official').pairs
    expect(pair?.whole).toEqual({ kind: 'other-dataset' })
  })
})
