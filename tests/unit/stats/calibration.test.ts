import { describe, expect, it } from 'vitest'
import { binCount, calibration, type Forecast } from '#core/stats/calibration'

const FORECASTS: Forecast[] = [
  { probabilities: [0.7, 0.1, 0.1, 0.1], outcome: 0 },
  { probabilities: [0.4, 0.35, 0.15, 0.1], outcome: 1 },
  { probabilities: [0.25, 0.25, 0.3, 0.2], outcome: 2 },
  { probabilities: [0.05, 0.9, 0.03, 0.02], outcome: 1 },
  { probabilities: [0.5, 0.5, 0, 0], outcome: 0 },
  { probabilities: [0.2, 0.2, 0.55, 0.05], outcome: 0 },
  { probabilities: [0.98, 0.01, 0.005, 0.005], outcome: 0 },
  { probabilities: [0.1, 0.2, 0.3, 0.4], outcome: 3 },
]
const THOUSAND: Forecast[] = Array.from({ length: 1000 }, (_, i) => {
  const first = (((i * 37) % 100) + 1) / 101
  return { probabilities: [first, (1 - first) * 0.6, (1 - first) * 0.4], outcome: (i * 7) % 3 }
})

// Computed with NumPy from the definitions.
describe('calibration', () => {
  it.each([
    ['eight forecasts in one bin', FORECASTS, 1, 0.42366875, 0.03375, -0.03375],
    ['eight forecasts in five bins', FORECASTS, 5, 0.42366875, 0.29625, -0.03375],
    ['eight forecasts in fifteen bins', FORECASTS, 15, 0.42366875, 0.29625, -0.03375],
    ['a thousand forecasts', THOUSAND, 15, 0.8374732673267327, 0.27763366336633666, 0.2776336633663366],
  ])('%s', (_, forecasts, bins, brier, ece, overconfidence) => {
    const found = calibration(forecasts, bins)
    expect(found?.brier).toBeCloseTo(brier, 12)
    expect(found?.ece).toBeCloseTo(ece, 12)
    expect(found?.overconfidence).toBeCloseTo(overconfidence, 12)
  })

  it('sorts by the highest probability, bins closed above', () => {
    const bins = calibration(THOUSAND)?.bins ?? []
    expect(bins.map(({ n, correct }) => [n, correct])).toEqual([
      ...Array.from({ length: 5 }, () => [0, 0]),
      ...[
        [70, 24],
        [180, 61],
        [170, 55],
        [180, 60],
        [70, 25],
      ],
      ...[
        [70, 21],
        [60, 21],
        [70, 22],
        [70, 23],
        [60, 21],
      ],
    ])
    const five = calibration(FORECASTS, 5)?.bins ?? []
    expect(five.map(({ n }) => n)).toEqual([0, 3, 2, 1, 2])
    expect(five[1]?.confidence).toBeCloseTo(1.1 / 3, 12)
    expect(five[4]).toMatchObject({ from: 0.8, to: 1, n: 2, correct: 2, accuracy: 1 })
    expect(five[0]).toMatchObject({
      n: 0,
      accuracy: null,
      confidence: null,
      interval: { lower: 0, upper: 1 },
    })
  })

  it('counts a shared highest probability as no choice', () => {
    const tied = calibration([{ probabilities: [0.5, 0.5], outcome: 0 }])
    expect(tied).toMatchObject({ n: 1, brier: 0.5, ece: 0.5 })
    expect(tied?.bins.map(({ correct }) => correct)).toEqual([0])
  })

  it('knows certainty that is right, and certainty that is wrong', () => {
    const certain = (outcome: number) =>
      Array.from({ length: 200 }, (): Forecast => ({ probabilities: [1, 0, 0, 0], outcome }))
    expect(calibration(certain(0))).toMatchObject({
      brier: 0,
      ece: 0,
      overconfidence: 0,
      brierOfChance: 0.75,
    })
    expect(calibration(certain(1))).toMatchObject({ brier: 2, ece: 1, overconfidence: 1 })
  })

  it('says nothing of nothing, and stays exact over a million', () => {
    expect(calibration([])).toBeNull()
    const million = Array.from({ length: 1_000_000 }, (_, i): Forecast => {
      return { probabilities: [0.75, 0.25], outcome: i % 4 === 3 ? 1 : 0 }
    })
    const found = calibration(million)
    expect(found?.ece).toBeCloseTo(0, 9)
    expect(found?.brier).toBeCloseTo(0.375, 9)
  })

  it('uses fewer than fifteen bins for few forecasts', () => {
    expect([1, 9, 10, 20, 99, 149, 150, 7872].map(binCount)).toEqual([1, 1, 1, 2, 9, 14, 15, 15])
  })
})
