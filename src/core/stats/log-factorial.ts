/** ln(k!) - ln(sqrt(2 pi k) (k/e)^k) for k = 0 to 15, where the series below is not yet exact. */
const STIRLING_ERRORS: readonly number[] = [
  0, 0.08106146679532726, 0.0413406959554093, 0.02767792568499834, 0.020790672103765093, 0.016644691189821193,
  0.013876128823070748, 0.01189670994589177, 0.010411265261972096, 0.009255462182712733, 0.008330563433363133,
  0.007573675487951841, 0.00694284010720515, 0.006408994188004207, 0.0059513701127588475,
  0.005554733551962801,
]

const HALF_LOG_TWO_PI = 0.9189385332046727

/**
 * What Stirling's formula leaves out of ln(k!), for a whole `k` >= 0.
 *
 * C. Loader, "Fast and accurate computation of binomial probabilities" (2000).
 */
export function stirlingError(k: number): number {
  const known = STIRLING_ERRORS[k]
  if (known !== undefined) return known
  const k2 = k * k
  return (1 / 12 - (1 / 360 - (1 / 1260 - (1 / 1680 - 1 / 1188 / k2) / k2) / k2) / k2) / k
}

/** ln(k!) for a whole `k` >= 0, to the last digits of a double: at a million its error is some 1e-9. */
export function logFactorial(k: number): number {
  if (k < 2) return 0
  return k * Math.log(k) - k + 0.5 * Math.log(k) + HALF_LOG_TWO_PI + stirlingError(k)
}
