import { exactSum } from './exact-sum'
import type { StepAggregate } from './types'

/** MedS3's default first. */
export const AGGREGATES: readonly StepAggregate[] = ['min', 'last', 'mean', 'product']

/**
 * What a reply is worth, 0 to 1, from the scores of its steps, each 0 to 1. Without any step it is worth 0, and so it is
 * with anything else among them: a faulty GPU gives NaN, which must not spoil the vote of all others.
 */
export function worthOf(aggregate: StepAggregate, steps: readonly number[]): number {
  if (steps.length === 0 || !steps.every((step) => step >= 0 && step <= 1)) return 0
  switch (aggregate) {
    case 'min':
      return steps.reduce((lowest, step) => Math.min(lowest, step))
    case 'last':
      return steps.at(-1) ?? 0
    case 'mean':
      return exactSum(steps) / steps.length
    case 'product':
      return steps.reduce((product, step) => product * step)
  }
}
