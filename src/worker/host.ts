import type {
  Engine,
  EngineDescription,
  EngineKind,
  EngineResult,
  Generation,
  GenerationRequest,
  LetterRequest,
  LetterScores,
  LoadRequest,
  RenderedPrompt,
  RewardRequest,
  RewardScores,
} from '#core/engine'
import type { SelfTestReport } from '#core/numerics/types'
import type { ChatMessage } from '#core/prompt/question'
import { failure } from '#core/result'
import type { EngineWorkerApi, RequestId, WorkerEvents } from './api'
import { EventBatch, keepLatest, mergeGeneration, mergeProgress } from './event-batch'

type Listener = (events: WorkerEvents) => Promise<void> | void

/**
 * Holds one engine at a time and gives it one request at a time: the engines hang or mix answers when asked
 * in parallel. Requests that wait can be cancelled like the one that runs.
 */
export class EngineHost implements Omit<EngineWorkerApi, 'open'> {
  #listener: Listener = () => undefined
  #current: { kind: EngineKind; engine: Engine } | undefined
  #tail: Promise<unknown> = Promise.resolve()
  readonly #controllers = new Map<RequestId, AbortController>()
  readonly #createEngine: (kind: EngineKind) => Promise<Engine>

  constructor(createEngine: (kind: EngineKind) => Promise<Engine>) {
    this.#createEngine = createEngine
  }

  listen(listener: Listener): void {
    this.#listener = listener
  }

  load(request: RequestId, load: LoadRequest): Promise<EngineResult<EngineDescription>> {
    const batch = new EventBatch(
      (events) => this.#listener({ kind: 'load-progress', request, events }),
      mergeProgress,
    )
    return this.#run(request, async (signal) => {
      const engine = await this.#engineFor(load.engine)
      engine.onLost = (failure) => void this.#listener({ kind: 'model-lost', load: request, failure })
      const result = await engine.load(load, (progress) => batch.add(progress), signal)
      await batch.flush()
      return result
    })
  }

  generate(request: RequestId, generation: GenerationRequest): Promise<EngineResult<Generation>> {
    const batch = new EventBatch(
      (events) => this.#listener({ kind: 'generation', request, events }),
      mergeGeneration,
    )
    return this.#run(request, async (signal) => {
      if (!this.#current) return failure({ kind: 'not-loaded' })
      const result = await this.#current.engine.generate(generation, (event) => batch.add(event), signal)
      await batch.flush()
      return result
    })
  }

  scoreLetters(request: RequestId, letters: LetterRequest): Promise<EngineResult<LetterScores>> {
    return this.#run(request, async (signal) => {
      if (!this.#current) return failure({ kind: 'not-loaded' })
      return await this.#current.engine.scoreLetters(letters, signal)
    })
  }

  scoreReward(request: RequestId, reward: RewardRequest): Promise<EngineResult<RewardScores>> {
    return this.#run(request, async (signal) => {
      if (!this.#current) return failure({ kind: 'not-loaded' })
      return await this.#current.engine.scoreReward(reward, signal)
    })
  }

  checkNumbers(request: RequestId, known: SelfTestReport | null): Promise<EngineResult<SelfTestReport>> {
    const batch = new EventBatch<number>(
      (events) => this.#listener({ kind: 'check-progress', request, events }),
      keepLatest,
    )
    return this.#run(request, async (signal) => {
      const engine = this.#current?.engine
      if (!engine) return failure({ kind: 'not-loaded' })
      if (!engine.checkNumbers) throw new Error('This engine has no numbers to check')
      const result = await engine.checkNumbers(known, (fraction) => batch.add(fraction), signal)
      await batch.flush()
      return result
    })
  }

  renderPrompt(request: RequestId, messages: readonly ChatMessage[]): Promise<EngineResult<RenderedPrompt>> {
    return this.#run(request, async (signal) => {
      if (!this.#current) return failure({ kind: 'not-loaded' })
      return await this.#current.engine.renderPrompt(messages, signal)
    })
  }

  unload(): Promise<void> {
    return this.#enqueue(async () => {
      await this.#current?.engine.unload()
      this.#current = undefined
    })
  }

  cancel(request: RequestId): void {
    this.#controllers.get(request)?.abort()
  }

  async #engineFor(kind: EngineKind): Promise<Engine> {
    await this.#current?.engine.unload()
    if (this.#current?.kind !== kind) {
      this.#current = undefined
      this.#current = { kind, engine: await this.#createEngine(kind) }
    }
    return this.#current.engine
  }

  async #run<Value>(
    request: RequestId,
    work: (signal: AbortSignal) => Promise<EngineResult<Value>>,
  ): Promise<EngineResult<Value>> {
    const controller = new AbortController()
    const { signal } = controller
    this.#controllers.set(request, controller)
    let started = false
    const cancelledWhileWaiting = new Promise<EngineResult<Value>>((resolve) => {
      signal.addEventListener('abort', () => {
        if (!started) resolve(failure({ kind: 'aborted' }))
      })
    })
    const done = this.#enqueue(async () => {
      if (signal.aborted) return failure({ kind: 'aborted' } as const)
      started = true
      return await work(signal)
    })
    try {
      return await Promise.race([done, cancelledWhileWaiting])
    } catch (error) {
      return failure({ kind: 'engine-error', detail: String(error) })
    } finally {
      this.#controllers.delete(request)
    }
  }

  #enqueue<Value>(work: () => Promise<Value>): Promise<Value> {
    const done = this.#tail.then(work)
    this.#tail = done.catch(() => undefined)
    return done
  }
}
