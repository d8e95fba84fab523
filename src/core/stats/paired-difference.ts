import { Z_95, type Interval } from '../score/wilson'

/** Of `n` items, how many only the first run, and only the second run got right. */
export interface DiscordantCounts {
  n: number
  onlyFirst: number
  onlySecond: number
}

/**
 * Tango's 95% score interval for the difference of two accuracies on the same items, first minus second, as fractions
 * of 1: all differences that the score test does not reject. Without items it says nothing: -1 to 1. Counts may be
 * fractions, for an effective number of items.
 *
 * T. Tango, Statistics in Medicine 17 (1998), 891-908. Chosen over Newcombe's method 10 because it inverts the
 * score test whose value at 0 is McNemar's statistic, so that interval and p value tell one story, and because it
 * keeps its coverage where few items differ, which is where two good models stand (M. W. Fagerland, S. Lydersen
 * and P. Laake, Statistics in Medicine 33 (2014), 2850-2875).
 */
export function pairedDifferenceInterval(counts: DiscordantCounts): Interval {
  const { n, onlyFirst, onlySecond } = counts
  if (!(onlyFirst >= 0 && onlySecond >= 0 && onlyFirst + onlySecond <= n * (1 + Number.EPSILON))) {
    throw new RangeError(`Not counts out of a total: ${onlyFirst} and ${onlySecond} of ${n}`)
  }
  if (n === 0) return { lower: -1, upper: 1 }
  const estimate = (onlyFirst - onlySecond) / n
  return {
    lower: estimate === -1 ? -1 : bisect(-1, estimate, (difference) => score(counts, difference) > Z_95),
    upper: estimate === 1 ? 1 : bisect(estimate, 1, (difference) => score(counts, difference) > -Z_95),
  }
}

/** Tango's statistic: standard normal if `difference` is the true one, and falling in it. */
function score({ n, onlyFirst, onlySecond }: DiscordantCounts, difference: number): number {
  // The constrained maximum likelihood estimate of P(only second is right), a root of a x^2 + b x + c.
  const a = 2 * n
  const b = (2 * n - onlyFirst + onlySecond) * difference - onlyFirst - onlySecond
  const c = -onlySecond * difference * (1 - difference)
  const root = Math.sqrt(Math.max(0, b * b - 4 * a * c))
  // Of the two ways to write the root, the one whose terms do not cancel.
  const onlySecondShare = b > 0 ? (-2 * c) / (root + b) : (root - b) / (2 * a)
  const variance = n * (2 * onlySecondShare + difference * (1 - difference))
  const gap = onlyFirst - onlySecond - n * difference
  return variance > 0 ? gap / Math.sqrt(variance) : gap === 0 ? 0 : Math.sign(gap) * Infinity
}

/** Where `isBelow` turns from true to false between `low` and `high`, to the last bit. */
function bisect(low: number, high: number, isBelow: (at: number) => boolean): number {
  for (;;) {
    const middle = (low + high) / 2
    if (middle <= low || middle >= high) return middle
    if (isBelow(middle)) low = middle
    else high = middle
  }
}
