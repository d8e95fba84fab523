import { describe, expect, test } from 'vitest'
import { meanEstimate } from '#core/stats/mean-interval'
import { midranks, spearman } from '#core/stats/spearman'
import { centralT, t95 } from '#core/stats/student-t'
import { kappaOfCounts, linearWeight, weightedKappa } from '#core/stats/weighted-kappa'
import { randomBelow } from '#core/run/random'

describe('Spearman', () => {
  test('ranks of equal values are the mean of their places', () => {
    expect([...midranks([10, 20, 20, 5, 20])]).toEqual([2, 4, 4, 1, 4])
  })

  test('IQ and hours of television, the well-known worked example: -29/165', () => {
    const iq = [106, 86, 100, 101, 99, 103, 97, 113, 112, 110]
    const hours = [7, 0, 27, 50, 28, 29, 20, 12, 6, 17]
    expect(spearman(iq, hours).rho).toBeCloseTo(-29 / 165, 12)
  })

  test('with ties it is the correlation of the midranks, by hand', () => {
    // Ranks 1.5 1.5 3 4 and 1 2.5 2.5 4: products 1.5 + 0 + 0 + 2.25, squares 4.5 and 4.5.
    expect(spearman([1, 1, 2, 3], [1, 2, 2, 3]).rho).toBeCloseTo(3.75 / 4.5, 12)
  })

  test('its interval is that of Bonett and Wright, by hand', () => {
    const first = Array.from({ length: 20 }, (_, index) => index)
    const second = first.map((value) => (value * 7) % 20)
    const { rho, interval } = spearman(first, second)
    const half = 1.959963984540054 * Math.sqrt((1 + rho! ** 2 / 2) / 17)
    expect(interval?.lower).toBeCloseTo(Math.tanh(Math.atanh(rho!) - half), 12)
    expect(interval?.upper).toBeCloseTo(Math.tanh(Math.atanh(rho!) + half), 12)
  })

  test('says nothing where there is no order, and no interval of three pairs', () => {
    expect(spearman([5, 5, 5, 5, 5], [1, 2, 3, 4, 5])).toEqual({ n: 5, rho: null, interval: null })
    expect(spearman([1, 2, 3], [1, 2, 3])).toEqual({ n: 3, rho: 1, interval: null })
    expect(spearman([], [])).toEqual({ n: 0, rho: null, interval: null })
    expect(spearman([1, 2, 3, 4], [1, 2, 3, 4])).toEqual({ n: 4, rho: 1, interval: null })
    expect(spearman([1, 2, 3, 4], [9, 7, 5, 3])).toEqual({ n: 4, rho: -1, interval: null })
  })
})

describe('weighted kappa', () => {
  /** SAS/STAT, "The FREQ procedure, agreement study": two dermatologists, 88 patients. */
  const SKIN = [10, 4, 1, 0, 5, 10, 12, 2, 2, 4, 12, 5, 0, 2, 6, 13]

  test('with the weights 1 and 0 and with linear weights it is what SAS prints, standard errors included', () => {
    const plain = kappaOfCounts(SKIN, 4, (first, second) => (first === second ? 1 : 0))
    expect(plain.kappa).toBeCloseTo(0.3449, 4)
    expect(plain.standardError).toBeCloseTo(0.0724, 4)
    const linear = kappaOfCounts(SKIN, 4, linearWeight)
    expect(linear.kappa).toBeCloseTo(0.5082, 4)
    expect(linear.standardError).toBeCloseTo(0.0655, 4)
    expect(linear.interval?.lower).toBeCloseTo(0.3798, 4)
    expect(linear.interval?.upper).toBeCloseTo(0.6366, 4)
  })

  test('with quadratic weights it is the concordance 2 s12 / (s1 + s2 + (m1 - m2)^2)', () => {
    const below = randomBelow(3, 0)
    const first = Array.from({ length: 300 }, () => below(11))
    const second = first.map((grade) => Math.min(10, Math.max(0, grade + below(5) - 1)))
    const mean = (values: readonly number[]) => values.reduce((a, b) => a + b, 0) / values.length
    const [m1, m2] = [mean(first), mean(second)]
    const s1 = mean(first.map((grade) => (grade - m1) ** 2))
    const s2 = mean(second.map((grade) => (grade - m2) ** 2))
    const s12 = mean(first.map((grade, index) => (grade - m1) * (second[index]! - m2)))
    const { kappa, interval } = weightedKappa(first, second, 11)
    expect(kappa).toBeCloseTo((2 * s12) / (s1 + s2 + (m1 - m2) ** 2), 12)
    expect(interval!.lower).toBeLessThan(kappa!)
    expect(interval!.upper).toBeGreaterThan(kappa!)
  })

  test('its interval holds the truth about as often as it says', () => {
    // Both raters see the same thing with independent errors; the truth is taken from many cases.
    const below = randomBelow(7, 1)
    const draw = (n: number) => {
      const truth = Array.from({ length: n }, () => below(9) + 1)
      const rate = (grade: number) => grade + below(3) - 1
      return weightedKappa(truth.map(rate), truth.map(rate), 11)
    }
    const truth = draw(200_000).kappa!
    let held = 0
    for (let repeat = 0; repeat < 500; repeat += 1) {
      const { interval } = draw(100)
      if (interval!.lower <= truth && truth <= interval!.upper) held += 1
    }
    expect(held / 500).toBeGreaterThan(0.92)
    expect(held / 500).toBeLessThan(0.98)
  })

  test('says nothing of raters who give all one grade, or of nothing', () => {
    expect(weightedKappa([4, 4, 4], [4, 4, 4], 11).kappa).toBeNull()
    expect(weightedKappa([], [], 11)).toEqual({ n: 0, kappa: null, standardError: null, interval: null })
    expect(weightedKappa([1, 2, 3], [1, 2, 3], 11)).toMatchObject({ kappa: 1, interval: null })
    expect(weightedKappa([0, 10], [10, 0], 11).kappa).toBeCloseTo(-1, 12)
  })
})

describe('Student’s t', () => {
  test.each([
    [1, 12.7062],
    [2, 4.3027],
    [5, 2.5706],
    [10, 2.2281],
    [29, 2.0452],
    [30, 2.0423],
    [120, 1.9799],
    [1_000_000, 1.9602],
  ])('two-sided 5%% point of %i degrees of freedom: %f', (df, value) => {
    expect(t95(df)).toBeCloseTo(value, 4)
  })

  test('with one degree of freedom it is the Cauchy distribution', () => {
    expect(centralT(1, 1)).toBeCloseTo(0.5, 12)
  })

  test('the mean and its interval, by hand', () => {
    const { mean, interval } = meanEstimate([1, 2, 3])!
    expect(mean).toBe(2)
    expect(interval?.upper).toBeCloseTo(2 + 4.30265 / Math.sqrt(3), 4)
    expect(meanEstimate([4])).toEqual({ n: 1, mean: 4, interval: null })
    expect(meanEstimate([2, 2, 2])).toEqual({ n: 3, mean: 2, interval: null })
    expect(meanEstimate([])).toBeNull()
  })
})
