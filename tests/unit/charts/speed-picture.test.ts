import { expect, it } from 'vitest'
import type { SpeedBin } from '#core/score/speed'
import { backgroundStretches, bandPath, trendPath } from '#ui/results/speed-picture.ts'
import { hatching } from '#ui/charts/hatching.ts'

const scales = { x: (ms: number) => ms, y: (rate: number) => 100 - rate }
const bin = (fromMs: number, rate: number | null, change: Partial<SpeedBin> = {}): SpeedBin => ({
  fromMs,
  toMs: fromMs + 10,
  answers: 5,
  rate,
  quartiles: rate === null ? null : { n: 5, lower: rate - 1, median: rate, upper: rate + 1 },
  background: 0,
  session: 0,
  ...change,
})

it('a session is stairs, and the next one starts anew', () => {
  const bins = [bin(0, 20), bin(10, 30), bin(20, 40, { session: 1 })]
  expect(trendPath(bins, 0, scales)).toBe('M0 80H10L10 70H20')
  expect(trendPath(bins, 1, scales)).toBe('M20 60H30')
  expect(trendPath([bin(0, null)], 0, scales)).toBe('')
})

it('the band goes forth along the upper quartiles and back along the lower ones', () => {
  expect(bandPath([bin(0, 20), bin(10, 30)], 0, scales).band).toBe('M0 79H10L10 69H20L20 71H10L10 81H0Z')
  expect(bandPath([bin(0, null)], 0, scales)).toEqual({ band: '', edges: '' })
})

it('neighbouring stretches in the background are one', () => {
  const hidden = { background: 1 }
  expect(
    backgroundStretches([bin(0, 1, hidden), bin(10, 1, hidden), bin(20, 1), bin(30, 1, hidden)]),
  ).toEqual([
    { fromMs: 0, toMs: 20 },
    { fromMs: 30, toMs: 40 },
  ])
})

it('hatching stays inside its strip, also in one that is narrower than high', () => {
  for (const [width, height] of [
    [40, 8],
    [8, 8],
    [2, 8],
  ] as const) {
    const strokes = [...hatching(10, 0, width, height).matchAll(/M([\d.]+) ([\d.]+)l([\d.]+) (-?[\d.]+)/g)]
    expect(strokes.length).toBeGreaterThan(0)
    for (const [, x, , lean] of strokes) {
      expect(Number(x)).toBeGreaterThanOrEqual(10)
      expect(Number(x) + Number(lean)).toBeLessThanOrEqual(10 + width)
    }
  }
})
