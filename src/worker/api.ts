/**
 * The wire between the page and the engine worker: plain data over Comlink. This is the only file of the
 * engine's side that others import.
 */
import type {
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

/** Names one call, so that it can be cancelled and its events told from those of others. */
export type RequestId = number & { readonly brand: 'RequestId' }

/** What happened since the last message, oldest first. */
export type WorkerEvents =
  | { kind: 'load-progress'; request: RequestId; events: LoadProgress[] }
  | { kind: 'generation'; request: RequestId; events: GenerationEvent[] }
  /** The share of the numerical self-test that is done, 0 to 1. */
  | { kind: 'check-progress'; request: RequestId; events: number[] }
  /** The model of the load with this id is gone, though the worker lives. */
  | { kind: 'model-lost'; load: RequestId; failure: EngineFailure }

export interface EngineWorkerApi {
  /**
   * Called once, first. The worker holds the lock `lockName` (Web Locks) as long as it lives, so the page
   * learns of its death from the lock: a worker that the browser kills fires no event.
   */
  open(lockName: string, listener: (events: WorkerEvents) => void): Promise<void>
  load(request: RequestId, load: LoadRequest): Promise<EngineResult<EngineDescription>>
  generate(request: RequestId, generation: GenerationRequest): Promise<EngineResult<Generation>>
  scoreLetters(request: RequestId, letters: LetterRequest): Promise<EngineResult<LetterScores>>
  scoreReward(request: RequestId, reward: RewardRequest): Promise<EngineResult<RewardScores>>
  /** Must not be called of an engine that describes no numerics. */
  checkNumbers(request: RequestId, known: SelfTestReport | null): Promise<EngineResult<SelfTestReport>>
  renderPrompt(request: RequestId, messages: readonly ChatMessage[]): Promise<EngineResult<RenderedPrompt>>
  unload(): Promise<void>
  /** Ends a call early, whether it waits or runs; unknown ids are ignored. */
  cancel(request: RequestId): void
}
