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
} from '#core/engine'
import { failure } from '#core/result'

/** Which model of the catalog is meant. */
export interface ModelName {
  id: string
  name: string
}

export type EngineState =
  | { kind: 'idle' }
  /** `progress` is missing until the engine's code has arrived. */
  | { kind: 'loading'; model: ModelName; progress?: LoadProgress }
  | { kind: 'ready'; model: ModelName; description: EngineDescription }
  | { kind: 'failed'; model: ModelName; failure: EngineFailure }

/** An engine that can be lost together with its model. */
export interface LosableEngine extends Engine {
  onLost: (failure: EngineFailure) => void
}

/** After these an engine holds no model, or none that can go on: it must be loaded anew. */
const NEEDS_LOAD: ReadonlySet<EngineFailure['kind']> = new Set(['device-lost', 'out-of-memory', 'not-loaded'])

/** The one loaded model of this page: what state it is in, and the way to ask it. */
export class EngineStore {
  #state = $state.raw<EngineState>({ kind: 'idle' })
  #loading: AbortController | undefined
  readonly #engine: LosableEngine

  constructor(engine: LosableEngine) {
    this.#engine = engine
    engine.onLost = (reason) => this.#markLost(reason)
  }

  get state(): EngineState {
    return this.#state
  }

  /** Loads a model in place of the one held; a load under way is given up. */
  async load(
    model: ModelName,
    request: LoadRequest,
    signal?: AbortSignal,
    onProgress: (progress: LoadProgress) => void = () => undefined,
  ): Promise<EngineResult<EngineDescription>> {
    this.#loading?.abort()
    const controller = new AbortController()
    this.#loading = controller
    this.#state = { kind: 'loading', model }
    const result = await this.#engine.load(
      request,
      (progress) => {
        if (this.#loading !== controller) return
        this.#state = { kind: 'loading', model, progress }
        onProgress(progress)
      },
      signal ? AbortSignal.any([controller.signal, signal]) : controller.signal,
    )
    if (this.#loading !== controller) return failure({ kind: 'aborted' })
    this.#loading = undefined
    if (result.ok) this.#state = { kind: 'ready', model, description: result.value }
    else if (result.failure.kind === 'aborted') this.#state = { kind: 'idle' }
    else this.#state = { kind: 'failed', model, failure: result.failure }
    return result
  }

  cancelLoad(): void {
    this.#loading?.abort()
  }

  async unload(): Promise<void> {
    this.cancelLoad()
    await this.#engine.unload()
    this.#state = { kind: 'idle' }
  }

  async generate(
    request: GenerationRequest,
    onEvent: (event: GenerationEvent) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<Generation>> {
    return this.#watch(await this.#engine.generate(request, onEvent, signal))
  }

  async scoreLetters(request: LetterRequest, signal: AbortSignal): Promise<EngineResult<LetterScores>> {
    return this.#watch(await this.#engine.scoreLetters(request, signal))
  }

  #watch<Value>(result: EngineResult<Value>): EngineResult<Value> {
    if (!result.ok && NEEDS_LOAD.has(result.failure.kind)) this.#markLost(result.failure)
    return result
  }

  #markLost(reason: EngineFailure): void {
    if (this.#state.kind === 'ready')
      this.#state = { kind: 'failed', model: this.#state.model, failure: reason }
  }
}
