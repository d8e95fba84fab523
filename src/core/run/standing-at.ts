import { standingOf, worstStanding, type Standing } from '../numerics/standing'
import { engineAt, type RunHistory } from './history'
import { madeAs } from './origin'
import type { RunPlan } from './types'

/**
 * How far the numbers can be relied on of the engine that answered at `position`; null before the first session. Of a
 * merged run, whose sessions overlap, that of the worst engine.
 */
export function standingAt(
  run: Pick<RunHistory, 'starts'> & { plan: Pick<RunPlan, 'origin'> },
  position: number,
): Standing | null {
  const engine = engineAt(run, position)
  if (!engine) return null
  const isMerged = madeAs(run.plan.origin).kind === 'merged'
  return isMerged ? worstStanding(run.starts.map((start) => start.engine)) : standingOf(engine)
}
