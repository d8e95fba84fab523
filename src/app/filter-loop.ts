/** The thin loop of a cross-filter: load whose turn it is, ask, store, believe, go on. */
import type { ComparedModel } from '#core/chat/comparison'
import { nextTask, workOf, type Task } from '#core/cross-filter/next'
import { weightsRefusal, type SameModel } from '#core/cross-filter/state'
import type { FilterPause, Role } from '#core/cross-filter/types'
import type { Engine, EngineDescription, EngineFailure, EngineResult } from '#core/engine'
import type { StudyFailure } from '#core/study/log'
import { askFilter } from './ask-filter'
import type { FilterSession } from './filter-session.svelte'

export interface FilterLoopPorts {
  engine: Pick<Engine, 'generate' | 'scoreLetters'>
  /** Loads the model unless it is loaded. */
  load(model: ComparedModel, signal: AbortSignal): Promise<EngineResult<EngineDescription>>
  now: () => number
  /** For the screen only. */
  show(role: Role, phase: 'loading' | 'working'): void
}

/** Why a filter cannot go on; `model` is the one whose turn it was. */
export type FilterProblem =
  | { kind: 'busy'; holder: 'run' | 'engine' }
  | { kind: 'engine'; model: ComparedModel; failure: EngineFailure }
  | { kind: 'refused'; model: ComparedModel; refusal: SameModel }
  | { kind: 'storage'; failure: StudyFailure }

/**
 * Works until nothing is left or the signal aborts (null), or something is in the way. Every answer and every set of
 * scores is stored before the next is asked for; what is under way at an abort is dropped and asked again.
 */
export async function workOnFilter(
  session: FilterSession,
  ports: FilterLoopPorts,
  signal: AbortSignal,
): Promise<FilterProblem | null> {
  const loop = new FilterLoop(session, ports, signal)
  for (;;) {
    const task = nextTask(session.state)
    if (!task) return null
    const problem = await loop.do(task)
    if (problem !== 'go-on') return problem
  }
}

type Outcome = FilterProblem | null | 'go-on'

class FilterLoop {
  readonly #session: FilterSession
  readonly #ports: FilterLoopPorts
  readonly #signal: AbortSignal
  /** Whose turn it is, and whose model is therefore loaded. */
  #role: Role | null = null
  /** The pair at which the model was lost; a second loss there is no accident. */
  #lostAt: number | null = null

  constructor(session: FilterSession, ports: FilterLoopPorts, signal: AbortSignal) {
    this.#session = session
    this.#ports = ports
    this.#signal = signal
  }

  async do(task: Task): Promise<Outcome> {
    const { state } = this.#session
    const model = workOf(state, task.role)?.model
    if (!model) throw new Error(`no model for ${task.role}`)
    if (this.#signal.aborted) return this.#pause('user')
    if (this.#role !== task.role) {
      const obstacle = await this.#begin(task.role, model)
      if (obstacle !== 'go-on') return obstacle
    }
    const { engine, now } = this.#ports
    const asked = await askFilter(state, task, engine, now, this.#signal)
    if (asked.ok) return this.#append(asked.value)
    if (this.#signal.aborted) return this.#pause('user')
    const { failure } = asked
    if (failure.kind === 'context-exceeded') {
      const { role, pair } = task
      return this.#append({ kind: 'passed-over', at: now(), role, pair, failure })
    }
    return this.#fail(task, model, failure)
  }

  async #begin(role: Role, model: ComparedModel): Promise<Outcome> {
    this.#ports.show(role, 'loading')
    const loaded = await this.#ports.load(model, this.#signal)
    if (this.#signal.aborted) return this.#pause('user')
    if (!loaded.ok) {
      // Cancelled beside the filter: a wish, not a problem.
      if (loaded.failure.kind === 'aborted') return null
      return { kind: 'engine', model, failure: loaded.failure }
    }
    const refusal = weightsRefusal(this.#session.state, role, loaded.value.fingerprint)
    if (refusal) return { kind: 'refused', model, refusal }
    const begun = await this.#append({ kind: 'started', at: this.#ports.now(), role, engine: loaded.value })
    if (begun !== 'go-on') return begun
    this.#role = role
    this.#ports.show(role, 'working')
    return 'go-on'
  }

  /** A model that was lost is loaded once more. */
  async #fail(task: Task, model: ComparedModel, failure: EngineFailure): Promise<Outcome> {
    const reason = pauseReason(failure)
    const paused = await this.#pause(reason, failure)
    if (paused || reason === 'taken-over') return paused
    const isLost = reason !== 'engine-failure'
    if (!isLost || this.#lostAt === task.pair) return { kind: 'engine', model, failure }
    this.#lostAt = task.pair
    this.#role = null
    return 'go-on'
  }

  async #pause(reason: FilterPause, failure: EngineFailure | null = null): Promise<FilterProblem | null> {
    const outcome = await this.#append({ kind: 'paused', at: this.#ports.now(), reason, failure })
    return outcome === 'go-on' ? null : outcome
  }

  async #append(event: Parameters<FilterSession['append']>[0]): Promise<FilterProblem | 'go-on'> {
    const stored = await this.#session.append(event)
    return stored.ok ? 'go-on' : { kind: 'storage', failure: stored.failure }
  }
}

function pauseReason({ kind }: EngineFailure): FilterPause {
  if (kind === 'taken-over' || kind === 'out-of-memory') return kind
  return kind === 'worker-lost' || kind === 'device-lost' || kind === 'not-loaded'
    ? 'device-lost'
    : 'engine-failure'
}
