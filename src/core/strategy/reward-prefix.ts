/**
 * What ends a step for MedS3's reward model: it was trained to judge at the blank line behind each step, the last one
 * included, and its own code adds that line before it reads the score (pixas/MedSSS, solver/sc_vm_solver.py).
 */
const STEP_END = '\n\n'

/** A reply up to the end of a step, as the reward model is to read it. */
export function rewardPrefix(prefix: string): string {
  return prefix.trimEnd() + STEP_END
}
