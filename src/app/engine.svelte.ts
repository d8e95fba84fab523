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
import type { SelfTestReport } from '#core/numerics/types'
import type { ChatMessage } from '#core/prompt/question'
import { failure, success } from '#core/result'
import { NoEngineLock, type EngineHolder, type EngineLock } from '#data/engine-lock'
import { tellsOfFailedCheck } from './failed-check'
import { NEVER_ASLEEP, type PageSleep } from './page-sleep'
import { EngineTurn, type TurnMoment } from './engine-turn'
import { Stillness } from './stillness.svelte'

/** Which model of the catalog is meant. */
export interface ModelName {
  id: string
  name: string
}

/** A load goes on with the self-test of the model's numbers; it is ended early like the load, and the model stays. */
export type EngineProgress = LoadProgress | { kind: 'checking-numbers'; fraction: number }

/** A load whose last step is to come. */
export interface UncheckedLoad {
  loaded: EngineDescription
  request: LoadRequest
  /** Takes over what is known of the numbers, or with null has them tested. */
  check: (known: SelfTestReport | null) => Promise<EngineResult<SelfTestReport>>
}

export type EngineState =
  | { kind: 'idle' }
  /** `progress` is missing until the engine's code has arrived. */
  | { kind: 'loading'; model: ModelName; progress?: EngineProgress }
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
  /** The last step of loading a model whose numbers can be checked: decides whether and how they are. */
  settleNumbers?: (load: UncheckedLoad) => Promise<void>
  /** Called once for a load when a comparison with a whole prompt fails in use. */
  onCheckFailed?: (loaded: EngineDescription) => unknown
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
  /** The share done of a check outside a load. */
  #checked = $state<number | null>(null)
  #checking: AbortController | undefined
  /** What was lost before its load was over. */
  #lostEarly: EngineFailure | undefined
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
  readonly #settleNumbers: EngineStoreOptions['settleNumbers']
  readonly #onCheckFailed: EngineStoreOptions['onCheckFailed']
  /** The load of which a failed check was told. */
  #told: EngineDescription | undefined

  constructor(engine: LosableEngine, options: EngineStoreOptions = {}) {
    this.#engine = engine
    this.#now = options.now ?? Date.now
    this.#sleep = options.sleep ?? NEVER_ASLEEP
    this.#settleNumbers = options.settleNumbers
    this.#onCheckFailed = options.onCheckFailed
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

  /** The share done of a check that the user began, 0 to 1; null when there is none. */
  get checkedShare(): number | null {
    return this.#checked
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
    this.cancelCheck()
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

  /**
   * Tests the numbers of the loaded model; its description tells the result from then on. Gives way to whatever the
   * model is asked: then, and where it is asked something already, the outcome is `aborted`.
   */
  async checkNumbers(): Promise<EngineResult<SelfTestReport>> {
    const { state } = this
    if (state.kind !== 'ready' || !state.description.numerics) return failure({ kind: 'not-loaded' })
    if (this.#checking || this.busy || this.isMeasuring()) return failure({ kind: 'aborted' })
    const controller = (this.#checking = new AbortController())
    this.#checked = 0
    const signal = AbortSignal.any([controller.signal, this.#tenure.signal])
    const result = await this.#testNumbers(null, (fraction) => (this.#checked = fraction), signal)
    this.#checking = undefined
    this.#checked = null
    if (!result.ok && NEEDS_LOAD.has(result.failure.kind)) this.#markLost(result.failure)
    // Another model may have been loaded meanwhile.
    if (result.ok && this.#state === state)
      this.#state = { ...state, description: withSelfTest(state.description, result.value) }
    return result
  }

  cancelCheck(): void {
    this.#checking?.abort()
  }

  #testNumbers(
    known: SelfTestReport | null,
    onProgress: (fraction: number) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<SelfTestReport>> {
    const engine = this.#engine
    if (!engine.checkNumbers) return Promise.resolve(failure({ kind: 'not-loaded' }))
    return engine.checkNumbers(known, onProgress, signal)
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
    this.#checking?.abort()
    const controller = new AbortController()
    this.#loading = controller
    this.#lostEarly = undefined
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
    const show = (progress: EngineProgress) => {
      if (this.#loading !== controller) return
      this.#stillness.begin()
      this.#state = { kind: 'loading', model, progress }
      if (progress.kind !== 'checking-numbers') how.onProgress?.(progress)
    }
    const result = await this.#engine.load(request, show, signal)
    return this.#endLoad(controller, wanted, await this.#settled(result, request, show, signal))
  }

  /** A check that fails or is ended early leaves the load as it is; one that loses the model makes it fail. */
  async #settled(
    result: EngineResult<EngineDescription>,
    request: LoadRequest,
    show: (progress: EngineProgress) => void,
    signal: AbortSignal,
  ): Promise<EngineResult<EngineDescription>> {
    if (!result.ok || !result.value.numerics || !this.#settleNumbers) return result
    let loaded = result.value
    const check = async (known: SelfTestReport | null) => {
      const onProgress = (fraction: number) => show({ kind: 'checking-numbers', fraction })
      // The first pass may take long, and whoever waits may put it off.
      if (!known) onProgress(0)
      const checked = await this.#testNumbers(known, onProgress, signal)
      if (checked.ok) loaded = withSelfTest(loaded, checked.value)
      else if (NEEDS_LOAD.has(checked.failure.kind)) this.#lostEarly ??= checked.failure
      return checked
    }
    // Results that cannot be read or stored are no reason to do without the model: it counts as what `check` told.
    await this.#settleNumbers({ loaded, request, check }).catch(() => undefined)
    return this.#lostEarly ? failure(this.#lostEarly) : success(loaded)
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
    this.#checking?.abort()
    const tenure = this.#tenure.signal
    this.#requests += 1
    const result = await ask(AbortSignal.any([signal, tenure])).finally(() => (this.#requests -= 1))
    if (tenure.aborted) return this.#takenOver()
    if (!result.ok && NEEDS_LOAD.has(result.failure.kind)) this.#markLost(result.failure)
    if (this.#state.kind === 'ready' && tellsOfFailedCheck(result as EngineResult<object>)) {
      if (this.#told !== this.#state.description) this.#onCheckFailed?.(this.#state.description)
      this.#told = this.#state.description
    }
    return result
  }

  /** Told when the page is awake, since whoever hears it will write to the database. */
  async #takenOver() {
    await this.#sleep.awake()
    return failure({ kind: 'taken-over' } as const)
  }

  #markLost(reason: EngineFailure): void {
    this.#lostEarly ??= reason
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

function withSelfTest(loaded: EngineDescription, selfTest: SelfTestReport): EngineDescription {
  return loaded.numerics ? { ...loaded, numerics: { ...loaded.numerics, selfTest } } : loaded
}
