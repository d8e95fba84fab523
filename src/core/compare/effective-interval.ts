import { wilsonInterval, type Interval } from '../score/wilson'
import { pairedDifferenceInterval } from '../stats/paired-difference'

/** Shares of the items that only the first, and only the second run got right. */
export interface PairedShares {
  onlyFirst: number
  onlySecond: number
}

/**
 * 95% interval of a paired difference whose variance does not come from n independent items: Tango's interval at
 * the effective number of items, i.e. that of independent items which would give this variance. A variance of 0
 * tells nothing of it, so `n` is taken then.
 *
 * The effective number as E. L. Korn and B. I. Graubard, Survey Methodology 24 (1998), 193-201, have it for one
 * proportion; carried over to a difference by us.
 */
export function effectiveInterval(
  { onlyFirst, onlySecond }: PairedShares,
  variance: number,
  n: number,
): Interval {
  const single = onlyFirst + onlySecond - (onlyFirst - onlySecond) ** 2
  const effective = variance > 0 && single > 0 ? single / variance : n
  const first = onlyFirst * effective
  return pairedDifferenceInterval({
    n: effective,
    onlyFirst: first,
    // Where every item differs, the rounded shares may sum to more than all.
    onlySecond: Math.min(onlySecond * effective, effective - first),
  })
}

/** The same for one accuracy: Wilson's interval at the effective number of items. */
export function effectiveWilson(accuracy: number, variance: number, n: number): Interval {
  const effective = variance > 0 ? (accuracy * (1 - accuracy)) / variance : n
  return wilsonInterval(accuracy * effective, effective)
}
