/** The thin loop that answers a run: ask, store, believe, go on. Everything it decides is in the run's reducer. */
import type { EngineDescription, EngineFailure, EngineResult } from '#core/engine'
import { failure, success, type Result } from '#core/result'
import { dueStop } from '#core/run/budget'
import { holdingOf } from '#core/run/holding'
import type { LogFailure, RunLog } from '#core/run/log'
import { countedAnswers, nextPosition, withReleased, type RunSummary } from '#core/run/summary'
import type { Answer, PauseReason, RunEvent, RunPlan, StopReason } from '#core/run/types'
import type { KeepSample } from './ask-by-sampling'
import type { AskMoment } from './ask-question'
import { compareHeld } from './compare-held'
import { QuestionQueue, type QueuePorts } from './question-queue'
import { readingAnew } from './read-anew'

/** Why a loop's signal was aborted. */
export type RunWish = 'pause' | 'stop'

export interface RunLoopPorts extends QueuePorts {
  log: RunLog
  /** Loads the run's model once more after the worker, the GPU or the memory was lost. */
  reload(signal: AbortSignal): Promise<EngineResult<EngineDescription>>
  userAgent: string
  /** For the screen only; what counts is in the log. */
  show(moment: RunMoment): void
}

export type RunMoment =
  | AskMoment
  /** Held answers are compared before answering ends. */
  | { kind: 'comparing' }
  | { kind: 'recovering'; failure: EngineFailure }
  | { kind: 'stored'; summary: RunSummary }

/**
 * Answers the open questions of `plan` with the loaded model until the run is finished, stopped or paused;
 * the returned summary says which. Of a question that was interrupted, the samples that are stored count. Fails only when
 * the log refuses an event: what was stored before stays.
 *
 * @param signal aborted with a `RunWish` as its reason; the reply under way is dropped and asked again on resume.
 */
export async function answerRun(
  plan: RunPlan,
  engine: EngineDescription,
  ports: RunLoopPorts,
  signal: AbortSignal,
): Promise<Result<RunSummary, LogFailure>> {
  const loop = new RunLoop(plan, engine, ports, signal)
  try {
    return await loop.answer()
  } finally {
    loop.drop()
  }
}

type Stored = Result<RunSummary, LogFailure>
type Ended = { kind: 'finished' } | { kind: 'stopped'; reason: StopReason }

class RunLoop {
  readonly #plan: RunPlan
  readonly #ports: RunLoopPorts
  readonly #signal: AbortSignal
  #engine: EngineDescription
  #questions: QuestionQueue
  /** Where the engine was lost last: position and sample. */
  #recoveredAt: string | null = null

  constructor(plan: RunPlan, engine: EngineDescription, ports: RunLoopPorts, signal: AbortSignal) {
    this.#plan = plan
    this.#engine = engine
    this.#ports = ports
    this.#signal = signal
    this.#questions = this.#newQuestions(ports)
  }

  /** Gives up what was begun. */
  drop(): void {
    this.#questions.drop()
  }

  async answer(): Promise<Stored> {
    let run = await this.#start()
    if (run.ok && run.value.readsAnew) this.#readAnew()
    while (run.ok && run.value.state.kind === 'running') run = await this.#step(run.value)
    return run
  }

  /** One question, or the run's end; the run is no longer running where answering ends here. */
  async #step(run: RunSummary): Promise<Stored> {
    const position = nextPosition(run)
    const ended = this.#endOf(run)
    if (run.held && (ended || this.#wish)) return this.#compare(run)
    if (ended) return this.#append({ ...ended, at: this.#ports.now() })
    if (this.#signal.aborted || position === null) return this.#pause('user')
    const samples = run.sampled ? await this.#ports.log.openSamples(run.id) : []
    const asked = await this.#questions.ask(position, this.#engine, samples)
    if (asked.ok) return this.#store(run, asked.value)
    if (asked.failure.kind === 'not-stored') return this.#giveUp(asked.failure.failure)
    return this.#failed(run, asked.failure)
  }

  #endOf(run: RunSummary): Ended | null {
    if (nextPosition(run) === null) return { kind: 'finished' }
    // Held answers are looked at as well, so that a run is not asked more than it needs; they are compared before it ends.
    const reason = dueStop(withReleased(run)) ?? (this.#wish === 'stop' ? 'user' : null)
    return reason && { kind: 'stopped', reason }
  }

  async #store(run: RunSummary, answer: Answer): Promise<Stored> {
    const holding = holdingOf(run, answer)
    if (holding.kind === 'withdrawn') return this.#withdraw(run)
    this.#questions.begin(answer.position + 1, this.#engine)
    const released = holding.releases ? await this.#release() : null
    if (released && !released.ok) return this.#giveUp(released.failure)
    const held = holding.isHeld ? ({ isHeld: true } as const) : {}
    const stored = await this.#append({ kind: 'answered', at: answer.answeredAt, answer, ...held })
    return stored.ok ? stored : this.#giveUp(stored.failure)
  }

  /** Compares what is held before answering ends. Who ends it wants a result: that is not given up for the wish. */
  async #compare(run: RunSummary): Promise<Stored> {
    this.#questions.drop()
    this.#ports.show({ kind: 'comparing' })
    const signal = this.#wish ? new AbortController().signal : this.#signal
    const agrees = await compareHeld(this.#plan, run, this.#engine, this.#ports, signal)
    if (agrees.ok) {
      if (!agrees.value) return this.#withdraw(run)
      const released = await this.#release()
      return released.ok ? released : this.#giveUp(released.failure)
    }
    // The wish came meanwhile: then once more, and that one is waited for.
    if (signal.aborted) return success(run)
    // The answers stay held.
    if (this.#wish) return this.#wish === 'stop' ? this.#stop('user') : this.#pause('user')
    return this.#failed(run, agrees.failure)
  }

  /** A comparison failed: from now on, every prompt is read from its beginning. */
  async #withdraw(run: RunSummary, cause: EngineFailure | null = null): Promise<Stored> {
    const withdrawnFrom = countedAnswers(run)
    const at = this.#ports.now()
    const reason = 'comparison-failed'
    const paused = await this.#append({ kind: 'paused', at, reason, failure: cause, withdrawnFrom })
    if (!paused.ok) return this.#giveUp(paused.failure)
    this.#readAnew()
    return this.#start()
  }

  async #failed(run: RunSummary, cause: EngineFailure | { kind: 'item-missing' }): Promise<Stored> {
    if (cause.kind === 'reuse-check-failed' && !run.readsAnew) return this.#withdraw(run, cause)
    if (this.#signal.aborted) return success(run)
    if (cause.kind === 'item-missing') return this.#pause('item-missing')
    if (cause.kind === 'taken-over') return this.#pause('taken-over')
    const loss = lossReason(cause)
    if (!loss) return this.#pause('engine-failure', cause)
    const paused = await this.#pause(loss, cause)
    return paused.ok ? this.#recover(paused.value, cause) : paused
  }

  async #recover(run: RunSummary, cause: EngineFailure): Promise<Stored> {
    // A second loss at the same reply is no accident of the driver: leave it to the user.
    const place = `${run.answered}/${run.sampled ?? 0}`
    if (this.#recoveredAt === place) return success(run)
    this.#recoveredAt = place
    this.#ports.show({ kind: 'recovering', failure: cause })
    const reloaded = await this.#ports.reload(this.#signal)
    if (this.#signal.aborted) return this.#wish === 'stop' ? this.#stop('user') : success(run)
    if (!reloaded.ok) return success(run)
    this.#engine = reloaded.value
    return this.#start()
  }

  #start(): Promise<Stored> {
    const { userAgent } = this.#ports
    return this.#append({ kind: 'started', at: this.#ports.now(), engine: this.#engine, userAgent })
  }

  #pause(reason: PauseReason, cause: EngineFailure | null = null): Promise<Stored> {
    return this.#append({ kind: 'paused', at: this.#ports.now(), reason, failure: cause })
  }

  #stop(reason: StopReason): Promise<Stored> {
    return this.#append({ kind: 'stopped', at: this.#ports.now(), reason })
  }

  #release(): Promise<Stored> {
    return this.#append({ kind: 'released', at: this.#ports.now() })
  }

  /** The small event of a pause often still fits where a reply did not; if not, the run resumes as interrupted. */
  async #giveUp(cause: LogFailure): Promise<Stored> {
    if (cause.kind === 'storage-full') await this.#pause('storage-full')
    return failure(cause)
  }

  async #append(event: RunEvent): Promise<Stored> {
    const stored = await this.#ports.log.append(this.#plan.id, event)
    if (stored.ok) this.#ports.show({ kind: 'stored', summary: stored.value })
    return stored
  }

  #readAnew(): void {
    this.#questions.drop()
    this.#questions = this.#newQuestions({ ...this.#ports, engine: readingAnew(this.#ports.engine) })
  }

  #newQuestions(ports: QueuePorts): QuestionQueue {
    const keep: KeepSample = (position, sample) =>
      this.#append({ kind: 'sampled', at: ports.now(), position, sample })
    return new QuestionQueue(this.#plan, ports, keep, this.#signal)
  }

  /** Null while nobody wants the run to end. */
  get #wish(): RunWish | null {
    return this.#signal.aborted ? (this.#signal.reason as RunWish) : null
  }
}

/** After these the model must be loaded again, which may well help; null for any other failure. */
function lossReason({ kind }: EngineFailure): PauseReason | null {
  if (kind === 'out-of-memory') return kind
  return kind === 'worker-lost' || kind === 'device-lost' ? 'device-lost' : null
}
