import { worstDifference } from './standing'
import type { SelfTestReport } from './types'

/** A device's own rounding, of which the self-test sees one sample of 40 tokens; another prompt may round some more. */
const ROOM_ABOVE_OWN = 4

/**
 * A half-precision device that rounded by chance alike in all orders must not fail its first reuse. Moves a letter's
 * probability by 0.01 at most.
 */
export const LEAST_TOLERANCE_F16 = 0.02

/**
 * Largest difference of a logit at which a reused prompt counts as the one read anew, on the device that `report` is of:
 * in half precision its own differences say more than the tolerance that has to hold for every device. The floor is
 * above the whole tolerance of single precision, which stays as it is.
 */
export function reuseTolerance(report: SelfTestReport): number {
  const own = ROOM_ABOVE_OWN * (worstDifference(report) ?? 0)
  return Math.min(report.tolerance, Math.max(LEAST_TOLERANCE_F16, own))
}
