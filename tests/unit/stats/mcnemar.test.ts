import { describe, expect, it } from 'vitest'
import { mcNemarTest } from '#core/stats/mcnemar'

/** Binomial sums in exact rational arithmetic (sums of C(n, k) as integers over 2^n), rounded at the end. */
const COMPUTED: [onlyFirst: number, onlySecond: number, exact: number, midP: number][] = [
  [0, 1, 1, 0.5],
  [1, 1, 1, 0.75],
  [1, 7, 0.0703125, 0.0390625],
  [6, 16, 0.0524787902832031, 0.0346896648406982],
  [59, 121, 4.43444926375518e-6, 3.26664679577459e-6],
  [10, 25, 0.0166738478001207, 0.0113309841835871],
  [0, 50, 1.77635683940025e-15, 8.88178419700125e-16],
  [500, 500, 1, 0.98738749091082],
  [480, 560, 0.014259079095386, 0.0131188419274116],
  [3000, 3200, 0.0114882537708712, 0.0110857594585866],
  [0, 1000, 1.86652723700644e-301, 9.33263618503219e-302],
]

/** A million items that all differ: the same sums with 40 decimal digits. */
const MILLION: typeof COMPUTED = [
  [498_500, 501_500, 0.00270865530605976, 0.00269979163139516],
  [499_000, 501_000, 0.0456082998653821, 0.0455003178873632],
  [500_000, 500_000, 1, 0.999601057819334],
  [495_000, 505_000, 1.53815550439074e-23, 1.5227783616072e-23],
]

describe('mcNemarTest', () => {
  it('gives 18/256 and 10/256 for the example of Fagerland, Lydersen and Laake 2013: 1 against 7', () => {
    const { exact, midP } = mcNemarTest(1, 7)
    expect(exact).toBeCloseTo((2 * (1 + 8)) / 256, 12)
    expect(midP).toBeCloseTo((2 * (1 + 8 / 2)) / 256, 12)
  })

  it.each([...COMPUTED, ...MILLION])(
    'agrees with exact sums for %i against %i',
    (first, second, exact, midP) => {
      const test = mcNemarTest(first, second)
      expect(Math.abs(test.exact / exact - 1)).toBeLessThan(1e-9)
      expect(Math.abs(test.midP / midP - 1)).toBeLessThan(1e-9)
    },
  )

  it('finds nothing where no item differs', () => {
    expect(mcNemarTest(0, 0)).toEqual({ exact: 1, midP: 1 })
  })

  it('is the same whichever run is called the first, and mid-p is the smaller', () => {
    for (let first = 0; first <= 40; first += 1) {
      for (let second = 0; second <= 40; second += 1) {
        const test = mcNemarTest(first, second)
        expect(test).toEqual(mcNemarTest(second, first))
        expect(test.exact).toBeLessThanOrEqual(1)
        expect(test.midP).toBeGreaterThan(0)
        if (first + second > 0) expect(test.midP).toBeLessThan(test.exact)
      }
    }
  })
})
