import { proxy, type Remote } from 'comlink'
import type {
  Engine,
  EngineDescription,
  EngineFailure,
  EngineResult,
  Generation,
  GenerationEvent,
  GenerationRequest,
  LetterRequest,
  LetterScores,
  LoadProgress,
  LoadRequest,
  ModelSource,
  RenderedPrompt,
  RewardRequest,
  RewardScores,
} from '#core/engine'
import type { SelfTestReport } from '#core/numerics/types'
import type { ChatMessage } from '#core/prompt/question'
import { failure } from '#core/result'
import type { EngineWorkerApi, RequestId, WorkerEvents } from '#worker/api'
import { callSession, openSession, type WorkerSession } from './worker-session'

/** A cancelled load leaves nothing worth keeping, so a worker that does not answer at once is replaced. */
const LOAD_GRACE_MS = 3_000

/**
 * A cancelled request may have to end its step first: 64 prompt tokens of a 3B model on a slow CPU, or a
 * prompt chunk on a weak GPU. Killing the worker sooner would cost a reload of the model.
 */
const REQUEST_GRACE_MS = 20_000

/**
 * A pass of the self-test over many tokens: on a software adapter one token takes up to half a minute. A question that
 * is asked meanwhile waits for it; without the worker it would be lost.
 */
const CHECK_GRACE_MS = 180_000

type EventSink = (events: WorkerEvents) => void

export interface EngineClientOptions {
  spawn?: () => Worker
  loadGraceMs?: number
  requestGraceMs?: number
  checkGraceMs?: number
}

function spawnEngineWorker(): Worker {
  return new Worker(new URL('../worker/engine.ts', import.meta.url), {
    type: 'module',
    name: 'somnus-engine',
  })
}

/** The engines as the page sees them: the port of core, answered by a worker that may die and be replaced. */
export class EngineClient implements Engine {
  /** Called when the worker or the GPU device is gone, and the loaded model with it. */
  onLost: (failure: EngineFailure) => void = () => undefined
  #session: WorkerSession<EngineWorkerApi> | undefined
  #lastRequest = 0
  #lastLoad: RequestId | undefined
  readonly #sinks = new Map<RequestId, EventSink>()
  readonly #spawn: () => Worker
  readonly #loadGraceMs: number
  readonly #requestGraceMs: number
  readonly #checkGraceMs: number

  constructor(options: EngineClientOptions = {}) {
    this.#spawn = options.spawn ?? spawnEngineWorker
    this.#loadGraceMs = options.loadGraceMs ?? LOAD_GRACE_MS
    this.#requestGraceMs = options.requestGraceMs ?? REQUEST_GRACE_MS
    this.#checkGraceMs = options.checkGraceMs ?? CHECK_GRACE_MS
  }

  load(
    request: LoadRequest,
    onProgress: (progress: LoadProgress) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<EngineDescription>> {
    const load = { ...request, source: withAbsoluteAddresses(request.source) }
    const sink: EventSink = (happened) => {
      if (happened.kind === 'load-progress') happened.events.forEach(onProgress)
    }
    const start = (api: Remote<EngineWorkerApi>, id: RequestId) => {
      this.#lastLoad = id
      return api.load(id, load)
    }
    return this.#call(start, sink, signal, this.#loadGraceMs)
  }

  generate(
    request: GenerationRequest,
    onEvent: (event: GenerationEvent) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<Generation>> {
    const sink: EventSink = (happened) => {
      if (happened.kind === 'generation') happened.events.forEach(onEvent)
    }
    return this.#call((api, id) => api.generate(id, request), sink, signal, this.#requestGraceMs)
  }

  scoreLetters(request: LetterRequest, signal: AbortSignal): Promise<EngineResult<LetterScores>> {
    return this.#call(
      (api, id) => api.scoreLetters(id, request),
      () => undefined,
      signal,
      this.#requestGraceMs,
    )
  }

  scoreReward(request: RewardRequest, signal: AbortSignal): Promise<EngineResult<RewardScores>> {
    return this.#call(
      (api, id) => api.scoreReward(id, request),
      () => undefined,
      signal,
      this.#requestGraceMs,
    )
  }

  checkNumbers(
    known: SelfTestReport | null,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<SelfTestReport>> {
    const sink: EventSink = (happened) => {
      if (happened.kind === 'check-progress') happened.events.forEach(onProgress)
    }
    return this.#call((api, id) => api.checkNumbers(id, known), sink, signal, this.#checkGraceMs)
  }

  renderPrompt(messages: readonly ChatMessage[], signal: AbortSignal): Promise<EngineResult<RenderedPrompt>> {
    return this.#call(
      (api, id) => api.renderPrompt(id, messages),
      () => undefined,
      signal,
      this.#requestGraceMs,
    )
  }

  async unload(): Promise<void> {
    const session = this.#session
    if (!session) return
    let grace: ReturnType<typeof setTimeout> | undefined
    const outOfPatience = new Promise<true>((resolve) => {
      grace = setTimeout(() => resolve(true), this.#requestGraceMs)
    })
    const unloaded = session.opened.then(() => session.api.unload()).catch(() => undefined)
    const isHung = await Promise.race([unloaded, session.lost, outOfPatience])
    clearTimeout(grace)
    if (this.#session !== session) return
    // What came meanwhile is served by the worker that is there, if it still serves.
    if (this.#sinks.size > 0 && isHung !== true) return
    // WebAssembly memory never shrinks, and an engine's may wait long to be collected: it goes with its worker.
    this.#session = undefined
    session.end('It was unloaded.')
  }

  kill(): void {
    this.#session?.end('It was ended for another tab.')
  }

  async #call<Value>(
    start: (api: Remote<EngineWorkerApi>, id: RequestId) => Promise<EngineResult<Value>>,
    sink: EventSink,
    signal: AbortSignal,
    graceMs: number,
  ): Promise<EngineResult<Value>> {
    if (signal.aborted) return failure({ kind: 'aborted' })
    const id = (this.#lastRequest += 1) as RequestId
    this.#sinks.set(id, sink)
    try {
      return await callSession<EngineWorkerApi, EngineResult<Value>>(
        (this.#session ??= this.#open()),
        {
          start: (api) => start(api, id),
          cancel: (api) => api.cancel(id),
          graceMs,
          aborted: failure({ kind: 'aborted' }),
          lost: (detail) => failure({ kind: 'worker-lost', detail }),
        },
        signal,
      )
    } catch (error) {
      return failure({ kind: 'engine-error', detail: String(error) })
    } finally {
      this.#sinks.delete(id)
    }
  }

  #open(): WorkerSession<EngineWorkerApi> {
    const listener = (events: WorkerEvents) => {
      if (events.kind !== 'model-lost') this.#sinks.get(events.request)?.(events)
      // Late news of a model that was replaced meanwhile is no news.
      else if (events.load === this.#lastLoad) this.onLost(events.failure)
    }
    const session = openSession<EngineWorkerApi>(
      this.#spawn(),
      'somnus-engine',
      (api, lockName) => api.open(lockName, proxy(listener)),
      (detail) => {
        if (this.#session !== session) return
        this.#session = undefined
        this.onLost({ kind: 'worker-lost', detail })
      },
    )
    return session
  }
}

/** Addresses of models on this site are relative to the page; in the worker they would mean something else. */
function withAbsoluteAddresses(source: ModelSource): ModelSource {
  return source.kind === 'gguf-url' ? { ...source, url: new URL(source.url, document.baseURI).href } : source
}
