/** The thin loop that answers a run: ask, store, believe, go on. Everything it decides is in the run's reducer. */
import type { EngineDescription, EngineFailure, EngineResult } from '#core/engine'
import { failure, type Result } from '#core/result'
import { dueStop } from '#core/run/budget'
import type { LogFailure, RunLog } from '#core/run/log'
import { nextPosition, type RunSummary } from '#core/run/summary'
import type { PauseReason, RunEvent, RunPlan, StopReason } from '#core/run/types'
import type { KeepSample } from './ask-by-sampling'
import type { AskMoment } from './ask-question'
import { QuestionQueue, type QueuePorts } from './question-queue'

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
  AskMoment | { kind: 'recovering'; failure: EngineFailure } | { kind: 'stored'; summary: RunSummary }

/**
 * Answers the open questions of `plan` with the loaded model until the run is finished, stopped or paused;
 * the returned summary says which. Of a question that was interrupted, the samples that are stored count. Fails only when the log refuses an event: what was stored before stays.
 *
 * @param signal aborted with a `RunWish` as its reason; the reply under way is dropped and asked again on resume.
 */
export async function answerRun(
  plan: RunPlan,
  engine: EngineDescription,
  ports: RunLoopPorts,
  signal: AbortSignal,
): Promise<Result<RunSummary, LogFailure>> {
  const append: Append = async (event) => {
    const stored = await ports.log.append(plan.id, event)
    if (stored.ok) ports.show({ kind: 'stored', summary: stored.value })
    return stored
  }
  const keep: KeepSample = (position, sample) =>
    append({ kind: 'sampled', at: ports.now(), position, sample })
  const questions = new QuestionQueue(plan, ports, keep, signal)
  try {
    return await answerQuestions(append, engine, questions, ports, signal)
  } finally {
    questions.drop()
  }
}

type Append = (event: RunEvent) => Promise<Result<RunSummary, LogFailure>>

async function answerQuestions(
  append: Append,
  engine: EngineDescription,
  questions: QuestionQueue,
  ports: RunLoopPorts,
  signal: AbortSignal,
): Promise<Result<RunSummary, LogFailure>> {
  const start = (description: EngineDescription) =>
    append({ kind: 'started', at: ports.now(), engine: description, userAgent: ports.userAgent })
  const pause = (reason: PauseReason, cause: EngineFailure | null = null) =>
    append({ kind: 'paused', at: ports.now(), reason, failure: cause })
  const stop = (reason: StopReason) => append({ kind: 'stopped', at: ports.now(), reason })
  const endAsWished = () => ((signal.reason as RunWish) === 'stop' ? stop('user') : pause('user'))

  let run = await start(engine)
  let recoveredAt: string | null = null
  while (run.ok) {
    const position = nextPosition(run.value)
    if (position === null) return append({ kind: 'finished', at: ports.now() })
    const due = dueStop(run.value)
    if (due) return stop(due)
    if (signal.aborted) return endAsWished()
    const samples = run.value.sampled ? await ports.log.openSamples(run.value.id) : []
    const asked = await questions.ask(position, engine, samples)
    if (asked.ok) {
      questions.begin(position + 1, engine)
      run = await append({ kind: 'answered', at: asked.value.answeredAt, answer: asked.value })
      // The small event often still fits where the reply did not; if not, the run resumes as interrupted.
      if (!run.ok && run.failure.kind === 'storage-full') await pause('storage-full')
      continue
    }
    if (asked.failure.kind === 'not-stored') {
      if (asked.failure.failure.kind === 'storage-full') await pause('storage-full')
      return failure(asked.failure.failure)
    }
    if (signal.aborted) return endAsWished()
    if (asked.failure.kind === 'item-missing') return pause('item-missing')
    if (asked.failure.kind === 'taken-over') return pause('taken-over')
    const loss = lossReason(asked.failure)
    if (!loss) return pause('engine-failure', asked.failure)
    run = await pause(loss, asked.failure)
    if (!run.ok) return run
    // A second loss at the same reply is no accident of the driver: leave it to the user.
    const place = `${position}/${run.value.sampled ?? 0}`
    if (recoveredAt === place) return run
    recoveredAt = place
    ports.show({ kind: 'recovering', failure: asked.failure })
    const reloaded = await ports.reload(signal)
    if (signal.aborted) return (signal.reason as RunWish) === 'stop' ? stop('user') : run
    if (!reloaded.ok) return run
    engine = reloaded.value
    run = await start(engine)
  }
  return run
}

/** After these the model must be loaded again, which may well help; null for any other failure. */
function lossReason({ kind }: EngineFailure): PauseReason | null {
  if (kind === 'out-of-memory') return kind
  return kind === 'worker-lost' || kind === 'device-lost' ? 'device-lost' : null
}
