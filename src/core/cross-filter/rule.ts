/** Which pairs are kept. A pure function of stored scores: another threshold asks no model. */
import { perAspect, type ScoreSet } from './score'
import { ASPECTS, type FilterRule, type PerAspect } from './types'

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
  const grades = gradesFor(scores, rule)
  if (!grades) return { verdict: 'unscored', value: null }
  const value = aggregate(grades, rule)
  return { verdict: value >= rule.threshold - ROUNDING ? 'kept' : 'dropped', value }
}

/** The grades that count; null where one of them is missing. */
function gradesFor(scores: readonly (ScoreSet | null)[], { basis }: FilterRule): PerAspect<number> | null {
  const counted = basis === 'both' ? [scores[0], scores[1]] : [scores[basis]]
  const sets = counted.filter((set) => set != null)
  if (sets.length < counted.length) return null
  return perAspect((aspect) => sets.reduce((sum, set) => sum + set[aspect].score, 0) / sets.length)
}

function aggregate(grades: PerAspect<number>, { aggregation, weights }: FilterRule): number {
  if (aggregation === 'minimum') return Math.min(...ASPECTS.map((aspect) => grades[aspect]))
  const weightOf = (aspect: (typeof ASPECTS)[number]) => (aggregation === 'mean' ? 1 : weights[aspect])
  const total = ASPECTS.reduce((sum, aspect) => sum + weightOf(aspect), 0)
  return ASPECTS.reduce((sum, aspect) => sum + weightOf(aspect) * grades[aspect], 0) / total
}

/** Whether a rule can be used. */
export function isRule({ weights, threshold }: FilterRule): boolean {
  const values = ASPECTS.map((aspect) => weights[aspect])
  const isWeight = (weight: number) => weight >= 0 && weight <= MAX_WEIGHT
  return threshold >= 0 && threshold <= 10 && values.every(isWeight) && values.some((weight) => weight > 0)
}
