import type { Dataset } from '#core/dataset/item'
import { PLAIN_REQUEST, type RunRequest } from '#core/run/plan'
import type { RunSummary } from '#core/run/summary'
import type { Answer, RunPlan } from '#core/run/types'

/** The same questions, each answered with one greedy reply of the same model. */
export function greedyRequest(
  plan: RunPlan,
  answers: readonly Pick<Answer, 'position'>[],
  dataset: Dataset,
): RunRequest {
  const { model, selection, protocol, prompts, shots, decoding, reusePrompt } = plan
  const itemIndexes = answers.flatMap(({ position }) => plan.itemIndexes[position] ?? [])
  return {
    ...PLAIN_REQUEST,
    ...{ model, dataset, selection, protocol, prompts, shots },
    decoding: { ...decoding, temperature: 0, topP: 1 },
    ...(reusePrompt && { reusePrompt }),
    questions: { itemIndexes, rotations: itemIndexes.map(() => 0) },
  }
}

/** Whether `other` answered questions of the same dataset with one greedy reply of the same weights. */
export function isGreedyRun(run: RunSummary, other: RunSummary): boolean {
  const { plan, engines, answered } = other
  return (
    answered > 0 &&
    !plan.strategy &&
    plan.protocol === run.plan.protocol &&
    plan.decoding.temperature === 0 &&
    plan.dataset.itemsSha256 === run.plan.dataset.itemsSha256 &&
    engines[0]?.fingerprint === run.engines[0]?.fingerprint
  )
}
