import type { MadeOrigin, RunId, RunOrigin, RunPlan } from './types'

/** How a run came to be where it was made, on this machine or another. */
export function madeAs(origin: RunOrigin): MadeOrigin {
  return origin.kind === 'imported' ? origin.made : origin
}

/** The id of the run where it was made: for an imported run that of the run in the file. */
export function originalId({ id, origin }: Pick<RunPlan, 'id' | 'origin'>): RunId {
  return origin.kind === 'imported' ? origin.runId : id
}
