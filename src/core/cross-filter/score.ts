import { gradeAt } from './prompts'
import { ASPECTS, type PerAspect, type ScaleOrder } from './types'

/** A judge's grade of one aspect. */
export interface AspectScore {
  /** The most probable grade, 0 to 10; of equally probable ones the lower. */
  score: number
  /** Mean of the grades, weighted by their probabilities. */
  expected: number
}

export type ScoreSet = PerAspect<AspectScore>

/** Reads the probabilities of the letters A to K. */
export function readScore(probabilities: readonly number[], order: ScaleOrder): AspectScore {
  let score = 0
  let highest = -1
  let expected = 0
  for (const [index, probability] of probabilities.entries()) {
    const grade = gradeAt(index, order)
    expected += probability * grade
    if (probability > highest || (probability === highest && grade < score)) {
      highest = probability
      score = grade
    }
  }
  return { score, expected }
}

export function readScores(probabilities: PerAspect<readonly number[]>, order: ScaleOrder): ScoreSet {
  return perAspect((aspect) => readScore(probabilities[aspect], order))
}

/** One value for each aspect. */
export function perAspect<Value>(valueOf: (aspect: (typeof ASPECTS)[number]) => Value): PerAspect<Value> {
  return Object.fromEntries(ASPECTS.map((aspect) => [aspect, valueOf(aspect)])) as PerAspect<Value>
}
