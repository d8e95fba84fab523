/**
 * One engine for all tabs: two models of 4 GB do not fit where one does, and two engines spoil each other's
 * timings. The tab that loads or holds a model holds a Web Lock, which the browser frees when the tab goes
 * away, however it goes. What tabs say to each other goes over a channel.
 */
import { overruleRunLocks } from './run-lock'

export const ENGINE_LOCK = 'somnus/engine'
const CHANNEL = 'somnus-engine'

/** A tab that does not answer for so long is frozen or hung. Tabs in the background answer within a second. */
const ANSWER_MS = 3_000

/** A tab that answered may have to end a step of its model first, which may take 20 s, and then unload it. */
const YIELD_MS = 30_000

/** How long a tab that gave way keeps the lock for the one that asked, so that no third tab gets it. */
const HANDOVER_MS = 2_000

/** What the tab with the engine says of itself. */
export interface EngineHolder {
  /** Name of the model that is loaded or being loaded. */
  model: string
  /** Milliseconds since 1970. */
  since: number
  /** A benchmark runs on it. */
  measuring: boolean
}

export interface EngineLock {
  /** Whether this tab may use the engine. */
  readonly held: boolean
  /** Takes the engine if no other tab has it; never waits for one. */
  tryAcquire(): Promise<boolean>
  /** Takes the engine from whoever has it: asks first, and overrules a tab that does not answer. */
  takeOver(): Promise<void>
  release(): Promise<void>
  /** Who has the engine, in that tab's own words; null when none answers. */
  whoHolds(): Promise<EngineHolder | null>
  /** What this tab says when it is asked. */
  describe: () => EngineHolder | null
  /** Another tab asks for the engine: give everything up; what it loaded must be gone when this resolves. */
  onAsked: () => Promise<void>
  /** Another tab has taken the engine without an answer from this one. */
  onLost: () => void
}

type Message =
  | { kind: 'who'; token: string }
  | { kind: 'holder'; token: string; holder: EngineHolder }
  | { kind: 'take-over'; token: string }
  /** Heard; the model is being unloaded. */
  | { kind: 'yielding'; token: string }
  /** `asleep`: the page is frozen and cannot even free its own locks. */
  | { kind: 'yielded'; token: string; asleep: boolean }

interface Tenure {
  free: () => void
  /** Settles when the lock is free again, whoever freed it. */
  ended: Promise<void>
  /** This tab does not use the engine any more, though the lock is not free yet. */
  leaving: boolean
}

export interface EngineLockOptions {
  answerMs?: number
  yieldMs?: number
  handoverMs?: number
  /** Whether this page is frozen: then it hears messages, but its timers and workers stand still. */
  asleep?: () => boolean
}

export class BrowserEngineLock implements EngineLock {
  describe: () => EngineHolder | null = () => null
  onAsked: () => Promise<void> = () => Promise.resolve()
  onLost: () => void = () => undefined
  #tenure: Tenure | undefined
  readonly #locks: LockManager
  readonly #channel = new BroadcastChannel(CHANNEL)
  readonly #waiting = new Map<string, (message: Message) => void>()
  readonly #options: Required<EngineLockOptions>

  constructor(locks: LockManager, options: EngineLockOptions = {}) {
    this.#locks = locks
    this.#options = {
      answerMs: ANSWER_MS,
      yieldMs: YIELD_MS,
      handoverMs: HANDOVER_MS,
      asleep: () => false,
      ...options,
    }
    this.#channel.addEventListener('message', ({ data }) => void this.#hear(data as Message))
  }

  get held(): boolean {
    return this.#tenure !== undefined && !this.#tenure.leaving
  }

  async tryAcquire(): Promise<boolean> {
    if (this.held) return true
    await this.#tenure?.ended
    return await this.#request({ ifAvailable: true })
  }

  async takeOver(): Promise<void> {
    if (await this.tryAcquire()) return
    const holder = await this.#clientOf()
    const awake = await this.#ask()
    await this.#request({ steal: true })
    // What a frozen tab measures it holds by other locks; its run must be free to go on here.
    if (!awake && holder !== undefined) await overruleRunLocks(this.#locks, holder)
  }

  async release(): Promise<void> {
    const tenure = this.#tenure
    if (!tenure) return
    tenure.leaving = true
    tenure.free()
    await tenure.ended
  }

  async whoHolds(): Promise<EngineHolder | null> {
    const token = crypto.randomUUID()
    const answer = this.#answer(token, ['holder'], this.#options.answerMs)
    this.#post({ kind: 'who', token })
    const message = await answer
    return message?.kind === 'holder' ? message.holder : null
  }

  /** Ends this tab's part in the talk; the lock stays as it is. For tests, which play several tabs. */
  close(): void {
    this.#channel.close()
  }

  /** Resolves once the holder has unloaded: true. False when it does not answer or is frozen. */
  async #ask(): Promise<boolean> {
    const token = crypto.randomUUID()
    const heard = this.#answer(token, ['yielding', 'yielded'], this.#options.answerMs)
    this.#post({ kind: 'take-over', token })
    const first = await heard
    const last =
      first?.kind === 'yielding' ? await this.#answer(token, ['yielded'], this.#options.yieldMs) : first
    return last?.kind === 'yielded' && !last.asleep
  }

  #answer(token: string, kinds: Message['kind'][], withinMs: number): Promise<Message | null> {
    return new Promise((resolve) => {
      const end = (message: Message | null) => {
        clearTimeout(timer)
        this.#waiting.delete(token)
        resolve(message)
      }
      const timer = setTimeout(() => end(null), withinMs)
      this.#waiting.set(token, (message) => {
        if (kinds.includes(message.kind)) end(message)
      })
    })
  }

  async #hear(message: Message): Promise<void> {
    const { token } = message
    if (message.kind === 'who') {
      const holder = this.held ? this.describe() : null
      if (holder) this.#post({ kind: 'holder', token, holder })
    } else if (message.kind === 'take-over') await this.#yield(token)
    else this.#waiting.get(token)?.(message)
  }

  async #yield(token: string): Promise<void> {
    const tenure = this.#tenure
    if (!tenure || tenure.leaving) return
    tenure.leaving = true
    this.#post({ kind: 'yielding', token })
    await this.onAsked()
    this.#post({ kind: 'yielded', token, asleep: this.#options.asleep() })
    // Normally the other tab has it by then; if that tab is gone, nobody must be kept waiting.
    setTimeout(() => tenure.free(), this.#options.handoverMs)
  }

  async #clientOf(): Promise<string | undefined> {
    const { held = [] } = await this.#locks.query()
    return held.find(({ name }) => name === ENGINE_LOCK)?.clientId
  }

  #request(options: LockOptions): Promise<boolean> {
    return new Promise((resolve) => {
      let tenure: Tenure | undefined
      const settled = this.#locks.request(ENGINE_LOCK, options, (lock) => {
        if (!lock) return resolve(false)
        return new Promise<void>((free) => {
          tenure = { free, ended, leaving: false }
          this.#tenure = tenure
          resolve(true)
        })
      })
      const left = (stolen: boolean) => {
        if (!tenure || this.#tenure !== tenure) return
        this.#tenure = undefined
        if (stolen && !tenure.leaving) this.onLost()
      }
      const ended = settled.then(
        () => left(false),
        () => left(true),
      )
    })
  }

  #post(message: Message): void {
    this.#channel.postMessage(message)
  }
}

/** For browsers without Web Locks (an insecure origin): every tab has an engine of its own. */
export class NoEngineLock implements EngineLock {
  readonly held = true
  describe = () => null
  onAsked = () => Promise.resolve()
  onLost = () => undefined
  tryAcquire = () => Promise.resolve(true)
  takeOver = () => Promise.resolve()
  release = () => Promise.resolve()
  whoHolds = () => Promise.resolve(null)
}
