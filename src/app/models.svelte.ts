import {
  goldenLettersOf,
  variantsOf,
  type Catalog,
  type CatalogModel,
  type ModelRecord,
  type ModelVariant,
} from '#core/catalog'
import { bestModel, type ModelProposal } from '#core/catalog/best-model'
import type { DeviceCapabilities } from '#core/catalog/device'
import { siteLoadRequest, storedLoadRequest } from '#core/catalog/load-request'
import type { TransferRate } from '#core/catalog/transfer'
import { rankVariants, variantVerdict, type StoredBytes, type VariantChoice } from '#core/catalog/verdict'
import type { EngineDescription, EngineFailure, EngineResult, LoadRequest } from '#core/engine'
import { storedIdOf } from '#core/model/catalog-plan'
import type { ModelFailure, ModelResult } from '#core/model/failure'
import { ownRecord } from '#core/model/own-record'
import { stateOf, type StoredModel, type StoredModelId } from '#core/model/stored'
import { KERNEL_AS_IT_COMES } from '#core/numerics/settings'
import { failure, success } from '#core/result'
import type { Preferences } from '#data/db/preferences'
import type { EngineFiles } from '#worker/model-api'
import type { EngineStore } from './engine.svelte'
import { loadObstacle } from './load-obstacle'
import type { ModelJob, ModelStore } from './model-store.svelte'

/** One variant of one model, by the ids of models.json or those of a model of the user's. */
export interface ModelChoice {
  modelId: string
  variantId: string
}

/** A model in the engine. */
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
  store: Pick<
    ModelStore,
    'models' | 'find' | 'download' | 'resume' | 'engineFiles' | 'job' | 'space' | 'storedBytes'
  >
}

const LAST_CHOICE = 'lastModel'

/** The models this app knows, what this device can do with them, and the one that is loaded. */
export class Models {
  readonly #ports: ModelsPorts
  #device = $state.raw<DeviceCapabilities | null>(null)
  #selected = $state<Record<string, string>>({})
  #lastChoice = $state.raw<ModelChoice | null>(null)
  #awaited = $state.raw<ModelChoice | null>(null)
  #loading: AbortController | undefined

  readonly #storedBytes: StoredBytes = (model, variant) => {
    const stored = this.stored(model, variant)
    return stored ? this.#ports.store.storedBytes(stored.id) : 0
  }

  readonly #own = $derived.by(() =>
    this.#ports.store.models.filter((model) => !this.#inCatalog(model)).map(ownRecord),
  )

  constructor(ports: ModelsPorts) {
    this.#ports = ports
  }

  /** The catalogue's models, then those that the user brought, newest first. */
  get records(): readonly ModelRecord[] {
    return [...this.#ports.catalog.models, ...this.#own]
  }

  /** Those that write and answer: what there is to choose for a chat or a benchmark. */
  get writers(): readonly ModelRecord[] {
    return this.records.filter((model) => !isRewardModel(model))
  }

  /** Null until the device has been measured; its storage is that of this moment. */
  get device(): DeviceCapabilities | null {
    const { space } = this.#ports.store
    return this.#device && space ? { ...this.#device, storage: space } : this.#device
  }

  /** What to propose on this device; null when nothing runs, or before it has been measured. */
  get proposal(): ModelProposal | null {
    const { device } = this
    return device && bestModel(this.records, device, this.#storedBytes)
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

  /** The model that answers now; a reward model answers nothing. */
  get loaded(): LoadedModel | null {
    const { held } = this
    return held?.description.isRewardModel ? null : held
  }

  /** Whatever the engine holds, reward models included: who scores steps. */
  get held(): LoadedModel | null {
    const { state } = this.#ports.engine
    if (state.kind !== 'ready') return null
    const found = this.find(parseName(state.model.id))
    return found && { ...found, description: state.description }
  }

  /** Speed of the download that a load waits for; null while unknown. */
  get transfer(): TransferRate | null {
    return this.awaitedJob?.rate ?? null
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

  /** False for a variant that the catalogue has no longer, too: what is stored of it stays in sight. */
  #inCatalog({ catalog }: StoredModel): boolean {
    const model = this.#ports.catalog.models.find(({ id }) => id === catalog?.modelId)
    return model !== undefined && variantsOf(model).some(({ id }) => id === catalog?.variantId)
  }

  find(choice: ModelChoice | null): { model: ModelRecord; variant: ModelVariant } | null {
    const model = this.records.find(({ id }) => id === choice?.modelId)
    const variant = model && variantsOf(model).find(({ id }) => id === choice?.variantId)
    return model && variant ? { model, variant } : null
  }

  /** The variants of a model with their verdicts, best first; empty until the device has been measured. */
  choices(model: ModelRecord): VariantChoice[] {
    const { device } = this
    return device ? rankVariants(model, device, this.#storedBytes) : []
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

  /** The model whose files a load is waiting for; null when none is. */
  get awaited(): ModelChoice | null {
    return this.#awaited
  }

  /** The download that a load waits for. */
  get awaitedJob(): ModelJob | undefined {
    const found = this.find(this.#awaited)
    return found ? this.#ports.store.job(storedIdFor(found.model, found.variant)) : undefined
  }

  /** What this browser keeps of a variant, whole or on its way. */
  stored(model: ModelRecord, variant: ModelVariant): StoredModel | undefined {
    return this.#ports.store.find(storedIdFor(model, variant))
  }

  /**
   * Loads a variant in place of the model held, downloading first what is not stored. What the GPU cannot run is
   * refused before: it would fail late. Another load takes this one's place; a download under way then goes on.
   */
  async load(choice: ModelChoice, signal?: AbortSignal): Promise<EngineResult<EngineDescription>> {
    const found = this.find(choice)
    if (!found) return failure({ kind: 'model-invalid', detail: `${nameOf(choice)} is not in models.json` })
    const { model, variant } = found
    this.#device ??= await this.#ports.probe()
    const obstacle = loadObstacle(variantVerdict(variant, model.parameters, this.#device))
    if (obstacle) return failure(obstacle)
    const controller = new AbortController()
    this.#loading = controller
    const either = signal ? AbortSignal.any([signal, controller.signal]) : controller.signal
    const request = await this.#withKernel(await this.#requestFor(choice, found, either))
    if (this.#loading !== controller || either.aborted) return failure({ kind: 'aborted' })
    if (!request.ok) return request
    const name = { id: nameOf(choice), name: model.name }
    const result = await this.#ports.engine.load(name, request.value, either)
    // It is taken again for a chat or a benchmark.
    if (result.ok && !isRewardModel(model)) {
      this.#lastChoice = choice
      await this.#ports.preferences.set(LAST_CHOICE, nameOf(choice))
    }
    return result
  }

  /** Ends a load; a download that it began is paused. */
  cancelLoad(): void {
    this.#loading?.abort()
    this.#ports.engine.cancelLoad()
  }

  unload(): Promise<void> {
    return this.#ports.engine.unload()
  }

  async #requestFor(
    choice: ModelChoice,
    { model, variant }: { model: ModelRecord; variant: ModelVariant },
    signal: AbortSignal,
  ): Promise<EngineResult<LoadRequest>> {
    const site = siteLoadRequest(variant)
    if (site) return success(site)
    this.#awaited = choice
    const files = await this.#obtain(model, variant, signal)
    if (this.#awaited === choice) this.#awaited = null
    if (!files.ok) return failure(engineFailure(files.failure))
    const request = storedLoadRequest(files.value.model, files.value.files, goldenLettersOf(variant))
    return request
      ? success(request)
      : failure({ kind: 'model-invalid', detail: 'Its files are not complete.' })
  }

  /** The attention kernel is corrected unless the user wants it as it comes. */
  async #withKernel(request: EngineResult<LoadRequest>): Promise<EngineResult<LoadRequest>> {
    if (!request.ok || request.value.engine !== 'webllm') return request
    const asItComes = (await this.#ports.preferences.get(KERNEL_AS_IT_COMES)) === true
    return asItComes ? success({ ...request.value, mergeBarrier: false }) : request
  }

  /** The files of a variant, downloaded or repaired if need be. */
  async #obtain(
    model: ModelRecord,
    variant: ModelVariant,
    signal: AbortSignal,
  ): Promise<ModelResult<EngineFiles>> {
    const { store } = this.#ports
    let stored = this.stored(model, variant)
    if (!stored || stateOf(stored) !== 'complete') {
      const obtained =
        'storedId' in variant
          ? await store.resume(variant.storedId, signal)
          : await store.download(model as CatalogModel, variant, signal)
      if (!obtained.ok) return obtained
      stored = obtained.value
    }
    return store.engineFiles(stored.id)
  }
}

export function isRewardModel(model: ModelRecord): boolean {
  return 'isRewardModel' in model && model.isRewardModel === true
}

function storedIdFor(model: ModelRecord, variant: ModelVariant): StoredModelId {
  return 'storedId' in variant ? variant.storedId : storedIdOf({ modelId: model.id, variantId: variant.id })
}

function engineFailure(reason: ModelFailure): EngineFailure {
  return reason.kind === 'aborted' ? { kind: 'aborted' } : { kind: 'model-unavailable', failure: reason }
}

function nameOf({ modelId, variantId }: ModelChoice): string {
  return `${modelId}/${variantId}`
}

/** The id of a model of the user's has slashes, that of a variant has none. */
function parseName(name: string): ModelChoice | null {
  const at = name.lastIndexOf('/')
  const [modelId, variantId] = [name.slice(0, Math.max(0, at)), name.slice(at + 1)]
  return modelId && variantId ? { modelId, variantId } : null
}
