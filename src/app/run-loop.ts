/** The thin loop that answers a run: ask, store, believe, go on. Everything it decides is in the run's reducer. */
import type {
  Engine,
  EngineDescription,
  EngineFailure,
  EngineResult,
  Generation,
  GenerationEvent,
} from '#core/engine'
import type { Item } from '#core/dataset/item'
import { promptMessages } from '#core/prompt/messages'
import type { Result } from '#core/result'
import type { LogFailure, RunLog } from '#core/run/log'
import { nextPosition, type RunSummary } from '#core/run/summary'
import type { Answer, PauseReason, RunEvent, RunPlan } from '#core/run/types'

/** Why a loop's signal was aborted. */
export type RunWish = 'pause' | 'stop'

export type ReplyReading = Pick<Answer, 'officialLetter' | 'strictLetter' | 'strictReason'>

export interface RunLoopPorts {
  log: RunLog
  engine: Pick<Engine, 'generate'>
  /** What is loaded now; null when nothing is. */
  loaded(): EngineDescription | null
  /** Loads the run's model once more after the worker, the GPU or the memory was lost. */
  reload(signal: AbortSignal): Promise<EngineResult<EngineDescription>>
  /** The dataset's item at an index, or null when it is gone. */
  item(index: number): Promise<Item | null>
  read(reply: string, item: Item, finish: Answer['finish']): Promise<ReplyReading>
  now(): number
  /** Whether the page is in the background, or was since the last call. */
  hidden(): boolean
  userAgent: string
  /** For the screen only; what counts is in the log. */
  show(moment: RunMoment): void
}

export type RunMoment =
  | { kind: 'question'; position: number; item: Item }
  | { kind: 'generation'; event: GenerationEvent }
  | { kind: 'recovering'; failure: EngineFailure }
  | { kind: 'stored'; summary: RunSummary }

type Asked = { kind: 'answer'; answer: Answer } | { kind: 'failure'; failure: EngineFailure }

/**
 * Answers the open questions of `plan` with the loaded model until the run is finished, stopped or paused;
 * the returned summary says which. Fails only when the log refuses an event: what was stored before stays.
 *
 * @param signal aborted with a `RunWish` as its reason; the reply under way is dropped and asked again on resume.
 */
export async function answerRun(
  plan: RunPlan,
  engine: EngineDescription,
  ports: RunLoopPorts,
  signal: AbortSignal,
): Promise<Result<RunSummary, LogFailure>> {
  const append = async (event: RunEvent) => {
    const stored = await ports.log.append(plan.id, event)
    if (stored.ok) ports.show({ kind: 'stored', summary: stored.value })
    return stored
  }
  const start = (description: EngineDescription) =>
    append({ kind: 'started', at: ports.now(), engine: description, userAgent: ports.userAgent })
  const pause = (reason: PauseReason, failure: EngineFailure | null = null) =>
    append({ kind: 'paused', at: ports.now(), reason, failure })
  const stop = () => append({ kind: 'stopped', at: ports.now(), reason: 'user' })
  const endAsWished = () => ((signal.reason as RunWish) === 'stop' ? stop() : pause('user'))

  let run = await start(engine)
  let recoveredAt: number | null = null
  while (run.ok) {
    const position = nextPosition(run.value)
    if (position === null) return append({ kind: 'finished', at: ports.now() })
    if (signal.aborted) return endAsWished()
    const item = await ports.item(plan.itemIndexes[position] ?? -1)
    if (!item) return pause('item-missing')
    const asked = await ask(plan, position, item, engine, ports, signal)
    if (asked.kind === 'answer') {
      run = await append({ kind: 'answered', at: asked.answer.answeredAt, answer: asked.answer })
      // The small event often still fits where the reply did not; if not, the run resumes as interrupted.
      if (!run.ok && run.failure.kind === 'storage-full') await pause('storage-full')
      continue
    }
    if (signal.aborted) return endAsWished()
    if (asked.failure.kind === 'taken-over') return pause('taken-over')
    const loss = lossReason(asked.failure)
    if (!loss) return pause('engine-failure', asked.failure)
    run = await pause(loss, asked.failure)
    // A second loss at the same question is no accident of the driver: leave it to the user.
    if (!run.ok || recoveredAt === position) return run
    recoveredAt = position
    ports.show({ kind: 'recovering', failure: asked.failure })
    const reloaded = await ports.reload(signal)
    if (signal.aborted) return (signal.reason as RunWish) === 'stop' ? stop() : run
    if (!reloaded.ok) return run
    engine = reloaded.value
    run = await start(engine)
  }
  return run
}

async function ask(
  plan: RunPlan,
  position: number,
  item: Item,
  engine: EngineDescription,
  ports: RunLoopPorts,
  signal: AbortSignal,
): Promise<Asked> {
  ports.show({ kind: 'question', position, item })
  let hidden = ports.hidden()
  const request = {
    messages: promptMessages(item, plan.prompts.templates['chain-of-thought']),
    ...plan.decoding,
  }
  const onEvent = (event: GenerationEvent) => {
    hidden = ports.hidden() || hidden
    ports.show({ kind: 'generation', event })
  }
  const generated = await ports.engine.generate(request, onEvent, signal)
  // Asked each time: what is not asked for would be told of the next question.
  hidden = ports.hidden() || hidden
  if (!generated.ok && generated.failure.kind !== 'context-exceeded') {
    return { kind: 'failure', failure: generated.failure }
  }
  if (generated.ok && generated.value.finish === 'abort')
    return { kind: 'failure', failure: { kind: 'aborted' } }
  // Another model may have been loaded while the question waited: its answer must not count for this run.
  if (ports.loaded()?.fingerprint !== engine.fingerprint)
    return { kind: 'failure', failure: { kind: 'not-loaded' } }
  const { text, ...measured } = generated.ok ? generated.value : NOTHING_GENERATED
  return {
    kind: 'answer',
    answer: {
      position,
      item,
      rotation: 0,
      forward: null,
      reply: text,
      ...measured,
      answeredAt: ports.now(),
      hidden,
      failure: generated.ok ? null : generated.failure,
      ...(generated.ok ? await ports.read(text, item, measured.finish) : NOTHING_READ),
    },
  }
}

/**
 * An item whose prompt does not fit the context counts as wrong in both scorings (see docs/decisions.md); the
 * official extraction would guess a letter even from nothing.
 */
const NOTHING_READ: ReplyReading = { officialLetter: null, strictLetter: null, strictReason: 'empty' }
const NOTHING_GENERATED: Generation = {
  text: '',
  finish: 'length',
  promptTokens: 0,
  completionTokens: 0,
  timeToFirstTokenMs: 0,
  decodeMs: 0,
}

/** After these the model must be loaded again, which may well help; null for any other failure. */
function lossReason({ kind }: EngineFailure): PauseReason | null {
  if (kind === 'out-of-memory') return kind
  return kind === 'worker-lost' || kind === 'device-lost' ? 'device-lost' : null
}
