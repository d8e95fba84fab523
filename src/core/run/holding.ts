/** Which answers wait for a comparison of reused prompts with a cold pass before they count. */
import { allReadings } from '../numerics/reading'
import type { RunSummary } from './summary'
import type { Answer } from './types'

export type Holding =
  | {
      kind: 'stored'
      /** It was compared, and agreed: so do those that were held until now. */
      releases: boolean
      /** It waits itself. */
      isHeld: boolean
    }
  /** A comparison failed, now or before the run began: neither it nor those that are held become part of the result. */
  | { kind: 'withdrawn' }

/**
 * What becomes of the next answer of `run`. Where others are held, one that reused nothing is held too: the answers that
 * count are always the first ones asked, or a result would depend on how prompts happened to be read.
 */
export function holdingOf(
  run: Pick<RunSummary, 'held' | 'readsAnew'>,
  { reading, forward }: Answer,
): Holding {
  const isHeld = run.held !== undefined
  // The forward pass comes after the reply.
  const read = allReadings([reading, forward?.reading].filter((one) => one !== undefined))
  if (!read) return { kind: 'stored', releases: false, isHeld }
  // In a run that reads anew each answer carries the reason.
  if (read.reason === 'check-failed' && !run.readsAnew) return { kind: 'withdrawn' }
  const releases = isHeld && read.compared === true
  return { kind: 'stored', releases, isHeld: read.awaitsComparison === true || (isHeld && !releases) }
}
