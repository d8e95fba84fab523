import { describe, expect, it } from 'vitest'
import { holmAdjusted } from '#core/stats/holm'

describe('holmAdjusted', () => {
  it('multiplies by the number of hypotheses left and never falls', () => {
    // By hand: 4 x 0.01, 3 x 0.013 raised to 0.04, 2 x 0.03, 1 x 0.04 raised to 0.06.
    const adjusted = holmAdjusted([0.03, 0.01, 0.04, 0.013])
    for (const [index, value] of [0.06, 0.04, 0.06, 0.04].entries()) {
      expect(adjusted[index]).toBeCloseTo(value, 12)
    }
  })

  it('leaves one hypothesis as it is, gives ties one value, and stops at 1', () => {
    expect(holmAdjusted([])).toEqual([])
    expect(holmAdjusted([0.2])).toEqual([0.2])
    expect(holmAdjusted([0.02, 0.02])).toEqual([0.04, 0.04])
    expect(holmAdjusted([0.7, 0.9, 1])).toEqual([1, 1, 1])
  })
})
