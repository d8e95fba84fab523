import { wilsonInterval, type Interval } from './wilson'

/** How many of `n` things are so. */
export interface Share {
  count: number
  n: number
  /** `count / n`, or null when there is nothing to share. */
  fraction: number | null
  /** Wilson 95% interval. */
  interval: Interval
}

export function share(count: number, n: number): Share {
  return { count, n, fraction: n === 0 ? null : count / n, interval: wilsonInterval(count, n) }
}
