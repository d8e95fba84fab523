import { variantsOf } from '#core/catalog'
import type { DeviceCapabilities } from '#core/catalog/device'
import { variantVerdict, type VariantVerdict } from '#core/catalog/verdict'
import { checkpointAmong } from '#core/convert/checkpoint-files'
import type { CheckpointReview } from '#core/convert/stored-plan'
import type { ModelFailure, ModelResult } from '#core/model/failure'
import { ownRecord } from '#core/model/own-record'
import type { ModelPlan, StoredModel } from '#core/model/stored'
import type { HubToken } from '#core/transfer/hub-token'
import type { ModelProgress, ModelStore, NamedFile } from './model-store.svelte'

export type AddingState =
  | { kind: 'idle' }
  /** Finding out what was named or chosen. */
  | { kind: 'looking'; progress: ModelProgress | null }
  /** `files` are what the plan was made from; null for one that is to be downloaded. */
  | { kind: 'review'; plan: ModelPlan; files: readonly NamedFile[] | null }
  /** A checkpoint, which has to be converted; `files` as above. */
  | { kind: 'checkpoint'; checkpoint: CheckpointReview; files: readonly NamedFile[] | null }
  /** A LoRA adapter lies at the address; `base`: what it says it was trained on. */
  | { kind: 'adapter'; address: string; base: string | null }
  | { kind: 'failed'; failure: ModelFailure }

export type AddingStore = Pick<
  ModelStore,
  'models' | 'look' | 'inspectFiles' | 'add' | 'importFiles' | 'conversions' | 'find'
>

/** What the user said besides naming files or an address. */
export interface AddingChoices {
  /** The kind of conversation template, where none is recognised. */
  family: string | null
  /** For a host that does not give its files to everyone. */
  token: HubToken | null
  /** The address of a LoRA adapter that is to be merged into original weights; empty for none. */
  adapter: string
}

const NO_CHOICES: AddingChoices = { family: null, token: null, adapter: '' }

/** A model on its way into the store: looked at, shown to the user, then downloaded or copied. */
export class ModelAdding {
  readonly #store: AddingStore
  #state = $state.raw<AddingState>({ kind: 'idle' })
  #looking: AbortController | undefined
  /** Chosen beside the files under review. */
  #library: File | null = null
  #token: HubToken | null = null
  #again: (choices: Partial<AddingChoices>) => Promise<void> = () => Promise.resolve()

  constructor(store: AddingStore) {
    this.#store = store
  }

  get state(): AddingState {
    return this.#state
  }

  /** Whether confirming the plan goes on with, or replaces files of, a model that is stored already. */
  get isStored(): boolean {
    return this.#state.kind === 'review' && this.#store.find(this.#state.plan.id) !== undefined
  }

  /** Looks at an address; an empty library lets the worker choose one. */
  lookAtAddress(address: string, library: string, more: Partial<AddingChoices> = {}): Promise<void> {
    const choices = { ...NO_CHOICES, ...more }
    const { family, token } = choices
    const adapter = choices.adapter.trim()
    const source = {
      ...{ address: address.trim(), libraryUrl: library.trim() || null, family, token },
      ...(adapter !== '' && { adapters: [adapter] }),
    }
    this.#token = choices.token
    this.#again = (other) => this.lookAtAddress(address, library, { ...choices, ...other })
    return this.#look(
      (signal, onProgress) => this.#store.look(source, onProgress, signal),
      (found) => {
        if (found.kind === 'model') return { kind: 'review', plan: found.plan, files: null }
        if (found.kind === 'adapter') return { kind: 'adapter', address: source.address, base: found.base }
        return { kind: 'checkpoint', checkpoint: found.review, files: null }
      },
    )
  }

  /** Looks at files of any kind; a checkpoint is told from their names. */
  lookAtFiles(files: readonly NamedFile[], library: File | null, choices = NO_CHOICES): Promise<void> {
    this.#library = library
    this.#token = null
    this.#again = (more) => this.lookAtFiles(files, library, { ...choices, ...more })
    const { conversions } = this.#store
    if (checkpointAmong(files.map(({ path }) => path)))
      return this.#look(
        (signal, onProgress) => conversions.inspectFiles(files, library, choices.family, onProgress, signal),
        (checkpoint) => ({ kind: 'checkpoint', checkpoint, files }),
      )
    return this.#look(
      (signal, onProgress) => this.#store.inspectFiles(files, library, onProgress, signal),
      (plan) => ({ kind: 'review', plan, files }),
    )
  }

  /** Looks again at what failed, with what it lacked. */
  lookAgain(choices: Partial<AddingChoices>): Promise<void> {
    return this.#again(choices)
  }

  /** Stores what is under review, under a name of the user's; null when it ended badly or early. */
  async confirm(name: string): Promise<StoredModel | null> {
    if (this.#state.kind !== 'review') return null
    const { files } = this.#state
    const plan = { ...this.#state.plan, name: name.trim() || this.#state.plan.name }
    this.#state = { kind: 'idle' }
    return this.#ended(
      plan,
      files ? this.#store.importFiles(plan, files, this.#library) : this.#store.add(plan, this.#token),
    )
  }

  /** Converts the checkpoint under review as `offered`, one of its offers; null when it ended badly or early. */
  async convert(offered: ModelPlan, name: string): Promise<StoredModel | null> {
    if (this.#state.kind !== 'checkpoint') return null
    const { files } = this.#state
    const plan = { ...offered, name: name.trim() || offered.name }
    this.#state = { kind: 'idle' }
    const { conversions } = this.#store
    return this.#ended(
      plan,
      files
        ? conversions.convertFiles(plan, files, this.#library)
        : conversions.convertRemote(plan, this.#token),
    )
  }

  async #ended(plan: ModelPlan, ending: Promise<ModelResult<StoredModel>>): Promise<StoredModel | null> {
    const result = await ending
    if (result.ok) return result.value
    // A model that has a record tells its failure itself.
    const isListed = this.#store.find(plan.id) !== undefined
    if (!isListed && result.failure.kind !== 'aborted') this.#fail(result.failure)
    return null
  }

  /** Gives up, or takes the outcome off the screen. */
  cancel(): void {
    this.#looking?.abort()
    this.#looking = undefined
    this.#state = { kind: 'idle' }
  }

  /** Shows why files could not even be read. */
  fail(reason: ModelFailure): void {
    this.cancel()
    this.#fail(reason)
  }

  async #look<Found>(
    inspect: (
      signal: AbortSignal,
      onProgress: (progress: ModelProgress) => void,
    ) => Promise<ModelResult<Found>>,
    reviewOf: (found: Found) => AddingState,
  ): Promise<void> {
    this.cancel()
    const controller = new AbortController()
    this.#looking = controller
    this.#state = { kind: 'looking', progress: null }
    const result = await inspect(controller.signal, (progress) => {
      if (this.#looking === controller) this.#state = { kind: 'looking', progress }
    })
    if (this.#looking !== controller) return
    this.#looking = undefined
    if (result.ok) this.#state = reviewOf(result.value)
    else this.#fail(result.failure)
  }

  #fail(failure: ModelFailure): void {
    this.#state = failure.kind === 'aborted' ? { kind: 'idle' } : { kind: 'failed', failure }
  }
}

/** Whether a planned model would run on the device; null for a plan without a variant, which is a bug. */
export function planVerdict(plan: ModelPlan, device: DeviceCapabilities): VariantVerdict | null {
  const record = ownRecord({
    ...plan,
    files: plan.files.map((file) => ({ ...file, state: 'absent', sha256: null, etag: null })),
    fingerprint: null,
    addedAt: 0,
    completedAt: null,
    verifiedAt: null,
    lastUsedAt: null,
  })
  const [variant] = variantsOf(record)
  return variant ? variantVerdict(variant, record.parameters, device) : null
}
