import { proxy, wrap, type Remote } from 'comlink'
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
} from '#core/engine'
import { failure } from '#core/result'
import type { EngineWorkerApi, RequestId, WorkerEvents } from '#worker/api'

/** A cancelled load leaves nothing worth keeping, so a worker that does not answer at once is replaced. */
const LOAD_GRACE_MS = 3_000

/**
 * A cancelled request may have to end its step first: 64 prompt tokens of a 3B model on a slow CPU, or a
 * prompt chunk on a weak GPU. Killing the worker sooner would cost a reload of the model.
 */
const REQUEST_GRACE_MS = 20_000

interface Session {
  worker: Worker
  api: Remote<EngineWorkerApi>
  opened: Promise<void>
  /** Resolves when the worker is gone. */
  lost: Promise<EngineFailure>
  end(failure: EngineFailure): void
}

type EventSink = (events: WorkerEvents) => void

export interface EngineClientOptions {
  spawn?: () => Worker
  loadGraceMs?: number
  requestGraceMs?: number
}

function spawnEngineWorker(): Worker {
  return new Worker(new URL('../worker/engine.ts', import.meta.url), {
    type: 'module',
    name: 'somnus-engine',
  })
}

/** The engines as the page sees them: the port of core, answered by a worker that may die and be replaced. */
export class EngineClient implements Engine {
  /** Called when the worker is gone, and the loaded model with it. */
  onLost: (failure: EngineFailure) => void = () => undefined
  #session: Session | undefined
  #lastRequest = 0
  readonly #sinks = new Map<RequestId, EventSink>()
  readonly #spawn: () => Worker
  readonly #loadGraceMs: number
  readonly #requestGraceMs: number

  constructor(options: EngineClientOptions = {}) {
    this.#spawn = options.spawn ?? spawnEngineWorker
    this.#loadGraceMs = options.loadGraceMs ?? LOAD_GRACE_MS
    this.#requestGraceMs = options.requestGraceMs ?? REQUEST_GRACE_MS
  }

  load(
    request: LoadRequest,
    onProgress: (progress: LoadProgress) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<EngineDescription>> {
    const load = { ...request, source: withAbsoluteAddresses(request.source) }
    const sink: EventSink = ({ kind, events }) => {
      if (kind === 'load-progress') events.forEach(onProgress)
    }
    return this.#call((api, id) => api.load(id, load), sink, signal, this.#loadGraceMs)
  }

  generate(
    request: GenerationRequest,
    onEvent: (event: GenerationEvent) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<Generation>> {
    const sink: EventSink = ({ kind, events }) => {
      if (kind === 'generation') events.forEach(onEvent)
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

  async unload(): Promise<void> {
    if (!this.#session) return
    const { opened, api, lost } = this.#session
    await Promise.race([opened.then(() => api.unload()), lost])
  }

  async #call<Value>(
    start: (api: Remote<EngineWorkerApi>, id: RequestId) => Promise<EngineResult<Value>>,
    sink: EventSink,
    signal: AbortSignal,
    graceMs: number,
  ): Promise<EngineResult<Value>> {
    if (signal.aborted) return failure({ kind: 'aborted' })
    const session = (this.#session ??= this.#open())
    const id = (this.#lastRequest += 1) as RequestId
    let grace: ReturnType<typeof setTimeout> | undefined
    const cancel = () => {
      void session.api.cancel(id)
      grace = setTimeout(() => {
        session.end({ kind: 'worker-lost', detail: 'It did not answer a cancellation in time.' })
      }, graceMs)
    }
    this.#sinks.set(id, sink)
    signal.addEventListener('abort', cancel)
    try {
      const lost = session.lost.then((reason): EngineResult<Value> =>
        failure(signal.aborted ? { kind: 'aborted' } : reason),
      )
      return await Promise.race([session.opened.then(() => start(session.api, id)), lost])
    } catch (error) {
      return failure({ kind: 'engine-error', detail: String(error) })
    } finally {
      clearTimeout(grace)
      signal.removeEventListener('abort', cancel)
      this.#sinks.delete(id)
    }
  }

  #open(): Session {
    const worker = this.#spawn()
    const api = wrap<EngineWorkerApi>(worker)
    const lockWatch = new AbortController()
    let markLost: (reason: EngineFailure) => void = () => undefined
    const lost = new Promise<EngineFailure>((resolve) => (markLost = resolve))
    const session: Session = {
      worker,
      api,
      lost,
      opened: Promise.resolve(),
      end: (reason) => {
        if (this.#session !== session) return
        this.#session = undefined
        worker.terminate()
        lockWatch.abort()
        markLost(reason)
        this.onLost(reason)
      },
    }
    const lose = (detail: string) => session.end({ kind: 'worker-lost', detail })
    worker.addEventListener('error', (event) => {
      event.preventDefault()
      lose(event.message)
    })
    worker.addEventListener('messageerror', () => lose('A message could not be read.'))
    const lockName = `somnus-engine-${crypto.randomUUID()}`
    const listener = (events: WorkerEvents) => this.#sinks.get(events.request)?.(events)
    session.opened = Promise.resolve(api.open(lockName, proxy(listener))).then(() => {
      void whenReleased(lockName, lockWatch.signal).then((released) => {
        if (released) lose('The browser ended it, most likely for lack of memory.')
      })
    })
    return session
  }
}

/** True once the lock's holder is gone; false when the wait was given up or the browser has no Web Locks. */
async function whenReleased(lockName: string, signal: AbortSignal): Promise<boolean> {
  const { locks } = navigator as { locks?: LockManager }
  if (!locks) return false
  try {
    return await locks.request(lockName, { signal }, () => true)
  } catch {
    return false
  }
}

/** Addresses of models on this site are relative to the page; in the worker they would mean something else. */
function withAbsoluteAddresses(source: ModelSource): ModelSource {
  const absolute = (url: string) => new URL(url, document.baseURI).href
  switch (source.kind) {
    case 'gguf-url':
      return { ...source, url: absolute(source.url) }
    case 'mlc':
      return {
        ...source,
        weightsUrl: absolute(source.weightsUrl),
        libraryUrl: absolute(source.libraryUrl),
      }
    case 'gguf-file':
    case 'scripted':
      return source
  }
}
