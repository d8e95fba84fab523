import type { Interval } from '../score/wilson'
import { clusteredVariance, type Cluster } from '../stats/clustered'
import { effectiveInterval, type PairedShares } from './effective-interval'

/** The difference when items that share a stem are not taken for independent. */
export interface SharedStems {
  /** Groups of items with one stem, single items included. */
  groups: number
  /** 95% interval of the difference; null when all items share one stem. */
  interval: Interval | null
}

/** Null when every common item has a stem of its own, so that there is nothing to allow for. */
export function sharedStems(
  stems: readonly Cluster[],
  { n, onlyFirst, onlySecond }: { n: number; onlyFirst: number; onlySecond: number },
): SharedStems | null {
  if (stems.length === n) return null
  const shares: PairedShares = { onlyFirst: onlyFirst / n, onlySecond: onlySecond / n }
  const variance = clusteredVariance(stems)
  return { groups: stems.length, interval: variance === null ? null : effectiveInterval(shares, variance, n) }
}
