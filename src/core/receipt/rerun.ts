/** Which of a run's questions are asked again, and how: exactly as it asked them. */
import type { Dataset } from '../dataset/item'
import { originalId } from '../run/origin'
import { drawWithoutReplacement, randomBelow } from '../run/random'
import type { RunRequest } from '../run/plan'
import { NO_BUDGET, type Answer, type RunPlan } from '../run/types'

/**
 * `count` of the answered items, drawn by `seed` and in the order in which the run asked them. The seed is the
 * re-runner's: whoever made a run must not be able to know which items somebody else asks again. Rotated questions are
 * not asked again.
 */
export function drawAgain(answers: readonly Answer[], count: number, seed: number): number[] {
  const positions = answers.filter(({ rotation }) => rotation === 0).map(({ position }) => position)
  return drawWithoutReplacement(positions, count, randomBelow(seed, 0)).sort((left, right) => left - right)
}

/** The request for these positions of a run, with the run's own prompts, examples and decoding. */
export function rerunRequest(
  plan: RunPlan,
  positions: readonly number[],
  answered: number,
  here: { model: RunPlan['model']; dataset: Dataset },
): RunRequest {
  return {
    model: here.model,
    dataset: here.dataset,
    selection: plan.selection,
    protocol: plan.protocol,
    prompts: plan.prompts,
    rotationShare: 0,
    shots: plan.shots,
    decoding: plan.decoding,
    ...(plan.strategy && { strategy: plan.strategy }),
    ...(plan.reusePrompt && { reusePrompt: plan.reusePrompt }),
    budget: NO_BUDGET,
    split: null,
    questions: {
      itemIndexes: positions.map((position) => plan.itemIndexes[position] ?? -1),
      rotations: positions.map(() => 0),
    },
    origin: {
      kind: 'rerun',
      // Of an imported run its id where it was made: there the rerun may be read as well.
      runId: originalId(plan),
      share: answered === 0 ? 0 : Math.min(1, positions.length / answered),
    },
  }
}
