import { describe, expect, it } from 'vitest'
import { wilsonInterval, Z_95 } from '#core/score/wilson'

/** Newcombe 1998, Table I, method 3 (score interval without continuity correction), as printed. */
const PUBLISHED: [successes: number, n: number, lower: number, upper: number][] = [
  [81, 263, 0.2553, 0.3662],
  [15, 148, 0.0624, 0.1605],
  [0, 20, 0, 0.1611],
  [1, 29, 0.0061, 0.1718],
]

/** The two roots of n (p - s/n)^2 = z^2 p (1 - p), by bisection with 60 decimal digits. */
const COMPUTED: [successes: number, n: number, lower: number, upper: number][] = [
  [81, 263, 0.255288519878274, 0.3662095769828],
  [15, 148, 0.062386399530736, 0.160487241723308],
  [0, 20, 0, 0.161125158052819],
  [1, 29, 0.006113214292763, 0.171755218793203],
  [29, 29, 0.883030201500259, 1],
  [1, 2, 0.094531205734231, 0.905468794265769],
  [5, 10, 0.236593090512564, 0.763406909487436],
  [2432, 4343, 0.545171972135698, 0.574685171248903],
  [7871, 7872, 0.99928073141377, 0.999977575288919],
  [1, 1, 0.206549314377237, 1],
  [0, 1, 0, 0.793450685622763],
  [20, 34, 0.422215938788125, 0.736340316361288],
]

describe('wilsonInterval', () => {
  it.each(PUBLISHED)('gives the published interval for %i of %i', (successes, n, lower, upper) => {
    const interval = wilsonInterval(successes, n)
    expect(interval.lower).toBeCloseTo(lower, 4)
    expect(interval.upper).toBeCloseTo(upper, 4)
  })

  it.each(COMPUTED)('agrees to 1e-9 with exact roots for %i of %i', (successes, n, lower, upper) => {
    const interval = wilsonInterval(successes, n)
    expect(Math.abs(interval.lower - lower)).toBeLessThan(1e-9)
    expect(Math.abs(interval.upper - upper)).toBeLessThan(1e-9)
  })

  it('ends exactly at 0 and 1 when none or all are right', () => {
    for (let n = 1; n <= 300; n += 1) {
      expect(wilsonInterval(0, n).lower).toBe(0)
      expect(wilsonInterval(n, n).upper).toBe(1)
    }
  })

  it('says nothing when nothing was observed', () => {
    expect(wilsonInterval(0, 0)).toEqual({ lower: 0, upper: 1 })
  })

  it('contains the observed proportion, stays inside 0 to 1 and mirrors when right and wrong are exchanged', () => {
    for (let n = 1; n <= 60; n += 1) {
      for (let successes = 0; successes <= n; successes += 1) {
        const { lower, upper } = wilsonInterval(successes, n)
        const mirrored = wilsonInterval(n - successes, n)
        expect(lower).toBeGreaterThanOrEqual(0)
        expect(lower).toBeLessThanOrEqual(successes / n)
        expect(upper).toBeGreaterThanOrEqual(successes / n)
        expect(upper).toBeLessThanOrEqual(1)
        expect(1 - mirrored.upper).toBeCloseTo(lower, 12)
      }
    }
  })

  it('widens with z and uses the two-sided 95% point by default', () => {
    expect(wilsonInterval(7, 30)).toEqual(wilsonInterval(7, 30, Z_95))
    expect(wilsonInterval(7, 30, 2.5758293035489).upper).toBeGreaterThan(wilsonInterval(7, 30).upper)
  })

  it.each([
    [-1, 10],
    [11, 10],
    [0, -1],
    [Number.NaN, 10],
  ])('refuses %d of %d', (successes, n) => {
    expect(() => wilsonInterval(successes, n)).toThrow(RangeError)
  })
})
