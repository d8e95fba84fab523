import { describe, expect, it } from 'vitest'
import { randomBelow } from '#core/run/random'
import { bootstrapInterval } from '#core/stats/bootstrap'
import { fleissKappa } from '#core/stats/fleiss-kappa'
import { krippendorffAlpha } from '#core/stats/krippendorff-alpha'

describe('fleissKappa', () => {
  it('gives the published value of 14 raters, 10 subjects and 5 categories', () => {
    const units = [
      [0, 0, 0, 0, 14],
      [0, 2, 6, 4, 2],
      [0, 0, 3, 5, 6],
      [0, 3, 9, 2, 0],
      [2, 2, 8, 1, 1],
      [7, 7, 0, 0, 0],
      [3, 2, 6, 3, 0],
      [2, 5, 3, 2, 2],
      [6, 5, 2, 1, 0],
      [0, 2, 2, 3, 7],
    ]
    expect(fleissKappa(units)).toBeCloseTo(0.20993, 5)
  })

  it('is 1 where all agree on different categories, and nothing where there is only one', () => {
    expect(
      fleissKappa([
        [3, 0],
        [0, 3],
      ]),
    ).toBe(1)
    expect(fleissKappa([[3], [3]])).toBeNull()
    expect(fleissKappa([])).toBeNull()
  })

  it('refuses units that were rated by different numbers of raters', () => {
    expect(() => fleissKappa([[2, 1], [2]])).toThrow(RangeError)
    expect(() => fleissKappa([[1]])).toThrow(RangeError)
  })
})

/** Krippendorff's own example: four observers, twelve units, some not observed. */
const OBSERVED = [
  [1, 1, 1],
  [2, 2, 3, 2],
  [3, 3, 3, 3],
  [3, 3, 3, 3],
  [2, 2, 2, 2],
  [1, 2, 3, 4],
  [4, 4, 4, 4],
  [1, 1, 2, 1],
  [2, 2, 2, 2],
  [5, 5, 5],
  [1, 1],
  [3],
]

describe('krippendorffAlpha', () => {
  it.each([
    ['nominal', 0.743],
    ['ordinal', 0.815],
    ['interval', 0.849],
  ] as const)('gives the published value of %s data', (level, expected) => {
    expect(krippendorffAlpha(OBSERVED, level)).toBeCloseTo(expected, 3)
  })

  it('says nothing where there is nothing to disagree on', () => {
    expect(krippendorffAlpha([[1, 1], [1]], 'nominal')).toBeNull()
    expect(krippendorffAlpha([[1], []], 'interval')).toBeNull()
  })
})

describe('bootstrapInterval', () => {
  it('holds the statistic, and is the same for the same seed', () => {
    const alpha = (units: readonly number[][]) => krippendorffAlpha(units, 'interval')
    const once = bootstrapInterval(OBSERVED, alpha, randomBelow(1, 0), 500)!
    expect(once).toEqual(bootstrapInterval(OBSERVED, alpha, randomBelow(1, 0), 500))
    expect(once.lower).toBeLessThan(0.849)
    expect(once.upper).toBeGreaterThan(0.849)
  })

  it('of the mean of many values is near the normal one', () => {
    const values = Array.from({ length: 400 }, (_, index) => index % 10)
    const mean = (units: readonly number[]) => units.reduce((sum, value) => sum + value, 0) / units.length
    const { lower, upper } = bootstrapInterval(values, mean, randomBelow(7, 0))!
    const half = 1.96 * Math.sqrt(8.25 / 400)
    expect(lower).toBeCloseTo(4.5 - half, 1)
    expect(upper).toBeCloseTo(4.5 + half, 1)
  })

  it('needs two units, and a statistic that is mostly defined', () => {
    expect(bootstrapInterval([1], () => 1, randomBelow(1, 0))).toBeNull()
    expect(bootstrapInterval([1, 2], () => null, randomBelow(1, 0))).toBeNull()
  })
})
