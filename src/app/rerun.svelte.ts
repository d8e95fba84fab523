import { variantsOf, type ModelRecord, type ModelVariant } from '#core/catalog'
import type { Dataset } from '#core/dataset/item'
import type { EngineFailure } from '#core/engine'
import { drawAgain, rerunRequest } from '#core/receipt/rerun'
import { failure, success, type Result } from '#core/result'
import type { RunPlan } from '#core/run/types'
import type { RunRecord } from '#data/db/runs'
import type { ModelChoice, Models } from './models.svelte'
import { runModels } from './run-models'
import type { Runs } from './runs.svelte'

/** Why a share of a run cannot be asked again here. */
export type RerunProblem =
  | { kind: 'no-dataset'; name: string; itemsSha256: string }
  | { kind: 'no-model'; name: string; quantization: string; weights: string }
  /** The variant of that name is here, but its weights are others. */
  | { kind: 'other-weights'; expected: string; found: string }
  /** The worked examples came without their texts, and their pool is not here. */
  | { kind: 'no-examples'; pool: string }
  | { kind: 'model-failed'; failure: EngineFailure }

export type RerunState =
  { kind: 'idle' } | { kind: 'loading' } | { kind: 'started' } | { kind: 'failed'; problem: RerunProblem }

export interface RerunPorts {
  runs: Pick<Runs, 'start' | 'active'>
  models: Models
  datasets: { readonly list: readonly Dataset[] }
}

/** Asks a share of a run's items again on this device. */
export class Rerun {
  readonly #record: RunRecord
  readonly #ports: RerunPorts
  #state = $state.raw<RerunState>({ kind: 'idle' })

  constructor(record: RunRecord, ports: RerunPorts) {
    this.#record = record
    this.#ports = ports
  }

  get state(): RerunState {
    return this.#state
  }

  /** Items that can be asked again. */
  get available(): number {
    return this.#record.answers.length
  }

  /** Loads the run's model, compares its weights and asks so many of its items again; true once it is on its way. */
  async start(count: number, seed: number): Promise<boolean> {
    this.#state = { kind: 'loading' }
    const { plan, answers } = this.#record
    const ready = await this.#prepare()
    if (!ready.ok) {
      this.#state = { kind: 'failed', problem: ready.failure }
      return false
    }
    const positions = drawAgain(answers, count, seed)
    void this.#ports.runs.start(rerunRequest(plan, positions, answers.length, ready.value))
    this.#state = { kind: 'started' }
    return true
  }

  async #prepare(): Promise<Result<{ model: RunPlan['model']; dataset: Dataset }, RerunProblem>> {
    const { plan, starts } = this.#record
    const { datasets, models } = this.#ports
    const { name, itemsSha256 } = plan.dataset
    const dataset = datasets.list.find((one) => one.itemsSha256 === itemsSha256)
    if (!dataset) return failure({ kind: 'no-dataset', name, itemsSha256 })
    if (plan.shots?.items.some(({ withheld }) => withheld !== undefined)) {
      return failure({ kind: 'no-examples', pool: plan.shots.pool.name })
    }
    const weights = starts[0]?.engine.fingerprint ?? ''
    const found = findWeights(models, plan.model, weights)
    if (!found) return failure({ kind: 'no-model', ...plan.model, weights })
    const { model, variant } = found
    const here = {
      recordId: model.id,
      variantId: variant.id,
      name: model.name,
      quantization: variant.quantization,
    }
    const loaded = await runModels(models).ensureLoaded(here, new AbortController().signal)
    if (!loaded.ok) {
      return failure(
        loaded.failure.kind === 'model-unknown'
          ? { kind: 'no-model', ...plan.model, weights }
          : { kind: 'model-failed', failure: loaded.failure },
      )
    }
    const { fingerprint } = loaded.value
    if (fingerprint !== weights)
      return failure({ kind: 'other-weights', expected: weights, found: fingerprint })
    return success({ model: here, dataset })
  }
}

/** A variant whose stored weights are these, whatever its name here; else the one of the run's name. */
function findWeights(
  models: Models,
  { recordId, variantId }: RunPlan['model'],
  weights: string,
): { model: ModelRecord; variant: ModelVariant } | null {
  for (const model of models.records) {
    const variant = variantsOf(model).find((one) => models.stored(model, one)?.fingerprint === weights)
    if (variant) return { model, variant }
  }
  const named: ModelChoice = { modelId: recordId, variantId }
  return models.find(named)
}
