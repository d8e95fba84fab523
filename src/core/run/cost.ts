/** What a wanted precision costs, before a run: items, then time and energy. */
import { wilsonInterval, Z_95 } from '../score/wilson'
import { confidenceSequence, halfWidth } from '../stats/confidence-sequence'

const MS_PER_HOUR = 3_600_000

/**
 * The items that say as much of an infinite population as `n` of `population` items say of these: n (N-1) / (N-n), the
 * finite-population correction of a simple random sample. W. G. Cochran, Sampling Techniques, 3rd ed. (1977),
 * section 2.6. Infinity when all were asked.
 */
export function effectiveItems(n: number, population: number): number {
  if (population === Infinity) return n
  return n >= population ? Infinity : (n * (population - 1)) / (population - n)
}

/**
 * The same for strata that were sampled in any numbers, each weighted by its items: the items of a simple random sample
 * that would estimate the mean as well, when all strata have one accuracy (Cochran, chapter 5). Null where a stratum
 * has items but none of them is sampled. With `corrected` the claim is about these very items.
 */
export function weightedEffectiveItems(
  strata: readonly { population: number; sampled: number }[],
  corrected: boolean,
): number | null {
  const whole = strata.reduce((sum, { population }) => sum + population, 0)
  if (whole === 0 || strata.some(({ population, sampled }) => population > 0 && sampled === 0)) return null
  /** Variance of the weighted mean over that of a single item. */
  const variance = strata
    .filter(({ population }) => population > 0)
    .reduce((sum, { population, sampled }) => {
      const effective = corrected ? effectiveItems(sampled, population) : sampled
      return sum + (population / whole) ** 2 / effective
    }, 0)
  return variance === 0 ? Infinity : 1 / variance
}

/**
 * Half the width of the Wilson 95% interval of `n` items at an accuracy of one half, its widest, as a fraction of 1:
 * z / (2 sqrt(n + z^2)). About these very items when `population` is finite (0 when all are asked); about such items
 * in general when it is Infinity.
 */
export function expectedHalfWidth(n: number, population: number): number {
  return halfWidthOf(effectiveItems(n, population))
}

/** Half the width of the Wilson 95% interval at one half right, of this many items or as good as. */
export function halfWidthOf(effective: number): number {
  if (effective === Infinity) return 0
  const { lower, upper } = wilsonInterval(effective / 2, effective)
  return (upper - lower) / 2
}

/**
 * The fewest items whose expected half-width is at most `target` (above 0), by solving the same formulas. At most
 * `population`.
 */
export function itemsForPrecision(target: number, population: number): number {
  const effective = Math.max(1, Z_95 ** 2 / (4 * target * target) - Z_95 ** 2)
  if (population === Infinity) return roundUp(effective)
  return Math.min(population, roundUp((effective * population) / (population - 1 + effective)))
}

/**
 * The items after which a run that stops at a confidence sequence of `target` to each side has stopped, when half of
 * its answers are right, which takes longest. At most `population`.
 */
export function itemsForSequence(target: number, population: number): number {
  const isNarrow = (n: number) => halfWidth(confidenceSequence(Math.floor(n / 2), n, population)) <= target
  let wide = 0
  let narrow = population
  while (narrow - wide > 1) {
    const middle = Math.floor((wide + narrow) / 2)
    if (isNarrow(middle)) narrow = middle
    else wide = middle
  }
  return narrow
}

/** Energy in watt-hours of a machine that draws `watts` for `ms`. */
export function energyWh(ms: number, watts: number): number {
  return (watts * ms) / MS_PER_HOUR
}

/** Up to the next whole number, unless only rounding errors lie above one. */
function roundUp(value: number): number {
  return Math.ceil(value - 1e-9)
}
