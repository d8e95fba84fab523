import { expect, it } from 'vitest'
import { ACCURACY_AXIS, differenceAxis, intervalLayout, type IntervalRow } from '#ui/charts/interval-plot.ts'

const row = (lower: number, upper: number, series = 1): IntervalRow => ({
  label: 'English',
  strong: false,
  floor: null,
  reference: null,
  marks: Array.from({ length: series }, (_, index) => ({ series: index, value: 0, lower, upper })),
})

it.each([
  [-0.01, 0.013, 0.02],
  [-0.3, 0.05, 0.4],
  [-1, 1, 1],
])('the axis of differences holds an interval from %d to %d', (lower, upper, half) => {
  const axis = differenceAxis([row(lower, upper)], null)
  expect(axis).toMatchObject({ min: -half, max: half, zero: 0 })
})

it('rows follow each other without touching, wide and narrow', () => {
  const rows = [row(0, 1, 3), row(0, 1, 1), { ...row(0, 1, 1), marks: [] }]
  for (const width of [328, 1024]) {
    const layout = intervalLayout(rows, ACCURACY_AXIS, { width, rem: 16 })
    expect(layout.isWide).toBe(width === 1024)
    expect(layout.x(0)).toBe(layout.left)
    expect(layout.x(1)).toBeLessThan(width)
    expect(layout.top(1)).toBe(layout.rowHeight(0))
    expect(layout.laneY(0, 2)).toBeLessThan(layout.top(1))
    expect(layout.laneY(1, 0)).toBeGreaterThan(layout.top(1))
    expect(layout.bottom).toBe(layout.top(2) + layout.rowHeight(2))
  }
})
