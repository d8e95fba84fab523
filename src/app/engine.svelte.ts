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
  RenderedPrompt,
  RewardRequest,
  RewardScores,
} from '#core/engine'
import type { ChatMessage } from '#core/prompt/question'
import { failure } from '#core/result'
import { NoEngineLock, type EngineHolder, type EngineLock } from '#data/engine-lock'
import { NEVER_ASLEEP, type PageSleep } from './page-sleep'
import { EngineTurn, type TurnMoment } from './engine-turn'
import { Stillness } from './stillness.svelte'

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
  /** Another tab has the engine. */
  | {
      kind: 'elsewhere'
      /** What this tab wants to load, or what it held. */
      model: ModelName
      /** Null while nobody has answered. */
      holder: EngineHolder | null
      /**
       * A load waits until the other tab is done or the user insists; it was asked to give way; or it has taken
       * the engine from this tab.
       */
      reason: 'waiting' | 'asking' | 'taken'
    }

/** An engine that can be lost together with its model. */
export interface LosableEngine extends Engine {
  onLost: (failure: EngineFailure) => void
  /** Ends the engine's worker at once, with all that it holds. */
  kill(): void
}

export interface EngineStoreOptions {
  /** One engine for all tabs. */
  lock?: EngineLock
  /** Whether the page can be seen: a load that waits for another tab must not begin behind the user's back. */
  visible?: () => boolean
  /** Whether the page is frozen, and its worker with it. */
  sleep?: PageSleep
  now?: () => number
}

interface Wanted {
  model: ModelName
  request: LoadRequest
}

/** After these an engine holds no model, or none that can go on: it must be loaded anew. */
const NEEDS_LOAD: ReadonlySet<EngineFailure['kind']> = new Set(['device-lost', 'out-of-memory', 'not-loaded'])

/** The reason of an abort that was another tab's wish. */
const TAKEN_OVER = 'taken-over'

/** The one loaded model of this page: what state it is in, and the way to ask it. */
export class EngineStore {
  /** Whether a benchmark runs on this engine; other tabs are told. */
  isMeasuring: () => boolean = () => false
  #state = $state.raw<EngineState>({ kind: 'idle' })
  #requests = $state(0)
  #loading: AbortController | undefined
  /** Aborted when another tab takes over. */
  #tenure = new AbortController()
  #since = 0
  #wanted: Wanted | undefined
  readonly #stillness = new Stillness()
  readonly #turn: EngineTurn
  readonly #lock: EngineLock
  readonly #engine: LosableEngine
  readonly #now: () => number
  readonly #sleep: PageSleep

  constructor(engine: LosableEngine, options: EngineStoreOptions = {}) {
    this.#engine = engine
    this.#now = options.now ?? Date.now
    this.#sleep = options.sleep ?? NEVER_ASLEEP
    this.#lock = options.lock ?? new NoEngineLock()
    this.#turn = new EngineTurn(this.#lock, options.visible ?? (() => document.visibilityState === 'visible'))
    engine.onLost = (reason) => this.#markLost(reason)
    this.#lock.describe = () => this.#describe()
    this.#lock.onAsked = () => this.#giveUp()
    this.#lock.onLost = () => void this.#giveUp()
  }

  get state(): EngineState {
    return this.#state
  }

  /** A load or a request is under way here. */
  get busy(): boolean {
    return this.#state.kind === 'loading' || this.#requests > 0
  }

  /** The step of the load under way has told nothing for so long that a user may think it is stuck. */
  get slow(): boolean {
    return this.#state.kind === 'loading' && this.#stillness.long
  }

  /** Loads a model in place of the one held; a load under way is given up. Waits for its turn among the tabs. */
  load(
    model: ModelName,
    request: LoadRequest,
    signal?: AbortSignal,
    onProgress: (progress: LoadProgress) => void = () => undefined,
  ): Promise<EngineResult<EngineDescription>> {
    return this.#load({ model, request }, { insist: false, signal, onProgress })
  }

  cancelLoad(): void {
    this.#loading?.abort()
  }

  /** Takes the engine from the tab that has it, for the load that waits or for the model that was taken. */
  async useHere(): Promise<void> {
    if (this.#state.kind !== 'elsewhere') return
    if (this.#state.reason !== 'taken') this.#turn.insist()
    else if (this.#wanted) await this.#load(this.#wanted, { insist: true })
  }

  /** Leaves the engine to the other tab. */
  leaveElsewhere(): void {
    if (this.#state.kind !== 'elsewhere') return
    if (this.#state.reason === 'taken') this.#state = { kind: 'idle' }
    else this.cancelLoad()
  }

  async unload(): Promise<void> {
    this.cancelLoad()
    await this.#engine.unload()
    this.#state = { kind: 'idle' }
    await this.#lock.release()
  }

  async generate(
    request: GenerationRequest,
    onEvent: (event: GenerationEvent) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<Generation>> {
    return this.#ask((all) => this.#engine.generate(request, onEvent, all), signal)
  }

  async scoreLetters(request: LetterRequest, signal: AbortSignal): Promise<EngineResult<LetterScores>> {
    return this.#ask((all) => this.#engine.scoreLetters(request, all), signal)
  }

  async scoreReward(request: RewardRequest, signal: AbortSignal): Promise<EngineResult<RewardScores>> {
    return this.#ask((all) => this.#engine.scoreReward(request, all), signal)
  }

  async renderPrompt(
    messages: readonly ChatMessage[],
    signal: AbortSignal,
  ): Promise<EngineResult<RenderedPrompt>> {
    return this.#ask((all) => this.#engine.renderPrompt(messages, all), signal)
  }

  async #load(
    wanted: Wanted,
    how: {
      insist: boolean
      signal?: AbortSignal | undefined
      onProgress?: (progress: LoadProgress) => void
    },
  ): Promise<EngineResult<EngineDescription>> {
    this.#loading?.abort()
    const controller = new AbortController()
    this.#loading = controller
    this.#wanted = wanted
    const { model, request } = wanted
    const signal = how.signal ? AbortSignal.any([controller.signal, how.signal]) : controller.signal
    // A tab that has the engine already goes on without a pause, so that its state never shows another's.
    if (!this.#lock.held) {
      const follow = (moment: TurnMoment) => {
        if (this.#loading === controller) this.#state = { kind: 'elsewhere', model, ...moment }
      }
      if (!(await this.#turn.wait(how.insist, follow, signal))) return this.#endLoad(controller, wanted)
      if (this.#loading !== controller) return failure({ kind: 'aborted' })
    }
    this.#tenure = new AbortController()
    this.#since = this.#now()
    this.#state = { kind: 'loading', model }
    this.#stillness.begin()
    const result = await this.#engine.load(
      request,
      (progress) => {
        if (this.#loading !== controller) return
        this.#stillness.begin()
        this.#state = { kind: 'loading', model, progress }
        how.onProgress?.(progress)
      },
      signal,
    )
    return this.#endLoad(controller, wanted, result)
  }

  async #endLoad(
    controller: AbortController,
    { model }: Wanted,
    result: EngineResult<EngineDescription> = failure({ kind: 'aborted' }),
  ): Promise<EngineResult<EngineDescription>> {
    if (controller.signal.reason === TAKEN_OVER) return this.#takenOver()
    if (this.#loading !== controller) return failure({ kind: 'aborted' })
    this.#loading = undefined
    this.#stillness.end()
    if (result.ok) this.#state = { kind: 'ready', model, description: result.value }
    else if (result.failure.kind === 'aborted') this.#state = { kind: 'idle' }
    else this.#state = { kind: 'failed', model, failure: result.failure }
    if (!result.ok) await this.#lock.release()
    return result
  }

  async #ask<Value>(
    ask: (signal: AbortSignal) => Promise<EngineResult<Value>>,
    signal: AbortSignal,
  ): Promise<EngineResult<Value>> {
    // What was lost between two requests is told as what it was, not as a model that was never loaded.
    if (this.#state.kind === 'failed') return failure(this.#state.failure)
    const tenure = this.#tenure.signal
    this.#requests += 1
    const result = await ask(AbortSignal.any([signal, tenure])).finally(() => (this.#requests -= 1))
    if (tenure.aborted) return this.#takenOver()
    if (!result.ok && NEEDS_LOAD.has(result.failure.kind)) this.#markLost(result.failure)
    return result
  }

  /** Told when the page is awake, since whoever hears it will write to the database. */
  async #takenOver() {
    await this.#sleep.awake()
    return failure({ kind: 'taken-over' } as const)
  }

  #markLost(reason: EngineFailure): void {
    if (this.#state.kind !== 'ready') return
    this.#state = { kind: 'failed', model: this.#state.model, failure: reason }
    void this.#lock.release()
  }

  #describe(): EngineHolder | null {
    if (this.#state.kind !== 'loading' && this.#state.kind !== 'ready') return null
    return { model: this.#state.model.name, since: this.#since, measuring: this.isMeasuring() }
  }

  /** Another tab has taken over: what is under way ends as taken over, and the model goes. */
  async #giveUp(): Promise<void> {
    this.#tenure.abort(TAKEN_OVER)
    this.#loading?.abort(TAKEN_OVER)
    this.#loading = undefined
    this.#stillness.end()
    if (this.#state.kind === 'loading' || this.#state.kind === 'ready') {
      this.#state = { kind: 'elsewhere', model: this.#state.model, holder: null, reason: 'taken' }
    }
    // A frozen worker would not answer before its page wakes up.
    if (this.#sleep.asleep()) this.#engine.kill()
    else await this.#engine.unload()
  }
}
