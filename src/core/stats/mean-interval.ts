import type { Interval } from '../score/wilson'
import { t95 } from './student-t'

export interface MeanEstimate {
  n: number
  mean: number
  /** 95% t interval, in the values' unit; null with fewer than two values, and where all are equal: they tell no spread. */
  interval: Interval | null
}

/** The mean of values that were drawn at random, e.g. of differences within pairs; null without any. */
export function meanEstimate(values: readonly number[]): MeanEstimate | null {
  const n = values.length
  if (n === 0) return null
  const mean = values.reduce((sum, value) => sum + value, 0) / n
  if (n === 1) return { n, mean, interval: null }
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  if (squares === 0) return { n, mean, interval: null }
  const half = t95(n - 1) * Math.sqrt(squares / (n - 1) / n)
  return { n, mean, interval: { lower: mean - half, upper: mean + half } }
}
