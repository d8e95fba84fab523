import { variantsOf, type Catalog, type ModelRecord, type ModelVariant } from '#core/catalog'
import type { DeviceCapabilities } from '#core/catalog/device'
import { loadRequest } from '#core/catalog/load-request'
import { addSample, transferRate, type TransferRate, type TransferSample } from '#core/catalog/transfer'
import { rankVariants, variantVerdict, type VariantChoice, type VariantVerdict } from '#core/catalog/verdict'
import type { EngineDescription, EngineFailure, EngineResult, LoadProgress } from '#core/engine'
import { failure } from '#core/result'
import type { Preferences } from '#data/db/preferences'
import type { EngineStore } from './engine.svelte'

/** One variant of one model, by the ids of models.json. */
export interface ModelChoice {
  modelId: string
  variantId: string
}

/** The model that answers now. */
export interface LoadedModel {
  model: ModelRecord
  variant: ModelVariant
  description: EngineDescription
}

export interface ModelsPorts {
  catalog: Catalog
  engine: EngineStore
  preferences: Pick<Preferences, 'get' | 'set'>
  probe: () => Promise<DeviceCapabilities>
  /** Milliseconds, for the speed of downloads. */
  now: () => number
}

const LAST_CHOICE = 'lastModel'

/** The models this app knows, what this device can do with them, and the one that is loaded. */
export class Models {
  readonly #ports: ModelsPorts
  #device = $state.raw<DeviceCapabilities | null>(null)
  #selected = $state<Record<string, string>>({})
  #lastChoice = $state.raw<ModelChoice | null>(null)
  #samples = $state.raw<TransferSample[]>([])

  constructor(ports: ModelsPorts) {
    this.#ports = ports
  }

  get records(): readonly ModelRecord[] {
    return this.#ports.catalog.models
  }

  /** Null until the device has been measured. */
  get device(): DeviceCapabilities | null {
    return this.#device
  }

  get builtIn(): ModelRecord {
    const record = this.records.find(({ availability }) => availability.kind === 'built-in')
    if (!record) throw new Error('models.json has no built-in model')
    return record
  }

  /** What was loaded last, in this or an earlier visit. */
  get lastChoice(): ModelChoice | null {
    return this.#lastChoice
  }

  get loaded(): LoadedModel | null {
    const { state } = this.#ports.engine
    if (state.kind !== 'ready') return null
    const found = this.find(parseName(state.model.id))
    return found && { ...found, description: state.description }
  }

  /** Speed of the download under way; null while unknown. */
  get transfer(): TransferRate | null {
    const { state } = this.#ports.engine
    const progress = state.kind === 'loading' ? state.progress : undefined
    return progress?.kind === 'downloading' ? transferRate(this.#samples, progress.totalBytes) : null
  }

  /** Measures the device and reads the last choice; safe to call again. */
  async restore(): Promise<void> {
    const [device, stored] = await Promise.all([
      this.#ports.probe(),
      this.#ports.preferences.get(LAST_CHOICE),
    ])
    this.#device = device
    const choice = typeof stored === 'string' ? parseName(stored) : null
    if (!choice || !this.find(choice)) return
    this.#lastChoice = choice
    this.#selected[choice.modelId] ??= choice.variantId
  }

  find(choice: ModelChoice | null): { model: ModelRecord; variant: ModelVariant } | null {
    const model = this.records.find(({ id }) => id === choice?.modelId)
    const variant = model && variantsOf(model).find(({ id }) => id === choice?.variantId)
    return model && variant ? { model, variant } : null
  }

  /** The variants of a model with their verdicts, best first; empty until the device has been measured. */
  choices(model: ModelRecord): VariantChoice[] {
    return this.#device ? rankVariants(model, this.#device) : []
  }

  /** The variant the user picked, else the best one that this device can run. */
  selected(model: ModelRecord): VariantChoice | undefined {
    const runnable = this.choices(model).filter(({ verdict }) => verdict.kind !== 'cannot')
    return runnable.find(({ variant }) => variant.id === this.#selected[model.id]) ?? runnable[0]
  }

  select(modelId: string, variantId: string): void {
    this.#selected[modelId] = variantId
  }

  /** What the engine holds or is loading, as ids; null when nothing. */
  get current(): ModelChoice | null {
    const { state } = this.#ports.engine
    return state.kind === 'idle' ? null : parseName(state.model.id)
  }

  /** Loads a variant in place of the model held. What the GPU cannot run is refused here: it would fail late. */
  async load(choice: ModelChoice, signal?: AbortSignal): Promise<EngineResult<EngineDescription>> {
    const found = this.find(choice)
    if (!found) return failure({ kind: 'model-invalid', detail: `${nameOf(choice)} is not in models.json` })
    const { model, variant } = found
    this.#device ??= await this.#ports.probe()
    const obstacle = gpuObstacle(variantVerdict(variant, model.parameters, this.#device))
    if (obstacle) return failure(obstacle)
    this.#samples = []
    const name = { id: nameOf(choice), name: model.name }
    const result = await this.#ports.engine.load(name, loadRequest(variant), signal, (progress) =>
      this.#measure(progress),
    )
    if (result.ok) {
      this.#lastChoice = choice
      await this.#ports.preferences.set(LAST_CHOICE, nameOf(choice))
    }
    return result
  }

  cancelLoad(): void {
    this.#ports.engine.cancelLoad()
  }

  unload(): Promise<void> {
    return this.#ports.engine.unload()
  }

  #measure(progress: LoadProgress): void {
    if (progress.kind !== 'downloading') return
    this.#samples = addSample(this.#samples, {
      at: this.#ports.now(),
      loadedBytes: progress.loadedBytes,
    })
  }
}

function nameOf({ modelId, variantId }: ModelChoice): string {
  return `${modelId}/${variantId}`
}

function parseName(name: string): ModelChoice | null {
  const [modelId, variantId] = name.split('/')
  return modelId && variantId ? { modelId, variantId } : null
}

function gpuObstacle(verdict: VariantVerdict): EngineFailure | null {
  if (verdict.kind !== 'cannot') return null
  if (verdict.reason.kind === 'webgpu') return { kind: 'webgpu-unavailable', reason: verdict.reason.reason }
  if (verdict.reason.kind === 'shader-f16') return { kind: 'feature-missing', feature: 'shader-f16' }
  return null
}
