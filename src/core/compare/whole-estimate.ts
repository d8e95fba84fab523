/** From the common items to all items that both runs drew from. */
import type { RunPlan, Stratum } from '../run/types'
import { cellIndex } from '../score/group-table'
import type { Interval } from '../score/wilson'
import { stratifiedMean, type StratifiedMean } from '../stats/stratified'
import { effectiveInterval, effectiveWilson } from './effective-interval'
import { tallySize, type PairTally } from './pair-counts'

/** An estimate over all items; the interval is null where too few items of a stratum were asked. */
export interface Estimated {
  value: number
  interval: Interval | null
}

export type WholeEstimate =
  /** The runs drew from different datasets, so there is no whole that both speak of. */
  | { kind: 'other-dataset' }
  /** Of some language × level that both runs chose, no item is common. */
  | { kind: 'stratum-missing'; strata: Pick<Stratum, 'language' | 'level'>[] }
  /** Every item of the whole was asked in both runs: nothing is left to estimate. */
  | { kind: 'complete'; population: number }
  | {
      kind: 'estimate'
      /** Items that both runs could have drawn. */
      population: number
      first: Estimated
      second: Estimated
      /** First minus second. */
      difference: Estimated
    }

type ComparedPlan = Pick<RunPlan, 'strata' | 'dataset'>

/**
 * Accuracies and their difference over all items of the language × level cells that both runs chose from, each cell
 * weighted by its number of items. The common items of two random samples are a random sample of their cell, and so
 * are those of a run that was stopped, since questions are asked in random order. The intervals carry the
 * finite-population correction: they are about these very items.
 */
export function wholeEstimate(
  cells: readonly PairTally[],
  first: ComparedPlan | undefined,
  second: ComparedPlan | undefined,
): WholeEstimate {
  if (!first || !second || first.dataset.itemsSha256 !== second.dataset.itemsSha256) {
    return { kind: 'other-dataset' }
  }
  const strata = first.strata
    .filter((one) => second.strata.some((two) => one.language === two.language && one.level === two.level))
    .map((stratum) => ({ ...stratum, tally: cells[cellIndex(stratum.language, stratum.level)] }))
  const missing = strata.filter(({ tally }) => !tally || tallySize(tally) === 0)
  if (strata.length === 0 || missing.length > 0) {
    return { kind: 'stratum-missing', strata: missing.map(({ language, level }) => ({ language, level })) }
  }
  const population = sum(strata.map((stratum) => stratum.population))
  const n = sum(strata.map(({ tally }) => (tally ? tallySize(tally) : 0)))
  if (n === population) return { kind: 'complete', population }
  /** The mean of a value that is 0, 1 or -1: `ones` and `minusOnes` count the latter two. */
  const meanOf = (ones: (tally: PairTally) => number, minusOnes: (tally: PairTally) => number = () => 0) =>
    stratifiedMean(
      strata.map(({ population, tally }) => ({
        population,
        n: tally ? tallySize(tally) : 0,
        sum: tally ? ones(tally) - minusOnes(tally) : 0,
        sumOfSquares: tally ? ones(tally) + minusOnes(tally) : 0,
      })),
    ) ?? { mean: Number.NaN, variance: null }
  const onlyFirst = meanOf((tally) => tally.onlyFirst).mean
  const onlySecond = meanOf((tally) => tally.onlySecond).mean
  const difference = meanOf(
    (tally) => tally.onlyFirst,
    (tally) => tally.onlySecond,
  )
  return {
    kind: 'estimate',
    population,
    first: accuracy(
      meanOf((tally) => tally.bothRight + tally.onlyFirst),
      n,
    ),
    second: accuracy(
      meanOf((tally) => tally.bothRight + tally.onlySecond),
      n,
    ),
    difference: {
      value: difference.mean,
      interval:
        difference.variance === null
          ? null
          : effectiveInterval({ onlyFirst, onlySecond }, difference.variance, n),
    },
  }
}

function accuracy({ mean, variance }: StratifiedMean, n: number): Estimated {
  return { value: mean, interval: variance === null ? null : effectiveWilson(mean, variance, n) }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
