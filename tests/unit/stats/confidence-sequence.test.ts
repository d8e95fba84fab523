import { describe, expect, it } from 'vitest'
import { drawWithoutReplacement, randomBelow } from '#core/run/random'
import { wilsonInterval } from '#core/score/wilson'
import { confidenceSequence, halfWidth } from '#core/stats/confidence-sequence'

/** ln(k!) by adding logarithms: slow, and nothing like the series. */
const LOG_FACTORIALS = [0]
for (let k = 1; k <= 400; k += 1) LOG_FACTORIALS.push((LOG_FACTORIALS[k - 1] ?? 0) + Math.log(k))
const logFactorial = (k: number) => LOG_FACTORIALS[k] ?? Number.NaN
const logChoose = (n: number, k: number) => logFactorial(n) - logFactorial(k) - logFactorial(n - k)

/** Theorem 1 by its own words: every total whose prior is below 20 times its posterior. */
function scanned(ones: number, n: number, population: number): { lower: number; upper: number } {
  const left = population - n
  const inside: number[] = []
  for (let total = ones; total <= population - (n - ones); total += 1) {
    const prior = -Math.log(population + 1)
    // Beta-binomial of what is left, after a uniform prior and `ones` of `n`.
    const more = total - ones
    const posterior =
      logChoose(left, more) +
      logFactorial(more + ones) +
      logFactorial(left - more + n - ones) -
      logFactorial(population + 1) -
      logFactorial(ones) -
      logFactorial(n - ones) +
      logFactorial(n + 1)
    if (prior - posterior < Math.log(20)) inside.push(total)
  }
  return { lower: Math.min(...inside) / population, upper: Math.max(...inside) / population }
}

describe('confidenceSequence', () => {
  it('is the scan over all totals, for every count of small populations', () => {
    for (const population of [1, 2, 3, 7, 20, 61]) {
      for (let n = 1; n <= population; n += 1) {
        for (let ones = 0; ones <= n; ones += 1) {
          expect(confidenceSequence(ones, n, population), `${ones} of ${n} of ${population}`).toEqual(
            scanned(ones, n, population),
          )
        }
      }
    }
  })

  // Computed with 40 decimal digits (mpmath) from the beta-binomial probabilities, or for the large ones by log-gamma.
  it.each([
    [7, 10, 20, 8, 17],
    [0, 5, 40, 0, 23],
    [12, 12, 50, 34, 50],
    [30, 60, 200, 68, 132],
    [150, 200, 1000, 651, 833],
    [333, 400, 500, 400, 429],
    [99, 100, 101, 99, 100],
    [4000, 7871, 7872, 4000, 4001],
    [500, 1000, 1_000_000, 444_411, 555_589],
    [0, 1000, 1_000_000, 0, 9850],
    [123_456, 500_000, 1_000_000, 245_006, 248_828],
    [700_000, 999_990, 1_000_000, 700_000, 700_010],
  ])('%i of %i drawn of %i: between %i and %i ones', (ones, n, population, lower, upper) => {
    const interval = confidenceSequence(ones, n, population)
    expect(interval.lower * population).toBeCloseTo(lower, 6)
    expect(interval.upper * population).toBeCloseTo(upper, 6)
  })

  // Computed with 40 decimal digits (mpmath).
  it.each([
    [7, 10, 0.2667405261641935, 0.96335970962449],
    [0, 20, 0, 0.2606713509376575],
    [20, 20, 0.7393286490623425, 1],
    [600, 1000, 0.544587633079415, 0.6537533076005329],
    [499_999, 1_000_000, 0.4977992723828729, 0.5021987276429341],
  ])('%i of %i of infinitely many: %d to %d', (ones, n, lower, upper) => {
    const interval = confidenceSequence(ones, n, Infinity)
    expect(interval.lower).toBeCloseTo(lower, 9)
    expect(interval.upper).toBeCloseTo(upper, 9)
  })

  it('says nothing before the first draw and everything after the last', () => {
    expect(confidenceSequence(0, 0, 500)).toEqual({ lower: 0, upper: 1 })
    expect(confidenceSequence(0, 0, Infinity)).toEqual({ lower: 0, upper: 1 })
    for (const ones of [0, 1, 250, 500]) {
      expect(confidenceSequence(ones, 500, 500)).toEqual({ lower: ones / 500, upper: ones / 500 })
    }
    expect(confidenceSequence(0, 1_000_000, 1_000_000)).toEqual({ lower: 0, upper: 0 })
    expect(confidenceSequence(1_000_000, 1_000_000, 1_000_000)).toEqual({ lower: 1, upper: 1 })
  })

  it('mirrors when right and wrong change places', () => {
    for (const ones of [0, 3, 40, 77, 100]) {
      const interval = confidenceSequence(ones, 100, 350)
      const mirrored = confidenceSequence(100 - ones, 100, 350)
      expect(interval.lower).toBeCloseTo(1 - mirrored.upper, 12)
      expect(halfWidth(interval)).toBeCloseTo(halfWidth(mirrored), 12)
    }
  })

  it('refuses what are no counts', () => {
    expect(() => confidenceSequence(3, 2, 10)).toThrow(RangeError)
    expect(() => confidenceSequence(-1, 2, 10)).toThrow(RangeError)
    expect(() => confidenceSequence(1, 11, 10)).toThrow(RangeError)
    expect(() => confidenceSequence(0.5, 1, 10)).toThrow(RangeError)
  })
})

/** The exact chance that a look after some draw excludes the truth, over all orders of the population. */
function exactErrorRate(total: number, population: number): number {
  const truth = total / population
  /** By ones drawn so far: the chance of being there without an exclusion before. */
  let alive = [1]
  let excluded = 0
  for (let n = 0; n < population; n += 1) {
    const next = Array.from({ length: alive.length + 1 }, () => 0)
    for (const [ones, chance] of alive.entries()) {
      const one = Math.max(0, total - ones) / (population - n)
      next[ones] = (next[ones] ?? 0) + chance * (1 - one)
      next[ones + 1] = (next[ones + 1] ?? 0) + chance * one
    }
    for (const [ones, chance] of next.entries()) {
      if (chance === 0) continue
      const { lower, upper } = confidenceSequence(ones, n + 1, population)
      if (truth >= lower && truth <= upper) continue
      excluded += chance
      next[ones] = 0
    }
    alive = next
  }
  return excluded
}

describe('stopping whenever one likes', () => {
  it('excludes the truth with a chance of at most 5%, for every truth: exact', () => {
    for (const population of [1, 2, 10, 40, 120]) {
      for (let total = 0; total <= population; total += 1) {
        expect(exactErrorRate(total, population), `${total} of ${population}`).toBeLessThanOrEqual(0.05)
      }
    }
    // The promise is nearly used up: the sequence is not wide for nothing.
    expect(exactErrorRate(60, 120)).toBeGreaterThan(0.01)
  })

  /** Share of random orders in which a look after some item excludes the truth, and one looks after every item. */
  function simulatedErrorRate(
    truth: number,
    population: number,
    orders: number,
    interval: (ones: number, n: number) => { lower: number; upper: number },
  ): number {
    const total = Math.round(truth * population)
    const items = Array.from({ length: population }, (_, index) => (index < total ? 1 : 0))
    const share = total / population
    let excluded = 0
    for (let order = 0; order < orders; order += 1) {
      let ones = 0
      const drawn = drawWithoutReplacement(items, population, randomBelow(order, population))
      const isExcluded = drawn.some((value, index) => {
        ones += value
        const { lower, upper } = interval(ones, index + 1)
        return share < lower || share > upper
      })
      if (isExcluded) excluded += 1
    }
    return excluded / orders
  }

  // 5% and three standard errors of 500 orders.
  const MOST = 0.05 + 3 * Math.sqrt((0.05 * 0.95) / 500)

  it.each([
    [0.5, 300],
    [0.25, 300],
    [0.02, 300],
    [0.62, 1000],
    [0.95, 1000],
  ])('excludes a truth of %d among %i items in at most one of 20 random orders', (truth, population) => {
    const rate = simulatedErrorRate(truth, population, 500, (ones, n) =>
      confidenceSequence(ones, n, population),
    )
    expect(rate).toBeLessThanOrEqual(MOST)
  })

  it('is needed: Wilson’s interval, looked at after every item, excludes the truth far more often', () => {
    expect(simulatedErrorRate(0.5, 300, 200, wilsonInterval)).toBeGreaterThan(0.2)
  })
})
