import { variantsOf, type ModelRecord, type ModelVariant } from '#core/catalog'
import type { Dataset } from '#core/dataset/item'
import { promptSource } from '#core/prompt/prompt-set'
import type { PlanFile } from '#core/receipt/plan-file'
import { promptKinds } from '#core/run/plan'
import type { RunPlan } from '#core/run/types'
import { sha256OfText } from '#data/sha256'
import type { Models } from './models.svelte'

/** What keeps this machine from answering a part of a plan. */
export type PlanObstacle =
  | { kind: 'no-dataset' | 'no-pool'; name: string; itemsSha256: string }
  | { kind: 'no-model'; name: string; quantization: string }
  | { kind: 'other-weights'; expected: string; found: string }
  | { kind: 'prompts-differ' }
  /** The parts could not be merged. */
  | { kind: 'other-app'; app: string }

export interface PlanCheck {
  obstacles: PlanObstacle[]
  dataset: Dataset | null
  model: RunPlan['model'] | null
}

/** Looks for everything that a plan names. */
export async function checkPlan(
  plan: PlanFile,
  { models, datasets, appVersion }: { models: Models; datasets: readonly Dataset[]; appVersion: string },
): Promise<PlanCheck> {
  const obstacles: PlanObstacle[] = []
  const find = (itemsSha256: string) => datasets.find((one) => one.itemsSha256 === itemsSha256) ?? null
  const dataset = find(plan.dataset.itemsSha256)
  if (!dataset) obstacles.push({ kind: 'no-dataset', ...plan.dataset })
  if (plan.shots && !find(plan.shots.pool.itemsSha256)) {
    obstacles.push({ kind: 'no-pool', ...plan.shots.pool })
  }
  const found = findModel(models, plan)
  if (!found) obstacles.push({ kind: 'no-model', ...plan.model })
  const weights = found && knownWeights(models, found)
  if (weights && plan.weightsSha256 && weights !== plan.weightsSha256) {
    obstacles.push({ kind: 'other-weights', expected: plan.weightsSha256, found: weights })
  }
  const prompts = await sha256OfText(promptSource(plan.prompts, promptKinds(plan.protocol)))
  if (prompts !== plan.promptSha256) obstacles.push({ kind: 'prompts-differ' })
  if (plan.app !== appVersion) obstacles.push({ kind: 'other-app', app: plan.app })
  const model = found && {
    recordId: found.model.id,
    variantId: found.variant.id,
    name: found.model.name,
    quantization: found.variant.quantization,
  }
  return { obstacles, dataset, model }
}

interface FoundModel {
  model: ModelRecord
  variant: ModelVariant
}

/** By its weights, whatever it is called here; else by its name. */
function findModel(models: Models, { model, weightsSha256 }: PlanFile): FoundModel | null {
  for (const record of models.records) {
    const variant = variantsOf(record).find(
      (one) => weightsSha256 !== null && models.stored(record, one)?.fingerprint === weightsSha256,
    )
    if (variant) return { model: record, variant }
  }
  return models.find({ modelId: model.recordId, variantId: model.variantId })
}

function knownWeights(models: Models, { model, variant }: FoundModel): string | null {
  return models.stored(model, variant)?.fingerprint ?? null
}
