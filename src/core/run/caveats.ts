/** What the plain share of right answers, and its ordinary interval, do not allow for. */
import type { RunPlan } from './types'

export type ScoreCaveat =
  /** Cells were drawn in unequal shares: the mean over the answers is not that of the selection. */
  | 'unequal'
  /** The run might end as soon as it was precise: an interval for a single look holds less often than it says. */
  | 'ended-by-precision'

type DrawnPlan = Pick<RunPlan, 'strata' | 'selection' | 'budget'>

export function scoreCaveats({ strata, selection, budget }: DrawnPlan): ScoreCaveat[] {
  const caveats: ScoreCaveat[] = []
  if (selection.design === 'equal' && strata.some(({ population, sampled }) => sampled < population)) {
    caveats.push('unequal')
  }
  if (selection.design === 'simple' && budget.halfWidth !== null) caveats.push('ended-by-precision')
  return caveats
}
