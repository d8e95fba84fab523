import { expect, test } from 'vitest'
import { spread, spreadText } from '../../../scripts/spread'

test.each([
  [[3, 1, 2], { median: 2, least: 1, most: 3 }],
  [[4, 1, 2, 10], { median: 3, least: 1, most: 10 }],
  [[5], { median: 5, least: 5, most: 5 }],
])('the spread of %j', (values, expected) => {
  expect(spread(values)).toEqual(expected)
})

test('a spread is written with its ends', () => {
  expect(spreadText({ median: 0.9816, least: 0.97, most: 1 }, 3)).toBe('0.982 (0.970 to 1.000)')
})
