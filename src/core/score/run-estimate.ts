/** What one run says of more than the answers it has, each claim with the interval that fits it. */
import { effectiveWilson } from '../compare/effective-interval'
import { populationOf } from '../run/budget'
import type { RunPlan, Stratum } from '../run/types'
import { clusteredVariance, type Cluster } from '../stats/clustered'
import { confidenceSequence } from '../stats/confidence-sequence'
import { stratifiedMean } from '../stats/stratified'
import { levelChoice, proportion, type Proportion } from './accuracy-table'
import { cellIndex, emptyCells } from './group-table'
import { verdict, type ScoredAnswer, type Scoring } from './verdict'
import type { Interval } from './wilson'

/** The accuracy over all items that the run's selection draws from. */
export type SelectionEstimate =
  /** Every item was answered: nothing is left to estimate. */
  | { kind: 'complete'; population: number }
  /** Of some language × level no item was answered. */
  | { kind: 'stratum-missing'; population: number; strata: Pick<Stratum, 'language' | 'level'>[] }
  | {
      kind: 'estimate'
      population: number
      /** Mean of the cells' accuracies, weighted by their items. */
      value: number
      /** 95%, with finite-population correction; null where a language × level has a single answer. */
      interval: Interval | null
    }

export interface RunEstimate {
  scoring: Scoring
  /** Unequal numbers were drawn of the cells, so that only the weighted estimate speaks for the whole. */
  isWeightedFirst: boolean
  /** Items like these, each taken for itself: Wilson. */
  plain: Proportion
  selection: SelectionEstimate
  /** Items like these, those of one stem taken together; null when no two share a stem, or not all stems are known. */
  stems: { groups: number; interval: Interval | null } | null
  /** 95% confidence sequences, for a run that could stop by precision: allowed at any time. */
  sequence: { selection: Interval; source: Interval } | null
}

type EstimatedPlan = Pick<RunPlan, 'strata' | 'selection' | 'budget'>

/** Answers counted between two yields: a few milliseconds, as stems are long. */
const STEP_ANSWERS = 1000

/**
 * Estimates of the accuracy in one scoring, in steps; the order of the answers changes nothing.
 *
 * `selection` weights each language × level by its number of items, after W. G. Cochran, Sampling Techniques, 3rd ed.
 * (1977), chapters 2 and 5. A simple random sample is stratified afterwards: given how many items fell into each cell
 * its variance is the same (D. Holt and T. M. F. Smith, "Post stratification", JRSS A 142 (1979), 33-46). A run that
 * was stopped has asked a random part of each cell, since questions come in random order.
 *
 * `stems` allows for items that share a stem and may be alike, after E. Miller, "Adding error bars to evals",
 * arXiv:2411.00640 (2024). Variances become intervals as Wilson's at the effective number of items.
 */
export function* estimateSteps(
  answers: readonly ScoredAnswer[],
  plan: EstimatedPlan,
  scoring: Scoring,
): Generator<undefined, RunEstimate> {
  const cells = emptyCells(() => ({ n: 0, right: 0 }))
  const stems = { en: new Map<string, Cluster>(), zh: new Map<string, Cluster>() }
  let right = 0
  let withheld = 0
  for (const [index, answer] of answers.entries()) {
    if (index % STEP_ANSWERS === 0) yield
    if (answer.item.withheld !== undefined) withheld += 1
    const isRight = Number(verdict(answer, scoring) === 'right')
    right += isRight
    const cell = cells[cellIndex(answer.item.language, levelChoice(answer))]
    if (cell) {
      cell.n += 1
      cell.right += isRight
    }
    const { language, stem } = answer.item
    const cluster = stems[language].get(stem)
    if (cluster) {
      cluster.n += 1
      cluster.sum += isRight
    } else stems[language].set(stem, { n: 1, sum: isRight })
  }
  const n = answers.length
  const clusters = [...stems.en.values(), ...stems.zh.values()]
  return {
    scoring,
    isWeightedFirst: plan.selection.design === 'equal',
    plain: proportion(right, n),
    selection: selectionEstimate(cells, plan.strata),
    stems: withheld > 0 || clusters.length === n ? null : stemEstimate(clusters, right / n, n),
    sequence: sequenceEstimate(right, n, plan),
  }
}

function selectionEstimate(
  cells: readonly { n: number; right: number }[],
  strata: readonly Stratum[],
): SelectionEstimate {
  const observed = strata.map(({ language, level, population }) => {
    const { n = 0, right = 0 } = cells[cellIndex(language, level)] ?? {}
    return { language, level, population, n, sum: right, sumOfSquares: right }
  })
  const population = populationOf({ strata })
  const n = observed.reduce((sum, stratum) => sum + stratum.n, 0)
  const estimate = stratifiedMean(observed)
  if (!estimate) {
    const missing = observed.filter((stratum) => stratum.n === 0)
    return {
      kind: 'stratum-missing',
      population,
      strata: missing.map(({ language, level }) => ({ language, level })),
    }
  }
  if (n >= population) return { kind: 'complete', population }
  const { mean, variance } = estimate
  const interval = variance === null ? null : effectiveWilson(mean, variance, n)
  return { kind: 'estimate', population, value: mean, interval }
}

function stemEstimate(clusters: readonly Cluster[], accuracy: number, n: number): RunEstimate['stems'] {
  const variance = clusteredVariance(clusters)
  return {
    groups: clusters.length,
    interval: variance === null ? null : effectiveWilson(accuracy, variance, n),
  }
}

function sequenceEstimate(right: number, n: number, plan: EstimatedPlan): RunEstimate['sequence'] {
  const population = populationOf(plan)
  if (plan.budget.halfWidth === null || plan.selection.design !== 'simple' || n > population) return null
  return {
    selection: confidenceSequence(right, n, population),
    source: confidenceSequence(right, n, Infinity),
  }
}
