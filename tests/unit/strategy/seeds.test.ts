import { describe, expect, it } from 'vitest'
import { MAX_SAMPLES } from '#core/strategy/limits'
import { sampleSeed } from '#core/strategy/seeds'

describe('sampleSeed', () => {
  it('stays what it was, so that old runs resume', () => {
    expect([sampleSeed(0, 0, 0), sampleSeed(0, 0, 1), sampleSeed(7, 3, 15)]).toEqual([
      937260802, 1376263657, 945206139,
    ])
  })

  it('gives whole numbers that both engines take', () => {
    for (const seed of [0, 1, 2 ** 32 - 1, 2 ** 32, Number.MAX_SAFE_INTEGER]) {
      const value = sampleSeed(seed, 7871, MAX_SAMPLES - 1)
      expect(Number.isInteger(value) && value >= 0 && value < 2 ** 32 - 1).toBe(true)
    }
  })

  it('gives no two samples of many questions and runs the same seed', () => {
    const seeds = new Set<number>()
    let drawn = 0
    for (const seed of [0, 1, 2 ** 32, 2 ** 32 + 1])
      for (let position = 0; position < 20; position += 1)
        for (let index = 0; index < MAX_SAMPLES; index += 1, drawn += 1)
          seeds.add(sampleSeed(seed, position, index))
    // By chance two of 5,120 would agree with a probability of 0.3%.
    expect(seeds.size).toBe(drawn)
  })
})
