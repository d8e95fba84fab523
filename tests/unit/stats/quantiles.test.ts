import { expect, it } from 'vitest'
import { quartiles } from '#core/stats/quantiles'

// numpy.quantile of the same values.
it.each<[number[], number, number, number]>([
  [[3], 3, 3, 3],
  [[1, 2], 1.25, 1.5, 1.75],
  [[5, 1, 4, 2, 3], 2, 3, 4],
  [[7, 7, 7, 1], 5.5, 7, 7],
  [[12.5, 3, 8, 100, 41, 6, 6], 6, 8, 26.75],
])('the quartiles of %j', (values, lower, median, upper) => {
  expect(quartiles(values)).toEqual({ n: values.length, lower, median, upper })
})

it('has none for no values, and sorts a million as numbers', () => {
  expect(quartiles([])).toBeNull()
  const million = quartiles(Array.from({ length: 1_000_000 }, (_, i) => ((i * 7919) % 1_000_003) / 10))
  expect(million?.lower).toBeCloseTo(24_999.975, 6)
  expect(million?.median).toBeCloseTo(49_999.95, 6)
  expect(million?.upper).toBeCloseTo(74_999.925, 6)
})
