import type { MadeOrigin, RunOrigin } from './types'

/** How a run came to be where it was made, on this machine or another. */
export function madeAs(origin: RunOrigin): MadeOrigin {
  return origin.kind === 'imported' ? origin.made : origin
}
