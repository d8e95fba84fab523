/** The interval for one proportion that every accuracy in the app is shown with. */

export interface Interval {
  lower: number
  upper: number
}

/** The 97.5% point of the standard normal distribution: a two-sided 95% interval. */
export const Z_95 = 1.959963984540054

/**
 * Wilson's score interval for `successes` out of `n`, as fractions of 1: the proportions p for which
 * |successes/n - p| <= z * sqrt(p (1 - p) / n). Without observations it says nothing: 0 to 1.
 *
 * E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
 * American Statistical Association 22 (1927), 209-212; method 3 of R. G. Newcombe, Statistics in Medicine 17
 * (1998), 857-872.
 *
 * @throws RangeError when `successes` is not between 0 and `n`.
 */
export function wilsonInterval(successes: number, n: number, z = Z_95): Interval {
  if (!(n >= 0 && successes >= 0 && successes <= n)) {
    throw new RangeError(`Not a count out of a total: ${successes} of ${n}`)
  }
  if (n === 0) return { lower: 0, upper: 1 }
  const z2 = z * z
  const centre = 2 * successes + z2
  const spread = z * Math.sqrt(z2 + (4 * successes * (n - successes)) / n)
  const width = 2 * (n + z2)
  // At the corners the two terms cancel exactly in theory and only nearly in floating point.
  return {
    lower: successes === 0 ? 0 : (centre - spread) / width,
    upper: successes === n ? 1 : (centre + spread) / width,
  }
}
