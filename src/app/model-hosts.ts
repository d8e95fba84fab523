import { catalogSource, planOf } from '#core/model/catalog-plan'
import type { CatalogModel, CatalogVariant } from '#core/catalog'
import type { ModelResult } from '#core/model/failure'
import { addressesOfFiles, addressesOfLibrary, addressesOfSource } from '#core/model/reached'
import type { ModelPlan, StoredModel } from '#core/model/stored'
import { success } from '#core/result'
import type { NamedFile, RemoteSource } from '#worker/model-api'
import type { HostGate } from './privacy.svelte'

type Work<Value> = () => Promise<ModelResult<Value>>

/** Work on models that reaches hosts: what is begun names them on the screen, so they are chosen then. */
export class ModelHosts {
  readonly #gate: Pick<HostGate, 'admit'>
  readonly #mirror: () => string | null

  constructor(gate: Pick<HostGate, 'admit'>, mirror: () => string | null) {
    this.#gate = gate
    this.#mirror = mirror
  }

  /** Fetches what a plan or model lacks. */
  async fetching<Value>(model: ModelPlan | StoredModel, work: Work<Value>): Promise<ModelResult<Value>> {
    return this.#reaching(addressesOfFiles(model, this.#mirror()), work)
  }

  /** Looks at an address; null library: one is chosen. */
  async looking<Value>(
    { address, libraryUrl, adapters = [] }: Pick<RemoteSource, 'address' | 'libraryUrl' | 'adapters'>,
    work: Work<Value>,
  ): Promise<ModelResult<Value>> {
    return this.#reaching(addressesOfSource(address, libraryUrl, this.#mirror(), adapters), work)
  }

  /** The plan of a variant; the files of an MLC model are found at its address. */
  async planning(
    model: CatalogModel,
    variant: CatalogVariant,
    inspect: (source: { address: string; libraryUrl: string }) => Promise<ModelResult<ModelPlan>>,
  ): Promise<ModelResult<ModelPlan>> {
    const source = catalogSource(variant)
    if (!source) return success(planOf(model, variant, null))
    const found = await this.looking(source, () => inspect(source))
    return found.ok ? success(planOf(model, variant, found.value)) : found
  }

  /** Stores chosen files. That works while the app is locked, too: the worker says so if it lacks a library then. */
  async storing<Value>(
    plan: ModelPlan,
    files: readonly NamedFile[],
    library: File | null,
    work: Work<Value>,
  ): Promise<ModelResult<Value>> {
    const chosen = [...files.map(({ path }) => path), ...(library ? [library.name] : [])]
    await this.#gate.admit(addressesOfLibrary(plan.files, chosen, this.#mirror()))
    return work()
  }

  async #reaching<Value>(addresses: readonly string[], work: Work<Value>): Promise<ModelResult<Value>> {
    const admitted = await this.#gate.admit(addresses)
    return admitted.ok ? work() : admitted
  }
}
