import { SvelteMap } from 'svelte/reactivity'
import { addSample, transferRate, type TransferRate, type TransferSample } from '#core/catalog/transfer'
import type { ModelFailure, ModelResult } from '#core/model/failure'
import type { StoredModelId } from '#core/model/stored'
import { failure } from '#core/result'
import type { ModelProgress } from '#worker/model-api'

export type ModelJobKind = 'download' | 'verify' | 'import' | 'convert' | 'export'

/** What is being done to one model in this tab. */
export interface ModelJob {
  kind: ModelJobKind
  name: string
  modelId: StoredModelId
  /** Null until the worker says something. */
  progress: ModelProgress | null
  /** Null while unknown. */
  rate: TransferRate | null
}

type Subject = Pick<ModelJob, 'kind' | 'name' | 'modelId'>
type Work<Value> = (
  onProgress: (progress: ModelProgress) => void,
  signal: AbortSignal,
) => Promise<ModelResult<Value>>

interface Running {
  kind: ModelJobKind
  controller: AbortController
  ended: Promise<ModelResult<unknown>>
}

/** The jobs of this tab, one at a time for each model, and how the last one of each ended. */
export class ModelJobs {
  #jobs = $state.raw<readonly ModelJob[]>([])
  readonly #failures = new SvelteMap<StoredModelId, ModelFailure>()
  readonly #running = new SvelteMap<StoredModelId, Running>()
  readonly #now: () => number

  /** @param now milliseconds, for speeds */
  constructor(now: () => number) {
    this.#now = now
  }

  get all(): readonly ModelJob[] {
    return this.#jobs
  }

  /** How the last job on the model ended, if badly. */
  failure(id: StoredModelId): ModelFailure | undefined {
    return this.#failures.get(id)
  }

  dismissFailure(id: StoredModelId): void {
    this.#failures.delete(id)
  }

  /** Keeps how something on the model ended; an abort is no failure. */
  keepFailure(id: StoredModelId, reason: ModelFailure): void {
    if (reason.kind !== 'aborted') this.#failures.set(id, reason)
  }

  /** The outcome of a job under way, if it is one of this kind. */
  joined(id: StoredModelId, kind: ModelJobKind): Promise<ModelResult<unknown>> | undefined {
    const running = this.#running.get(id)
    return running?.kind === kind ? running.ended : undefined
  }

  /** Does the work as a job, after a job on the same model that is under way; aborting `signal` ends it. */
  async run<Value>(subject: Subject, work: Work<Value>, signal?: AbortSignal): Promise<ModelResult<Value>> {
    const { modelId, kind } = subject
    for (let before = this.#running.get(modelId); before; before = this.#running.get(modelId))
      await before.ended
    const controller = new AbortController()
    const either = signal ? AbortSignal.any([signal, controller.signal]) : controller.signal
    if (either.aborted) return failure({ kind: 'aborted' })
    this.#jobs = [...this.#jobs, { ...subject, progress: null, rate: null }]
    this.#failures.delete(modelId)
    const ended = work(this.#measure(modelId), either).finally(() => {
      this.#running.delete(modelId)
      this.#jobs = this.#jobs.filter((job) => job.modelId !== modelId)
    })
    this.#running.set(modelId, { kind, controller, ended })
    const result = await ended
    if (!result.ok) this.keepFailure(modelId, result.failure)
    return result
  }

  /** Ends the job on the model, if there is one; resolves when it has ended. */
  async end(id: StoredModelId): Promise<void> {
    const running = this.#running.get(id)
    running?.controller.abort()
    await running?.ended
  }

  #measure(id: StoredModelId): (progress: ModelProgress) => void {
    let samples: TransferSample[] = []
    let kind: ModelProgress['kind'] | undefined
    return (progress) => {
      if (progress.kind !== kind) samples = []
      kind = progress.kind
      let rate: TransferRate | null = null
      if (progress.kind !== 'inspecting') {
        const loadedBytes = progress.kind === 'downloading' ? progress.loadedBytes : progress.doneBytes
        samples = addSample(samples, { at: this.#now(), loadedBytes })
        rate = transferRate(samples, progress.totalBytes)
      }
      this.#jobs = this.#jobs.map((job) => (job.modelId === id ? { ...job, progress, rate } : job))
    }
  }
}
