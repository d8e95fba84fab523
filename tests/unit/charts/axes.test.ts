import { expect, it } from 'vitest'
import { percentAxis, timeAxis, timeUnit, upFromZero } from '#ui/charts/axes.ts'
import { everyNth, xyLayout } from '#ui/charts/xy-plot.ts'
import { Locale } from '#i18n/locale.svelte'

const en = new Locale('en')
const labels = (axis: { ticks: readonly { label: string }[] }) => axis.ticks.map(({ label }) => label)

it.each([
  [0.043, 0.05],
  [1, 1],
  [17.2, 20],
  [240, 250],
])('an axis for rates up to %d ends at %d', (most, end) => {
  const axis = upFromZero('', most, en)
  expect(axis.min).toBe(0)
  expect(axis.max).toBeCloseTo(end, 12)
  expect(axis.max).toBeGreaterThanOrEqual(most)
})

it('an axis without rates is drawn all the same', () => {
  expect(upFromZero('', 0, en)).toMatchObject({ min: 0, max: 1 })
})

it.each([
  [0, 'seconds'],
  [170_000, 'seconds'],
  [180_000, 'minutes'],
  [3 * 3_600_000 - 1, 'minutes'],
  [3 * 3_600_000, 'hours'],
])('%d ms are counted in %s', (ms, unit) => {
  expect(timeUnit(ms).name).toBe(unit)
})

it('ticks of time are round numbers of its unit, in the language of the page', () => {
  const unit = timeUnit(7_500_000)
  const axis = timeAxis('', 7_500_000, unit, en)
  expect(labels(axis)).toEqual(['0', '20', '40', '60', '80', '100', '120'])
  expect(axis.ticks.at(-1)?.at).toBe(120 * 60_000)
  expect(labels(timeAxis('', 9e9, timeUnit(9e9), en)).at(-1)).toBe('2,500')
  expect(labels(percentAxis('', new Locale('zh')))).toEqual(['0%', '25%', '50%', '75%', '100%'])
})

it('labels that would touch are left out evenly', () => {
  const ticks = Array.from({ length: 10 }, (_, at) => ({ at, label: '100–200' }))
  expect(everyNth(ticks, 50, 500)).toHaveLength(10)
  expect(everyNth(ticks, 50, 260).map(({ at }) => at)).toEqual([0, 2, 4, 6, 8])
  expect(everyNth(ticks, 500, 260).map(({ at }) => at)).toEqual([0])
})

it('the ends of the axes lie inside the picture', () => {
  for (const width of [240, 328, 1024]) {
    const size = { width, rem: 16 }
    const { x, y, left, right, top, bottom, height } = xyLayout(
      size,
      percentAxis('', en),
      percentAxis('', en),
    )
    expect(x(0)).toBeCloseTo(left, 9)
    expect(x(1)).toBeCloseTo(right, 9)
    expect(y(1)).toBeCloseTo(top, 9)
    expect(y(0)).toBeCloseTo(bottom, 9)
    expect(right).toBeLessThan(width)
    expect(bottom).toBeLessThan(height)
    expect(bottom - top).toBeGreaterThan(100)
  }
})
