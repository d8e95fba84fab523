import { describe, expect, it } from 'vitest'
import { drawWithoutReplacement, randomBelow } from '#core/run/random'

describe('PCG32', () => {
  it('gives the numbers of the reference demo (seed 42, stream 54)', () => {
    const below = randomBelow(42, 54)
    const numbers = Array.from({ length: 6 }, () => below(2 ** 32).toString(16))
    expect(numbers).toEqual(['a15c02b7', '7b47f409', 'ba1d3330', '83d2f293', 'bfa4784b', 'cbed606e'])
  })

  it('gives different numbers for another seed and for another stream', () => {
    const first = (seed: number, stream: number) => randomBelow(seed, stream)(2 ** 32)
    expect(new Set([first(1, 1), first(2, 1), first(1, 2), first(Number.MAX_SAFE_INTEGER, 1)]).size).toBe(4)
  })

  it('is uniform below a bound that does not divide 2^32', () => {
    const below = randomBelow(7, 0)
    const counts = [0, 0, 0, 0, 0, 0, 0]
    for (let index = 0; index < 70_000; index += 1) counts[below(7)]! += 1
    const chiSquare = counts.reduce((sum, count) => sum + (count - 10_000) ** 2 / 10_000, 0)
    // 99.9% point of chi-square with 6 degrees of freedom.
    expect(chiSquare).toBeLessThan(22.46)
  })
})

describe('drawWithoutReplacement', () => {
  it('draws each value at most once and leaves its input as it was', () => {
    const values = Array.from({ length: 50 }, (_, index) => index)
    const drawn = drawWithoutReplacement(values, 20, randomBelow(3, 0))
    expect(new Set(drawn).size).toBe(20)
    expect(values).toEqual(Array.from({ length: 50 }, (_, index) => index))
  })

  it('gives all values when more are asked for than there are', () => {
    expect(drawWithoutReplacement([1, 2, 3], 9, randomBelow(3, 0)).sort()).toEqual([1, 2, 3])
  })

  it('draws every value equally often over many seeds', () => {
    const counts = new Array<number>(10).fill(0)
    for (let seed = 0; seed < 5000; seed += 1) {
      for (const value of drawWithoutReplacement([0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 3, randomBelow(seed, 0))) {
        counts[value]! += 1
      }
    }
    const chiSquare = counts.reduce((sum, count) => sum + (count - 1500) ** 2 / 1500, 0)
    // 99.9% point of chi-square with 9 degrees of freedom (conservative: draws are without replacement).
    expect(chiSquare).toBeLessThan(27.88)
  })
})
