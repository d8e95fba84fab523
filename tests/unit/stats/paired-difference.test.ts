import { describe, expect, it } from 'vitest'
import { Z_95 } from '#core/score/wilson'
import { pairedDifferenceInterval } from '#core/stats/paired-difference'

/**
 * Computed apart from the closed form, with 60 decimal digits: the trinomial likelihood is maximised numerically
 * under the difference, and the score statistic's roots are found by bisection.
 */
const COMPUTED: [onlyFirst: number, onlySecond: number, n: number, lower: number, upper: number][] = [
  [1, 7, 21, -0.517232276421377, -0.0260030324808685],
  [0, 1, 44, -0.118077096982133, 0.059393231116628],
  [12, 2, 50, 0.061112406186344, 0.344708748282149],
  [0, 0, 10, -0.277532799862889, 0.277532799862889],
  [0, 0, 1, -0.793450685622763, 0.793450685622763],
  [1, 0, 1, -0.586901371245525, 1],
  [5, 0, 5, 0.13103507043365, 1],
  [0, 5, 5, -1, -0.13103507043365],
  [5, 5, 10, -0.526813818974872, 0.526813818974872],
  [20, 10, 34, -0.0217003860293954, 0.55408691061474],
  [3, 3, 30, -0.181689050244334, 0.181689050244334],
  [9, 1, 10, 0.191699946409523, 0.964247573809854],
  [300, 260, 7872, -0.000813183059398316, 0.0110029809463828],
  [5000, 4800, 1_000_000, 5.97462446267014e-6, 0.000394101437400193],
  [1, 0, 1_000_000, -2.84144790538901e-6, 5.66491180431144e-6],
  [0, 0, 1_000_000, -3.84144406394494e-6, 3.84144406394494e-6],
  [500_000, 500_000, 1_000_000, -0.00195996021999043, 0.00195996021999043],
]

describe('pairedDifferenceInterval', () => {
  it.each(COMPUTED)('agrees to 1e-9 for %i against %i of %i', (onlyFirst, onlySecond, n, lower, upper) => {
    const interval = pairedDifferenceInterval({ n, onlyFirst, onlySecond })
    expect(Math.abs(interval.lower - lower)).toBeLessThan(1e-9)
    expect(Math.abs(interval.upper - upper)).toBeLessThan(1e-9)
  })

  it('says nothing without items', () => {
    expect(pairedDifferenceInterval({ n: 0, onlyFirst: 0, onlySecond: 0 })).toEqual({ lower: -1, upper: 1 })
  })

  it('flips its sign with the runs, holds the estimate, and excludes 0 exactly when the score test rejects', () => {
    for (let n = 1; n <= 14; n += 1) {
      for (let onlyFirst = 0; onlyFirst <= n; onlyFirst += 1) {
        for (let onlySecond = 0; onlyFirst + onlySecond <= n; onlySecond += 1) {
          const { lower, upper } = pairedDifferenceInterval({ n, onlyFirst, onlySecond })
          const swapped = pairedDifferenceInterval({ n, onlyFirst: onlySecond, onlySecond: onlyFirst })
          expect(Math.abs(swapped.lower + upper)).toBeLessThan(1e-12)
          expect(Math.abs(swapped.upper + lower)).toBeLessThan(1e-12)
          const estimate = (onlyFirst - onlySecond) / n
          expect(lower).toBeGreaterThanOrEqual(-1)
          expect(lower).toBeLessThanOrEqual(estimate)
          expect(upper).toBeGreaterThanOrEqual(estimate)
          expect(upper).toBeLessThanOrEqual(1)
          const z = Math.abs(onlyFirst - onlySecond) / Math.sqrt(onlyFirst + onlySecond)
          expect(lower > 0 || upper < 0).toBe(z > Z_95)
        }
      }
    }
  })

  it.each([
    [-1, 0, 5],
    [3, 3, 5],
    [Number.NaN, 0, 5],
  ])('refuses %d and %d of %d', (onlyFirst, onlySecond, n) => {
    expect(() => pairedDifferenceInterval({ n, onlyFirst, onlySecond })).toThrow(RangeError)
  })
})
