/** Original weights that become models: from files that the user chose, or from an address. */
import type { CheckpointReview } from '#core/convert/stored-plan'
import type { ModelResult } from '#core/model/failure'
import { canConvertAgain } from '#core/model/record'
import type { ModelPlan, StoredModel, StoredModelId } from '#core/model/stored'
import type { Access, HubToken } from '#core/transfer/hub-token'
import type { ModelProgress, NamedFile } from '#worker/model-api'
import type { ModelDoor } from './model-client'
import type { ModelHosts } from './model-hosts'

type OnProgress = (progress: ModelProgress) => void
type Work = (onProgress: OnProgress, signal: AbortSignal) => Promise<ModelResult<StoredModel>>

export interface ConversionPorts {
  door: Pick<ModelDoor, 'inspectCheckpoint' | 'convertFiles' | 'convertRemote' | 'resume'>
  hosts: Pick<ModelHosts, 'fetching' | 'storing'>
  /** Does the work as a job on the model. */
  run(model: Pick<StoredModel, 'id' | 'name'>, work: Work): Promise<ModelResult<StoredModel>>
  access(model: Pick<StoredModel, 'id' | 'origin'>): Access
  lend(id: StoredModelId, token: HubToken | null): void
}

interface Chosen {
  plan: ModelPlan
  files: readonly NamedFile[]
  library: File | null
}

export class ModelConversions {
  readonly #ports: ConversionPorts
  /** The browser lets the page read chosen files as long as it is open. */
  readonly #chosen = new Map<StoredModelId, Chosen>()

  constructor(ports: ConversionPorts) {
    this.#ports = ports
  }

  /** What a chosen checkpoint could be converted into; null library: chosen from the known ones. */
  inspectFiles(
    files: readonly NamedFile[],
    library: File | null,
    family: string | null,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ModelResult<CheckpointReview>> {
    return this.#ports.door.inspectCheckpoint(files, library, family, onProgress, signal)
  }

  /** Converts a chosen checkpoint; `plan` is an offer that `inspectFiles` gave for the files and the library. */
  async convertFiles(
    plan: ModelPlan,
    files: readonly NamedFile[],
    library: File | null,
  ): Promise<ModelResult<StoredModel>> {
    this.#chosen.set(plan.id, { plan, files, library })
    const { mirror } = this.#ports.access(plan)
    const converted = await this.#ports.run(plan, (onProgress, signal) =>
      this.#ports.hosts.storing(plan, files, library, () =>
        this.#ports.door.convertFiles(plan, files, library, mirror, onProgress, signal),
      ),
    )
    if (converted.ok) this.#chosen.delete(plan.id)
    return converted
  }

  /** Converts weights at an address; `plan` is an offer of what was found there. */
  convertRemote(plan: ModelPlan, token: HubToken | null): Promise<ModelResult<StoredModel>> {
    this.#ports.lend(plan.id, token)
    const access = this.#ports.access(plan)
    return this.#ports.run(plan, (onProgress, signal) =>
      this.#ports.hosts.fetching(plan, () =>
        this.#ports.door.convertRemote(plan, access, onProgress, signal),
      ),
    )
  }

  /** Whether a conversion that was begun can go on without asking the user for anything. */
  canGoOn(model: StoredModel): boolean {
    return this.#chosen.has(model.id) || canConvertAgain(model)
  }

  /** Goes on, or makes what is damaged again. */
  goOn(model: StoredModel): Promise<ModelResult<StoredModel>> {
    const chosen = this.#chosen.get(model.id)
    if (chosen) return this.convertFiles(chosen.plan, chosen.files, chosen.library)
    const access = this.#ports.access(model)
    return this.#ports.run(model, (onProgress, signal) =>
      this.#ports.hosts.fetching(model, () => this.#ports.door.resume(model.id, access, onProgress, signal)),
    )
  }

  forget(id: StoredModelId): void {
    this.#chosen.delete(id)
  }
}
