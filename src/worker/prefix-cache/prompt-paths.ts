/** Which way the prompts of a loaded model go, as follows from the self-test and from every check since. */
import type { ColdReason, PromptReading } from '#core/numerics/types'
import { CheckFailed, ReadingEnded } from '#core/prefix-reuse/prompt-reader'
import type { Result } from '#core/result'
import type { KnownPipeline } from '../webllm-inner'
import { PipelineReader } from './pipeline-reader'

/** What the numerical self-test found out. */
export interface FeedingVerdict {
  /** All below, and popping. */
  sound: boolean
  /** Many tokens at once after others. */
  appendsSound: boolean
  /** One token after others. */
  stepsSound: boolean
}

export interface PathRequest {
  reusePrompt: boolean
  /** What is reused is compared with a cold pass now. */
  compareReuse: boolean
  /** Whether later prompts may go on from this one's end. */
  keepsEnd: boolean
}

type Path = { kind: 'plain'; reason: ColdReason } | { kind: 'reuse' | 'stepwise'; reader: PipelineReader }

export class PromptPaths {
  readonly #known: Result<KnownPipeline, ColdReason>
  #path: Path
  #hasFailed = false
  #wanted = false
  #wasted = 0

  /** `known` says what is known of the pipeline, or why prompts of this model are never reused. */
  constructor(known: Result<KnownPipeline, ColdReason>) {
    this.#known = known
    this.#path = { kind: 'plain', reason: known.ok ? 'not-tested' : known.failure }
  }

  /**
   * Follows a self-test of this model on this device. `tolerance` is that of logits. Reuse that failed a check since the
   * model was loaded stays off.
   */
  follow(verdict: FeedingVerdict, tolerance: number): void {
    this.release()
    if (!this.#known.ok) return
    const reader = new PipelineReader(this.#known.value, tolerance)
    if (verdict.sound && this.#hasFailed) this.#path = { kind: 'plain', reason: 'check-failed' }
    else if (verdict.sound) this.#path = { kind: 'reuse', reader }
    else if (!verdict.appendsSound && verdict.stepsSound) this.#path = { kind: 'stepwise', reader }
    else this.#path = { kind: 'plain', reason: 'self-test-failed' }
  }

  /** Leaves pipeline and cache to others, as for a self-test. */
  release(): void {
    if (this.#path.kind !== 'plain') this.#path.reader.uninstall()
  }

  /**
   * Runs `work`, which must begin with an empty conversation and may run twice: where a check failed before anything
   * of an answer came, it runs again with WebLLM as it is. An abort ends the reading of a prompt step by step; whoever
   * asked must look at the signal.
   */
  async run(request: PathRequest, work: () => Promise<void>, signal: AbortSignal): Promise<void> {
    this.#wanted = request.reusePrompt
    this.#wasted = 0
    const path = this.#path
    if (path.kind === 'plain') return await work()
    if (path.kind === 'reuse' && !request.reusePrompt) {
      path.reader.uninstall()
      return await work()
    }
    const { reader } = path
    const { keepsEnd, compareReuse: compares } = request
    reader.begin(path.kind === 'reuse' ? { kind: 'reuse', keepsEnd, compares } : { kind: 'stepwise', signal })
    try {
      await work()
    } catch (error) {
      reader.uninstall()
      if (error instanceof ReadingEnded) return
      if (!(error instanceof CheckFailed)) throw error
      // Where appending is not right, WebLLM as it is would give a wrong answer instead; and nothing was reused.
      if (path.kind === 'stepwise') throw new Error(error.message, { cause: error })
      this.#hasFailed = true
      this.#path = { kind: 'plain', reason: 'check-failed' }
      this.#wasted = reader.tokensFed
      // Part of a reply may have been shown.
      if (reader.reading) throw error
      await work()
    }
  }

  /** The tokens that the cache holds; null where that is not known. */
  get held(): readonly number[] | null {
    return this.#path.kind === 'plain' ? null : this.#path.reader.held
  }

  /** How the last request's prompt, of so many tokens, came into the cache. */
  reading(promptTokens: number): PromptReading {
    const path = this.#path
    const read = path.kind === 'plain' ? undefined : path.reader.reading
    if (read && (this.#wanted || path.kind === 'stepwise')) {
      return path.kind === 'stepwise' && this.#wanted ? { ...read, reason: 'self-test-failed' } : read
    }
    return {
      path: 'cold',
      tokensFed: promptTokens + this.#wasted,
      tokensReused: 0,
      ...(this.#wanted && path.kind === 'plain' && { reason: path.reason }),
    }
  }
}
