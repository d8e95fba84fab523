/** What was observed of one stratum: the sum and the sum of squares of a value over `n` of its items. */
export interface StratumSample {
  /** Items of the stratum, observed or not. */
  population: number
  n: number
  sum: number
  sumOfSquares: number
}

export interface StratifiedMean {
  mean: number
  /**
   * Estimated variance of `mean` as an estimate of the mean over these very items, i.e. with the finite-population
   * correction: 0 when all were observed. Null when a stratum has one observation and more items.
   */
  variance: number | null
}

/**
 * The mean over all items of the strata, each stratum weighted by its number of items. Null when a stratum has
 * items but no observation, or when there is none at all. Strata without items count for nothing.
 *
 * W. G. Cochran, Sampling Techniques, 3rd ed. (1977): chapter 5 for the estimate and its variance, chapter 2 for
 * the finite-population correction 1 - n/N.
 */
export function stratifiedMean(strata: readonly StratumSample[]): StratifiedMean | null {
  const filled = strata.filter(({ population }) => population > 0)
  const whole = filled.reduce((sum, { population }) => sum + population, 0)
  if (whole === 0 || filled.some(({ n }) => n === 0)) return null
  let total = 0
  let variance: number | null = 0
  for (const { population, n, sum, sumOfSquares } of filled) {
    const weight = population / whole
    // Weighted last: a sum of rounded weights may exceed 1, and so would an accuracy.
    total += (population * sum) / n
    if (n === population || variance === null) continue
    variance =
      n === 1
        ? null
        : variance +
          (weight * weight * (1 - n / population) * ((sumOfSquares - (sum * sum) / n) / (n - 1))) / n
  }
  return { mean: total / whole, variance }
}
