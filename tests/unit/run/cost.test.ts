import { describe, expect, it } from 'vitest'
import {
  effectiveItems,
  energyWh,
  halfWidthOf,
  expectedHalfWidth,
  itemsForPrecision,
  itemsForSequence,
  weightedEffectiveItems,
} from '#core/run/cost'
import { confidenceSequence, halfWidth } from '#core/stats/confidence-sequence'

// Wilson's interval at n (N-1) / (N-n) items, computed with NumPy; the fewest items by trying every number.
describe('what a precision costs', () => {
  it.each([
    [200, 4343, 0.06707675214438022],
    [1000, 7872, 0.028907973250028807],
    [1, 10, 0.445379244471148],
    [100, Infinity, 0.09616846963400438],
    [1_000_000, 10_000_000, 0.0009296909878263315],
    [0, 500, 0.5],
    [500, 500, 0],
    [1, 1, 0],
  ])('%i of %d items are known to %d', (n, population, expected) => {
    expect(expectedHalfWidth(n, population)).toBeCloseTo(expected, 12)
  })

  it.each([
    [0.03, Infinity, 1064],
    [0.03, 7872, 937],
    [0.03, 4343, 855],
    [0.05, 355, 184],
    [0.01, 7872, 4326],
    [0.1, 20, 17],
    [0.5, 100, 1],
    [1e-9, 7872, 7872],
  ])('±%d of %d items takes %i', (target, population, items) => {
    expect(itemsForPrecision(target, population)).toBe(items)
  })

  it('turns back into the precision asked for', () => {
    for (const population of [50, 4343, 1_000_000, Infinity]) {
      for (const target of [0.01, 0.03, 0.1, 0.3]) {
        const items = itemsForPrecision(target, population)
        expect(expectedHalfWidth(items, population)).toBeLessThanOrEqual(target + 1e-12)
        if (items > 1) expect(expectedHalfWidth(items - 1, population)).toBeGreaterThan(target)
      }
    }
  })

  it('finds the first look at which a run stops that gets every other question right', () => {
    for (const [target, population] of [
      [0.05, 500],
      [0.03, 4343],
      [0.1, 60],
    ] as const) {
      const isNarrow = (n: number) =>
        halfWidth(confidenceSequence(Math.floor(n / 2), n, population)) <= target
      const items = itemsForSequence(target, population)
      expect(isNarrow(items)).toBe(true)
      expect(Array.from({ length: items }, (_, n) => isNarrow(n))).not.toContain(true)
    }
    expect(itemsForSequence(0.6, 500)).toBe(1)
    expect(itemsForSequence(0.000001, 500)).toBe(500)
  })

  // Found with 40 decimal digits (mpmath) from the ratio's own formula.
  it.each([
    [0.15, 106],
    [0.1, 257],
    [0.05, 975],
    [0.03, 2027],
  ])('a sequence of ±%d over 4,343 items takes %i', (target, items) => {
    expect(itemsForSequence(target, 4343)).toBe(items)
  })

  it('needs more items for a look that is always allowed than for one', () => {
    expect(itemsForSequence(0.03, 7872)).toBeGreaterThan(itemsForPrecision(0.03, 7872))
  })

  it('counts everything as more than anything', () => {
    expect(effectiveItems(10, 10)).toBe(Infinity)
    expect(effectiveItems(10, Infinity)).toBe(10)
    expect(effectiveItems(50, 101)).toBeCloseTo(5000 / 51, 12)
  })

  it('weights strata by their items', () => {
    const proportional = [
      { population: 600, sampled: 60 },
      { population: 400, sampled: 40 },
    ]
    expect(weightedEffectiveItems(proportional, false)).toBeCloseTo(100, 9)
    // 1 / (0.6^2 / (60 * 599 / 540) + 0.4^2 / (40 * 399 / 360)).
    expect(weightedEffectiveItems(proportional, true)).toBeCloseTo(110.88887033015979, 9)
    const equal = [
      { population: 900, sampled: 50 },
      { population: 100, sampled: 50 },
    ]
    // 1 / (0.81 / 50 + 0.01 / 50): the common cell counts, and only half of the items are from it.
    expect(weightedEffectiveItems(equal, false)).toBeCloseTo(60.97560975609756, 9)
    expect(weightedEffectiveItems([{ population: 7, sampled: 7 }], true)).toBe(Infinity)
    expect(weightedEffectiveItems([{ population: 7, sampled: 0 }], true)).toBeNull()
    expect(weightedEffectiveItems([], true)).toBeNull()
    expect(halfWidthOf(Infinity)).toBe(0)
  })

  it('is watts times hours', () => {
    expect(energyWh(90 * 60_000, 60)).toBeCloseTo(90, 12)
    expect(energyWh(0, 60)).toBe(0)
  })
})
