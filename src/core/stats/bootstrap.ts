import type { Interval } from '../score/wilson'
import type { RandomBelow } from '../run/random'
import { sortedQuantile } from './quantiles'

/** Enough that the interval's ends move by less than a tenth of its width from one seed to the next. */
const RESAMPLES = 2000
/** Resamples in which the statistic is not defined, up to this share; beyond it there is no interval. */
const MOST_UNDEFINED = 0.05

/**
 * A 95% percentile interval of a statistic over units drawn anew with replacement (B. Efron, "Bootstrap methods", Annals
 * of Statistics 7 (1979), 1-26). Null with fewer than two units, or where the statistic is often undefined.
 */
export function bootstrapInterval<Unit>(
  units: readonly Unit[],
  statistic: (units: readonly Unit[]) => number | null,
  random: RandomBelow,
  resamples = RESAMPLES,
): Interval | null {
  const steps = bootstrapSteps(units, statistic, random, resamples)
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

/** The same with a pause after each resample, so that a page can do other work in between. */
export function* bootstrapSteps<Unit>(
  units: readonly Unit[],
  statistic: (units: readonly Unit[]) => number | null,
  random: RandomBelow,
  resamples = RESAMPLES,
): Generator<undefined, Interval | null> {
  if (units.length < 2) return null
  const values: number[] = []
  for (let round = 0; round < resamples; round++) {
    const value = statistic(Array.from(units, () => units[random(units.length)] as Unit))
    if (value !== null) values.push(value)
    yield
  }
  if (values.length < resamples * (1 - MOST_UNDEFINED)) return null
  const sorted = Float64Array.from(values).sort()
  return { lower: sortedQuantile(sorted, 0.025), upper: sortedQuantile(sorted, 0.975) }
}

/** Null where the resamples differ by rounding only: they tell no spread. */
export function withSpread(interval: Interval | null): Interval | null {
  return interval && interval.upper - interval.lower > 1e-9 ? interval : null
}
