/** From a request to the plan of its run. It comes with the first run, not with the first screen. */
import type { DatasetId } from '#core/dataset/item'
import { promptSource } from '#core/prompt/prompt-set'
import { failure, success, type Result } from '#core/result'
import { drawQuestions, type DrawnQuestions } from '#core/run/draw'
import { makeRunPlan, promptKinds, type RunRequest } from '#core/run/plan'
import type { ItemSource } from '#core/run/shots'
import type { RunId, RunPlan } from '#core/run/types'
import { sha256OfText } from '#data/sha256'
import type { RunDatasets } from './run-ports'
import type { RunProblem } from './run-problem'

export async function newPlan(
  request: RunRequest,
  datasets: RunDatasets,
  made: { id: RunId; at: number; appVersion: string },
): Promise<Result<RunPlan, RunProblem>> {
  const drawn = await draw(request, datasets)
  if (!drawn.ok) return drawn
  const promptSha256 = await sha256OfText(promptSource(request.prompts, promptKinds(request.protocol)))
  const askedSha256 = await sha256OfText(drawn.value.askedList)
  return success(makeRunPlan(request, drawn.value, { ...made, promptSha256, askedSha256 }))
}

async function draw(request: RunRequest, datasets: RunDatasets): Promise<Result<DrawnQuestions, RunProblem>> {
  const { dataset, shots } = request
  const pool = shots && !shots.items ? await sourceOf(shots.pool.id, datasets) : null
  if (pool?.metas.length === 0) return failure({ kind: 'dataset-missing', name: shots?.pool.name ?? '' })
  const drawn = await drawQuestions(request, await sourceOf(dataset.id, datasets), pool)
  if (drawn.ok) return drawn
  return failure(
    drawn.failure.kind === 'items-missing' ? { kind: 'dataset-missing', name: dataset.name } : drawn.failure,
  )
}

async function sourceOf(id: DatasetId, datasets: RunDatasets): Promise<ItemSource> {
  return { metas: await datasets.itemMetas(id), items: (indexes) => datasets.items(id, indexes) }
}
