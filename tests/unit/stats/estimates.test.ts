import { describe, expect, it } from 'vitest'
import { clusteredVariance, type Cluster } from '#core/stats/clustered'
import { detectableDifference, itemsForHalfWidth, itemsToDetect } from '#core/stats/paired-power'
import { stratifiedMean, type StratumSample } from '#core/stats/stratified'

const stratum = (population: number, values: readonly number[]): StratumSample => ({
  population,
  n: values.length,
  sum: values.reduce((sum, value) => sum + value, 0),
  sumOfSquares: values.reduce((sum, value) => sum + value * value, 0),
})
const repeat = (ones: number, zeroes: number, minus = 0) => [
  ...Array.from({ length: ones }, () => 1),
  ...Array.from({ length: zeroes }, () => 0),
  ...Array.from({ length: minus }, () => -1),
]

// The expected values of the first two blocks are computed in exact fractions from the defining sums.
describe('stratifiedMean', () => {
  it.each<[string, StratumSample[], number, number]>([
    [
      'a sample of the English AnesBench levels',
      [stratum(2960, repeat(60, 40)), stratum(1028, repeat(15, 25)), stratum(355, repeat(5, 15))],
      0.51813262721621,
      0.0014738912085762426,
    ],
    [
      'differences, one stratum seen whole',
      [stratum(100, repeat(3, 16, 1)), stratum(50, repeat(2, 4, 4)), stratum(7, repeat(2, 4, 1))],
      0.006369426751592357,
      0.00829422874941963,
    ],
    [
      'a million observations of three million',
      [
        { population: 2_000_000, n: 500_000, sum: 250_000, sumOfSquares: 250_000 },
        { population: 1_000_000, n: 500_000, sum: 500_000, sumOfSquares: 500_000 },
      ],
      2 / 3,
      1.6666700000066666e-7,
    ],
  ])('weights %s', (_, strata, mean, variance) => {
    const estimate = stratifiedMean(strata)
    expect(estimate?.mean).toBeCloseTo(mean, 12)
    expect(Math.abs((estimate?.variance ?? NaN) / variance - 1)).toBeLessThan(1e-9)
  })

  it('needs an observation in every stratum that has items', () => {
    expect(stratifiedMean([])).toBeNull()
    expect(stratifiedMean([stratum(10, [1, 0]), stratum(5, [])])).toBeNull()
    expect(stratifiedMean([stratum(10, [1, 0]), stratum(0, [])])?.mean).toBe(0.5)
  })

  it('does not exceed what all observations are, whatever the weights', () => {
    // Their rounded weights sum to more than 1.
    const populations = [634, 440, 647, 1270, 212, 741, 610]
    const means = (value: number) =>
      stratifiedMean(populations.map((population) => stratum(population, [value, value])))?.mean
    expect(means(1)).toBe(1)
    expect(means(-1)).toBe(-1)
  })

  it('is certain of what was seen whole, and admits what one observation cannot tell', () => {
    expect(stratifiedMean([stratum(2, [1, 0]), stratum(1, [1])])).toEqual({ mean: 2 / 3, variance: 0 })
    expect(stratifiedMean([stratum(9, [1]), stratum(4, [1, 0])])?.variance).toBeNull()
    expect(stratifiedMean([stratum(9, [1, 1, 1])])).toEqual({ mean: 1, variance: 0 })
  })
})

describe('clusteredVariance', () => {
  const cluster = (values: readonly number[]): Cluster => ({
    n: values.length,
    sum: values.reduce((sum, value) => sum + value, 0),
  })

  it.each<[string, number[][], number]>([
    ['clusters of different sizes', [[1, 1, 0], [0], [1, -1], [0, 0], [1]], 0.03772290809327846],
    ['clusters of one, as s^2 / n', [[1], [0], [0], [1], [-1]], 0.14],
    [
      'two clusters, each of one mind',
      [
        [1, 1],
        [0, 0],
      ],
      0.25,
    ],
    [
      'many clusters',
      [...Array.from({ length: 1000 }, () => [1, 1]), ...Array.from({ length: 500 }, () => [0])],
      7.6851234156104066e-5,
    ],
  ])('has %s', (_, clusters, variance) => {
    expect(Math.abs((clusteredVariance(clusters.map(cluster)) ?? NaN) / variance - 1)).toBeLessThan(1e-12)
  })

  it('needs two clusters', () => {
    expect(clusteredVariance([])).toBeNull()
    expect(clusteredVariance([{ n: 9, sum: 4 }])).toBeNull()
  })
})

// Connor's formula with 50 decimal digits; the detectable difference by bisection of it.
describe('the size of a paired comparison', () => {
  it.each([
    [0.05, 0.2, 626],
    [0.03, 0.25, 2178],
    [0.1, 0.1, 77],
    [-0.01, 0.3, 23_545],
    [0.2, 0.5, 96],
  ])('a difference of %d with discordance %d takes %i items', (difference, discordance, items) => {
    expect(itemsToDetect(difference, discordance)).toBe(items)
  })

  it.each([
    [100, 0.3, 0.1516470912146709],
    [7872, 0.25, 0.01578578763351462],
    [1_000_000, 0.2, 0.001252905521394247],
    [34, 1, 0.4639904362753604],
    [20, 0.4, 0.37326456699468513],
    [7, 1, 0.8874262260839082],
  ])('%i items with discordance %d detect %d', (n, discordance, difference) => {
    expect(detectableDifference(n, discordance)).toBeCloseTo(difference, 9)
  })

  it('says when nothing can be detected', () => {
    expect(detectableDifference(10, 0.1)).toBeNull()
    expect(detectableDifference(0, 0.5)).toBeNull()
    expect(detectableDifference(100, 0)).toBeNull()
    expect(itemsToDetect(0, 0.3)).toBeNull()
    expect(itemsToDetect(0.4, 0.3)).toBeNull()
  })

  it.each([
    [0.25, 0.03, 1068],
    [0.21, 0.01, 8068],
    [0, 0.03, 0],
  ])('variance %d takes to a half width of %d %i items', (variance, halfWidth, items) => {
    expect(itemsForHalfWidth(variance, halfWidth)).toBe(items)
  })
})
