import type { ModelResult } from '#core/model/failure'
import { failure } from '#core/result'
import { storageFailure } from '#data/model-files'
import type { ModelProgress, ModelRequestId, ModelWorkerEvent, Waiting } from '../model-api'

type OnProgress = (progress: ModelProgress) => void

/** A report is a message to the page: at most this often, but the first and the last of a kind always. */
const REPORT_INTERVAL_MS = 100

/** The calls under way: how to end them, and the way of their progress to the page. */
export class WorkerJobs {
  readonly #controllers = new Map<ModelRequestId, AbortController>()
  readonly #listener: (event: ModelWorkerEvent) => void

  constructor(listener: (event: ModelWorkerEvent) => void) {
    this.#listener = listener
  }

  async run<Value>(
    request: ModelRequestId,
    work: (onProgress: OnProgress, signal: AbortSignal) => Promise<ModelResult<Value>>,
  ): Promise<ModelResult<Value>> {
    const controller = new AbortController()
    this.#controllers.set(request, controller)
    try {
      return await settled(
        () =>
          work(
            atIntervals((progress) => this.#listener({ request, progress })),
            controller.signal,
          ),
        controller.signal,
      )
    } finally {
      this.#controllers.delete(request)
    }
  }

  cancel(request: ModelRequestId): void {
    this.#controllers.get(request)?.abort()
  }
}

/**
 * The outcome of work that may throw what the database or the file system refuses; anything else is a bug and
 * reaches the page as one.
 */
export async function settled<Value>(
  work: () => Promise<ModelResult<Value>>,
  signal?: AbortSignal,
): Promise<ModelResult<Value>> {
  try {
    return await work()
  } catch (error) {
    if (signal?.aborted) return failure({ kind: 'aborted' })
    if (error instanceof DOMException) return failure(storageFailure(error, 0))
    throw error
  }
}

/** Downloads pace their reports themselves. */
function atIntervals(listener: OnProgress): OnProgress {
  let last = -Infinity
  let lastKind: ModelProgress['kind'] | undefined
  let lastWaiting: Waiting | null = null
  return (progress) => {
    const now = performance.now()
    const waiting = 'waiting' in progress ? progress.waiting : null
    const isBetween =
      'doneBytes' in progress &&
      progress.kind === lastKind &&
      progress.doneBytes < progress.totalBytes &&
      waiting === lastWaiting
    if (isBetween && now - last < REPORT_INTERVAL_MS) return
    last = now
    lastKind = progress.kind
    lastWaiting = waiting
    listener(progress)
  }
}
