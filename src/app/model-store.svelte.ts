import type { CatalogModel, CatalogVariant } from '#core/catalog'
import { storedIdOf } from '#core/model/catalog-plan'
import type { ModelFailure, ModelResult } from '#core/model/failure'
import type { ModelPlan, StoredModel, StoredModelId } from '#core/model/stored'
import { failure } from '#core/result'
import type { Preferences } from '#data/db/preferences'
import type { ModelDatabase } from '#data/db/models'
import type { ModelFiles } from '#data/model-files'
import type { Access, HubToken } from '#core/transfer/hub-token'
import type { AddressFinding, EngineFiles, ModelProgress, NamedFile, RemoteSource } from '#worker/model-api'
import { HubTokens } from './hub-tokens.svelte'
import type { ModelDoor } from './model-client'
import { ModelConversions } from './model-conversions'
import { ModelHosts } from './model-hosts'
import { ModelMirror } from './model-mirror.svelte'
import { orAborted } from './or-aborted'
import type { HostGate } from './privacy.svelte'
import { ModelJobs, type ModelJob, type ModelJobKind } from './model-jobs.svelte'
import type { StorageStatus } from './storage-status'

export type { ModelJob, ModelJobKind } from './model-jobs.svelte'
export type { ModelPlan, StoredModel, StoredModelId } from '#core/model/stored'
export type { ModelProgress, NamedFile } from '#worker/model-api'

export interface ModelStorePorts {
  door: ModelDoor
  hosts: Pick<HostGate, 'admit'>
  database: Pick<ModelDatabase, 'list'>
  preferences: Pick<Preferences, 'get' | 'set' | 'remove'>
  files: Pick<ModelFiles, 'storedBytes'>
  storageStatus: () => Promise<StorageStatus>
  requestPersistence: () => Promise<boolean>
  /** Tells other tabs that models changed, and hears it from them. */
  channel: { tell(): void; hear(listener: () => void): void }
  /** Milliseconds, for speeds. */
  now: () => number
}

type OnProgress = (progress: ModelProgress) => void

/** The models that this browser keeps, and everything that is done to them. */
export class ModelStore {
  readonly tokens: HubTokens
  readonly conversions: ModelConversions
  readonly #ports: ModelStorePorts
  readonly #jobs: ModelJobs
  readonly #hosts: ModelHosts
  readonly #mirror: ModelMirror
  #models = $state.raw<readonly StoredModel[]>([])
  #bytes = $state.raw<Partial<Record<StoredModelId, number>>>({})
  #space = $state.raw<StorageStatus | null>(null)
  #persistence = $state<'granted' | 'refused' | null>(null)

  constructor(ports: ModelStorePorts) {
    this.#ports = ports
    this.#jobs = new ModelJobs(ports.now)
    this.#mirror = new ModelMirror(ports.preferences)
    this.#hosts = new ModelHosts(ports.hosts, () => this.mirror)
    this.tokens = new HubTokens(ports.preferences)
    this.conversions = new ModelConversions({
      door: ports.door,
      hosts: this.#hosts,
      run: async ({ id, name }, work) => {
        void this.#askToPersist()
        const result = await this.#run({ kind: 'convert', name, modelId: id }, work)
        if (result.ok) this.tokens.takeBack(id)
        return result
      },
      access: (model) => this.#access(model),
      lend: (id, token) => this.tokens.lend(id, token),
    })
    ports.channel.hear(() => void this.#read().catch((error: unknown) => console.error(error)))
  }

  /** Newest first. */
  get models(): readonly StoredModel[] {
    return this.#models
  }

  /** On disk now, partial files included. */
  storedBytes(id: StoredModelId): number {
    const progress = this.job(id)?.progress
    return progress?.kind === 'downloading' ? progress.loadedBytes : (this.#bytes[id] ?? 0)
  }

  get jobs(): readonly ModelJob[] {
    return this.#jobs.all
  }

  job(id: StoredModelId): ModelJob | undefined {
    return this.jobs.find(({ modelId }) => modelId === id)
  }

  /** How the last job on this model ended, if badly; the next job clears it. */
  failure(id: StoredModelId): ModelFailure | undefined {
    return this.#jobs.failure(id)
  }

  dismissFailure(id: StoredModelId): void {
    this.#jobs.dismissFailure(id)
  }

  /** Null until it is known. */
  get space(): StorageStatus | null {
    return this.#space
  }

  /** The browser's answer to the request not to evict; null before it was asked. */
  get persistence(): 'granted' | 'refused' | null {
    return this.#persistence
  }

  /** Asks the browser not to evict what is stored; `persistence` holds its answer. */
  async keep(): Promise<void> {
    await this.#askToPersist()
    await this.#read()
  }

  /** Stands in for the hosts of public models; see core/model/mirror. */
  get mirror(): string | null {
    return this.#mirror.address
  }

  /** False, and nothing changes, when it is not an http(s) address. */
  setMirror(address: string | null): Promise<boolean> {
    return this.#mirror.set(address)
  }

  async restore(): Promise<void> {
    await Promise.all([this.#mirror.restore(), this.#read(), this.tokens.restore()])
  }

  /** To be called where models may be imported soon: the network may be gone by then. */
  prepare(): void {
    this.#ports.door.prepare?.()
  }

  find(id: StoredModelId): StoredModel | undefined {
    return this.#models.find((model) => model.id === id)
  }

  findCatalog(choice: { modelId: string; variantId: string }): StoredModel | undefined {
    return this.#models.find(
      ({ catalog }) => catalog?.modelId === choice.modelId && catalog.variantId === choice.variantId,
    )
  }

  /**
   * Fetches a catalogue variant, going on with what is stored; joins a download of it that is under way. Aborting
   * `signal`, like `pause`, keeps what came.
   */
  async download(
    model: CatalogModel,
    variant: CatalogVariant,
    signal?: AbortSignal,
  ): Promise<ModelResult<StoredModel>> {
    const id = storedIdOf({ modelId: model.id, variantId: variant.id })
    const stored = this.find(id)
    const subject = { kind: 'download', name: stored?.name ?? model.name, modelId: id } as const
    return this.#download(
      subject,
      async (onProgress, either) => {
        const known = this.find(id)
        if (known) return this.#resume(known, onProgress, either)
        const plan = await this.#hosts.planning(model, variant, (source) => {
          onProgress({ kind: 'inspecting' })
          const access = { mirror: this.mirror, token: this.#rememberedFor(source.address) }
          return this.#ports.door.inspect({ ...source, access, family: null }, onProgress, either)
        })
        return plan.ok ? this.#fetch(plan.value, onProgress, either) : plan
      },
      signal,
    )
  }

  /** Goes on with a download or a conversion that was paused or failed. */
  resume(id: StoredModelId, signal?: AbortSignal): Promise<ModelResult<StoredModel>> {
    const model = this.find(id)
    if (!model) return Promise.resolve(failure({ kind: 'unknown-model' }))
    if (this.conversions.canGoOn(model)) return this.conversions.goOn(model)
    const subject = { kind: 'download', name: model.name, modelId: id } as const
    return this.#download(subject, (progress, either) => this.#resume(model, progress, either), signal)
  }

  /** Whether `resume` could bring what is missing or damaged: it can be fetched, or converted again. */
  canResume(model: StoredModel): boolean {
    const isFetchable = model.files.every(({ state, url }) => state === 'verified' || url !== null)
    return isFetchable || this.conversions.canGoOn(model)
  }

  /** Fetches the damaged files again, and only them. */
  repair(id: StoredModelId): Promise<ModelResult<StoredModel>> {
    return this.resume(id)
  }

  /** Ends the job on this model, whatever it is; what is stored stays. */
  pause(id: StoredModelId): void {
    void this.#jobs.end(id)
  }

  /** Ends the job on this model and frees its space. */
  async remove(id: StoredModelId): Promise<ModelResult<void>> {
    await this.#jobs.end(id)
    const removed = await this.#ports.door.remove(id)
    if (removed.ok) {
      this.#jobs.dismissFailure(id)
      this.conversions.forget(id)
      this.tokens.takeBack(id)
    } else this.#jobs.keepFailure(id, removed.failure)
    await this.#changed()
    return removed
  }

  /** Compares every stored byte with its hash. */
  verify(id: StoredModelId): Promise<ModelResult<StoredModel>> {
    return this.#onStored('verify', id, (onProgress, signal) =>
      this.#ports.door.verify(id, onProgress, signal),
    )
  }

  /** What lies at an address; see RemoteSource. Null token: the one that is remembered for its host, if any. */
  look(
    { token, ...source }: Omit<RemoteSource, 'access'> & { token: HubToken | null },
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ModelResult<AddressFinding>> {
    const access = { mirror: this.mirror, token: token ?? this.#rememberedFor(source.address) }
    return this.#hosts.looking(source, () => this.#ports.door.look({ ...source, access }, onProgress, signal))
  }

  /** Downloads an inspected plan. */
  add(plan: ModelPlan, token: HubToken | null = null): Promise<ModelResult<StoredModel>> {
    this.tokens.lend(plan.id, token)
    const subject = { kind: 'download', name: plan.name, modelId: plan.id } as const
    return this.#download(subject, (progress, signal) => this.#fetch(plan, progress, signal))
  }

  /** What chosen files are; null library: chosen from the known ones. */
  inspectFiles(
    files: readonly NamedFile[],
    library: File | null,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ModelResult<ModelPlan>> {
    return this.#ports.door.inspectFiles(files, library, onProgress, signal)
  }

  /** Copies chosen files in; `plan` is what `inspectFiles` gave for them and the library. */
  importFiles(
    plan: ModelPlan,
    files: readonly NamedFile[],
    library: File | null,
  ): Promise<ModelResult<StoredModel>> {
    void this.#askToPersist()
    return this.#run({ kind: 'import', name: plan.name, modelId: plan.id }, (onProgress, signal) =>
      this.#hosts.storing(plan, files, library, () =>
        this.#ports.door.importFiles(plan, files, library, this.mirror, onProgress, signal),
      ),
    )
  }

  exportFolder(id: StoredModelId, parent: FileSystemDirectoryHandle): Promise<ModelResult<string>> {
    return this.#onStored('export', id, (onProgress, signal) =>
      this.#ports.door.exportFolder(id, parent, onProgress, signal),
    )
  }

  exportArchive(id: StoredModelId): Promise<ModelResult<Blob>> {
    return this.#onStored('export', id, (onProgress, signal) =>
      this.#ports.door.exportArchive(id, onProgress, signal),
    )
  }

  /** The files of a complete model for the engine. */
  async engineFiles(id: StoredModelId): Promise<ModelResult<EngineFiles>> {
    const files = await this.#ports.door.engineFiles(id)
    await this.#changed()
    return files
  }

  #access(model: Pick<StoredModel, 'id' | 'origin'>): Access {
    return this.tokens.accessFor(model, this.mirror)
  }

  #rememberedFor(address: string): HubToken | null {
    return this.tokens.rememberedFor(address, this.mirror)
  }

  #fetch(plan: ModelPlan, onProgress: OnProgress, signal: AbortSignal): Promise<ModelResult<StoredModel>> {
    return this.#hosts.fetching(plan, () =>
      this.#ports.door.download(plan, this.#access(plan), onProgress, signal),
    )
  }

  #resume(
    model: StoredModel,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ModelResult<StoredModel>> {
    return this.#hosts.fetching(model, () =>
      this.#ports.door.resume(model.id, this.#access(model), onProgress, signal),
    )
  }

  #onStored<Value>(
    kind: ModelJobKind,
    id: StoredModelId,
    work: Parameters<ModelJobs['run']>[1],
  ): Promise<ModelResult<Value>> {
    const model = this.find(id)
    if (!model) return Promise.resolve(failure({ kind: 'unknown-model' }))
    return this.#run({ kind, name: model.name, modelId: id }, work) as Promise<ModelResult<Value>>
  }

  #download(
    subject: Pick<ModelJob, 'name' | 'modelId'> & { kind: 'download' },
    work: (onProgress: OnProgress, signal: AbortSignal) => Promise<ModelResult<StoredModel>>,
    signal?: AbortSignal,
  ): Promise<ModelResult<StoredModel>> {
    void this.#askToPersist()
    const joined = this.#jobs.joined(subject.modelId, 'download')
    if (!joined) return this.#run(subject, work, signal)
    // Whoever joins may leave again; the download belongs to the one who began it.
    return orAborted(joined as Promise<ModelResult<StoredModel>>, signal)
  }

  async #run<Value>(
    subject: Pick<ModelJob, 'kind' | 'name' | 'modelId'>,
    work: (onProgress: OnProgress, signal: AbortSignal) => Promise<ModelResult<Value>>,
    signal?: AbortSignal,
  ): Promise<ModelResult<Value>> {
    let stage: ModelProgress['kind'] | undefined
    const result = await this.#jobs.run(
      subject,
      async (onProgress, either) => {
        const done = await work((progress) => {
          onProgress(progress)
          // Its record has just been stored, or files of it have changed their state.
          if (progress.kind !== stage && progress.kind !== 'inspecting') void this.#changed()
          stage = progress.kind
        }, either)
        // The list tells the new state before the job goes.
        await this.#changed()
        return done
      },
      signal,
    )
    return result
  }

  async #askToPersist(): Promise<void> {
    this.#persistence = (await this.#ports.requestPersistence().catch(() => false)) ? 'granted' : 'refused'
  }

  /** Never rejects: a list that could not be read must not hide what a job came to. */
  async #changed(): Promise<void> {
    await this.#read().catch((error: unknown) => console.error(error))
    this.#ports.channel.tell()
  }

  async #read(): Promise<void> {
    const models = await this.#ports.database.list()
    const [bytes, space] = await Promise.all([
      Promise.all(models.map(async ({ id }) => [id, await this.#bytesOf(id)] as const)),
      // Some private windows refuse to say; the list is worth showing all the same.
      this.#ports.storageStatus().catch(() => null),
    ])
    this.#models = models
    this.#bytes = Object.fromEntries(bytes)
    this.#space = space
  }

  async #bytesOf(id: StoredModelId): Promise<number> {
    const sizes = await this.#ports.files.storedBytes(id)
    return [...sizes.values()].reduce((sum, bytes) => sum + bytes, 0)
  }
}
