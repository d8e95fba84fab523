/** Which pairs are kept. A pure function of stored scores: another threshold asks no model. */
import { perAspect, type ScoreSet } from './score'
import { ASPECTS, type Aspect, type FilterRule } from './types'

/** `unscored`: a judge whose scores count has not seen the pair. */
export type Verdict = 'kept' | 'dropped' | 'unscored'

export interface Judgement {
  verdict: Verdict
  /** What is compared with the threshold, 0 to 10; null where unscored. */
  value: number | null
}

/** Hypnos's threshold is not published; 7 of 10 is ours, to be changed. */
export const DEFAULT_RULE: FilterRule = {
  aggregation: 'mean',
  weights: perAspect(() => 1),
  threshold: 7,
  basis: 0,
}

export const MAX_WEIGHT = 100

/** Sums of weighted grades are not exact; a pair on the threshold is kept. */
const ROUNDING = 1e-9

export function judge(scores: readonly (ScoreSet | null)[], rule: FilterRule): Judgement {
  const { basis } = rule
  const first = scores[basis === 'both' ? 0 : basis]
  const second = basis === 'both' ? scores[1] : first
  if (!first || !second) return { verdict: 'unscored', value: null }
  const value = aggregate((aspect) => (first[aspect].score + second[aspect].score) / 2, rule)
  return { verdict: value >= rule.threshold - ROUNDING ? 'kept' : 'dropped', value }
}

/** In one pass without lists of its own: it is done for ten thousand pairs at each change of the rule. */
function aggregate(gradeOf: (aspect: Aspect) => number, { aggregation, weights }: FilterRule): number {
  let lowest = Infinity
  let sum = 0
  let total = 0
  for (const aspect of ASPECTS) {
    const grade = gradeOf(aspect)
    const weight = aggregation === 'weighted' ? weights[aspect] : 1
    lowest = Math.min(lowest, grade)
    sum += weight * grade
    total += weight
  }
  return aggregation === 'minimum' ? lowest : sum / total
}

/** Whether a rule can be used. */
export function isRule({ weights, threshold }: FilterRule): boolean {
  const values = ASPECTS.map((aspect) => weights[aspect])
  const isWeight = (weight: number) => weight >= 0 && weight <= MAX_WEIGHT
  return threshold >= 0 && threshold <= 10 && values.every(isWeight) && values.some((weight) => weight > 0)
}
