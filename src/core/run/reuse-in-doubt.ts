/** Answers that a failed check of reused prompts leaves in doubt. */
import type { PromptReading } from '../numerics/types'
import { madeAs } from './origin'
import type { Answer, RunPlan } from './types'

/**
 * Positions of the answers that read on from a prompt's beginning since the last comparison with an empty cache that agreed
 * (the answer that was compared included, where it reused too), and before one that failed: what failed there may have been
 * wrong for them already. Empty where none failed. In a merged run nobody knows which part was compared, so all that
 * reused before a failure are named.
 *
 * @param answers in the order asked, rotated ones among them
 */
export function reuseInDoubt({ origin }: Pick<RunPlan, 'origin'>, answers: readonly Answer[]): number[] {
  const isMerged = madeAs(origin).kind === 'merged'
  const inDoubt = new Set<number>()
  let sinceCompared: number[] = []
  for (const { position, reading, forward } of answers) {
    for (const read of [reading, forward?.reading]) {
      if (!read) continue
      if (read.compared && !isMerged) sinceCompared = []
      if (isReadOn(read)) sinceCompared.push(position)
      if (read.reason !== 'check-failed') continue
      for (const doubted of sinceCompared) inDoubt.add(doubted)
      sinceCompared = []
    }
  }
  return [...inDoubt]
}

/** Where nothing was reused and nothing says why, the prompt was read in two parts, to have its beginning for later ones. */
function isReadOn({ path, reason, compared }: PromptReading): boolean {
  return path === 'reused' || (path === 'cold' && !reason && !compared)
}
