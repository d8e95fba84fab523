import { proxy, type Remote } from 'comlink'
import type { CheckpointReview } from '#core/convert/stored-plan'
import type { ModelResult } from '#core/model/failure'
import type { ModelPlan, StoredModel, StoredModelId } from '#core/model/stored'
import { failure } from '#core/result'
import type { Access } from '#core/transfer/hub-token'
import type {
  AddressFinding,
  EngineFiles,
  ModelProgress,
  ModelRequestId,
  ModelWorkerApi,
  ModelWorkerEvent,
  NamedFile,
  RemoteSource,
} from '#worker/model-api'
import type { HostGate } from './privacy.svelte'
import { callSession, openSession, type WorkerSession } from './worker-session'

type OnProgress = (progress: ModelProgress) => void

/** What the model worker does, as the page sees it. An abort keeps what is stored. */
export interface ModelDoor {
  /** Starts the worker, so that it is there if the network goes away before it is needed. */
  prepare?(): void
  inspect(source: RemoteSource, onProgress: OnProgress, signal: AbortSignal): Promise<ModelResult<ModelPlan>>
  look(
    source: RemoteSource,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ModelResult<AddressFinding>>
  download(
    plan: ModelPlan,
    access: Access,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ModelResult<StoredModel>>
  resume(
    id: StoredModelId,
    access: Access,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ModelResult<StoredModel>>
  convertRemote(
    plan: ModelPlan,
    access: Access,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ModelResult<StoredModel>>
  verify(id: StoredModelId, onProgress: OnProgress, signal: AbortSignal): Promise<ModelResult<StoredModel>>
  remove(id: StoredModelId): Promise<ModelResult<void>>
  inspectFiles(
    files: readonly NamedFile[],
    library: File | null,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ModelResult<ModelPlan>>
  importFiles(
    plan: ModelPlan,
    files: readonly NamedFile[],
    library: File | null,
    mirror: string | null,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ModelResult<StoredModel>>
  inspectCheckpoint(
    files: readonly NamedFile[],
    library: File | null,
    family: string | null,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ModelResult<CheckpointReview>>
  convertFiles(
    plan: ModelPlan,
    files: readonly NamedFile[],
    library: File | null,
    mirror: string | null,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ModelResult<StoredModel>>
  engineFiles(id: StoredModelId): Promise<ModelResult<EngineFiles>>
  exportFolder(
    id: StoredModelId,
    parent: FileSystemDirectoryHandle,
    onProgress: OnProgress,
    signal: AbortSignal,
  ): Promise<ModelResult<string>>
  exportArchive(id: StoredModelId, onProgress: OnProgress, signal: AbortSignal): Promise<ModelResult<Blob>>
}

/** A cancelled job has to end a write and close its files; a worker that takes longer is replaced. */
const CANCEL_GRACE_MS = 20_000

export interface ModelClientOptions {
  databaseName: string
  hosts: Pick<HostGate, 'reach'>
  spawn?: () => Worker
  cancelGraceMs?: number
}

function spawnModelWorker(): Worker {
  return new Worker(new URL('../worker/models.ts', import.meta.url), {
    type: 'module',
    name: 'somnus-models',
  })
}

/** A worker, the reach of the policy under which it started, and how many calls it has not answered. */
interface Open extends WorkerSession<ModelWorkerApi> {
  reach: string
  calls: number
}

/**
 * The door to the model worker, which may die and be replaced: downloads go on where they were. A worker keeps the
 * policy that it started with, so when other hosts may be reached, what begins then gets a new one.
 */
export class ModelClient implements ModelDoor {
  #session: Open | undefined
  #lastRequest = 0
  readonly #listeners = new Map<ModelRequestId, OnProgress>()
  readonly #databaseName: string
  readonly #hosts: Pick<HostGate, 'reach'>
  readonly #spawn: () => Worker
  readonly #cancelGraceMs: number

  constructor(options: ModelClientOptions) {
    this.#databaseName = options.databaseName
    this.#hosts = options.hosts
    this.#spawn = options.spawn ?? spawnModelWorker
    this.#cancelGraceMs = options.cancelGraceMs ?? CANCEL_GRACE_MS
  }

  prepare() {
    this.#current()
  }

  inspect(source: RemoteSource, onProgress: OnProgress, signal: AbortSignal) {
    return this.#call((api, id) => api.inspect(id, source), onProgress, signal)
  }

  look(source: RemoteSource, onProgress: OnProgress, signal: AbortSignal) {
    return this.#call((api, id) => api.look(id, source), onProgress, signal)
  }

  download(plan: ModelPlan, access: Access, onProgress: OnProgress, signal: AbortSignal) {
    return this.#call((api, id) => api.download(id, plan, access), onProgress, signal)
  }

  resume(model: StoredModelId, access: Access, onProgress: OnProgress, signal: AbortSignal) {
    return this.#call((api, id) => api.resume(id, model, access), onProgress, signal)
  }

  convertRemote(plan: ModelPlan, access: Access, onProgress: OnProgress, signal: AbortSignal) {
    return this.#call((api, id) => api.convertRemote(id, plan, access), onProgress, signal)
  }

  verify(model: StoredModelId, onProgress: OnProgress, signal: AbortSignal) {
    return this.#call((api, id) => api.verify(id, model), onProgress, signal)
  }

  remove(model: StoredModelId) {
    return this.#call((api) => api.remove(model))
  }

  inspectFiles(
    files: readonly NamedFile[],
    library: File | null,
    onProgress: OnProgress,
    signal: AbortSignal,
  ) {
    return this.#call((api, id) => api.inspectFiles(id, files, library), onProgress, signal)
  }

  importFiles(
    plan: ModelPlan,
    files: readonly NamedFile[],
    library: File | null,
    mirror: string | null,
    onProgress: OnProgress,
    signal: AbortSignal,
  ) {
    return this.#call((api, id) => api.importFiles(id, plan, files, library, mirror), onProgress, signal)
  }

  inspectCheckpoint(
    files: readonly NamedFile[],
    library: File | null,
    family: string | null,
    onProgress: OnProgress,
    signal: AbortSignal,
  ) {
    return this.#call((api, id) => api.inspectCheckpoint(id, files, library, family), onProgress, signal)
  }

  convertFiles(
    plan: ModelPlan,
    files: readonly NamedFile[],
    library: File | null,
    mirror: string | null,
    onProgress: OnProgress,
    signal: AbortSignal,
  ) {
    return this.#call((api, id) => api.convertFiles(id, plan, files, library, mirror), onProgress, signal)
  }

  engineFiles(model: StoredModelId) {
    return this.#call((api) => api.engineFiles(model))
  }

  exportFolder(
    model: StoredModelId,
    parent: FileSystemDirectoryHandle,
    onProgress: OnProgress,
    signal: AbortSignal,
  ) {
    return this.#call((api, id) => api.exportFolder(id, model, parent), onProgress, signal)
  }

  exportArchive(model: StoredModelId, onProgress: OnProgress, signal: AbortSignal) {
    return this.#call((api, id) => api.exportArchive(id, model), onProgress, signal)
  }

  async #call<Value>(
    start: (api: Remote<ModelWorkerApi>, id: ModelRequestId) => Promise<ModelResult<Value>>,
    onProgress: OnProgress = () => undefined,
    signal = new AbortController().signal,
  ): Promise<ModelResult<Value>> {
    if (signal.aborted) return failure({ kind: 'aborted' })
    const id = (this.#lastRequest += 1) as ModelRequestId
    this.#listeners.set(id, onProgress)
    const session = this.#current()
    session.calls += 1
    try {
      return await callSession<ModelWorkerApi, ModelResult<Value>>(
        session,
        {
          start: (api) => start(api, id),
          cancel: (api) => api.cancel(id),
          graceMs: this.#cancelGraceMs,
          aborted: failure({ kind: 'aborted' }),
          lost: (detail) => failure({ kind: 'worker-lost', detail }),
        },
        signal,
      )
    } catch (error) {
      return failure({ kind: 'worker-lost', detail: String(error) })
    } finally {
      this.#listeners.delete(id)
      session.calls -= 1
      this.#endReplaced(session)
    }
  }

  #current(): Open {
    const { reach } = this.#hosts
    const before = this.#session
    if (before?.reach === reach) return before
    this.#session = this.#open(reach)
    if (before) this.#endReplaced(before)
    return this.#session
  }

  /** To be called when other hosts may be reached: a worker that has nothing to do does not keep its old policy. */
  reachChanged(): void {
    const before = this.#session
    if (!before || before.reach === this.#hosts.reach) return
    this.#session = undefined
    this.#endReplaced(before)
  }

  #endReplaced(session: Open): void {
    if (session !== this.#session && session.calls === 0) session.end('Another one has taken its place.')
  }

  #open(reach: string): Open {
    const listener = ({ request, progress }: ModelWorkerEvent) => this.#listeners.get(request)?.(progress)
    const opened = openSession<ModelWorkerApi>(
      this.#spawn(),
      'somnus-models',
      (api, lockName) => api.open(lockName, this.#databaseName, proxy(listener)),
      () => {
        if (this.#session === session) this.#session = undefined
      },
    )
    const session: Open = { ...opened, reach, calls: 0 }
    return session
  }
}
