/** The thin loop of work that models do by turns: load whose turn it is, ask, store, believe, go on. */
import type { ComparedModel } from '#core/chat/comparison'
import type { Engine, EngineDescription, EngineFailure, EngineResult } from '#core/engine'
import { failure, type Result } from '#core/result'
import type { StudyFailure } from '#core/study/log'
import type { Pause, PauseReason } from '#core/turns/work'

export interface TurnPorts<Role> {
  engine: Pick<Engine, 'generate' | 'scoreLetters'>
  /** Loads the model unless it is loaded. */
  load(model: ComparedModel, signal: AbortSignal): Promise<EngineResult<EngineDescription>>
  /** What is loaded now; null when nothing is. */
  loaded: () => EngineDescription | null
  now: () => number
  /** For the screen only. */
  show(role: Role, phase: 'loading' | 'working'): void
}

/** Why a study cannot go on; `model` is the one whose turn it was. */
export type TurnProblem<Refusal> =
  | { kind: 'busy'; holder: 'run' | 'engine' }
  | { kind: 'engine'; model: ComparedModel; failure: EngineFailure }
  | { kind: 'refused'; model: ComparedModel; refusal: Refusal }
  | { kind: 'storage'; failure: StudyFailure }

/** Events that all such studies have. */
export type TurnEvent<Role> =
  | { kind: 'started'; at: number; role: Role; engine: EngineDescription }
  | { kind: 'passed-over'; at: number; role: Role; pair: number; failure: EngineFailure }
  | ({ kind: 'paused'; at: number } & Pause)

export interface TurnTask<Role> {
  role: Role
  pair: number
}

/** What a kind of study does in its turns. */
export interface Turns<State, Role, Task extends TurnTask<Role>, Event, Refusal> {
  next(state: State): Task | null
  modelOf(state: State, role: Role): ComparedModel | undefined
  /** Why a model with these weights must not take the turn. */
  refusal(state: State, role: Role, fingerprint: string): Refusal | null
  ask(
    state: State,
    task: Task,
    engine: TurnPorts<Role>['engine'],
    at: () => number,
    signal: AbortSignal,
  ): Promise<EngineResult<Event>>
}

export interface TurnSession<State, Event> {
  readonly state: State
  append(event: Event): Promise<Result<void, StudyFailure>>
}

/**
 * Works until nothing is left or the signal aborts (null), or something is in the way. Whatever a task gives is stored
 * before the next is asked for; what is under way at an abort is dropped and asked again.
 */
export async function workByTurns<State, Role, Task extends TurnTask<Role>, Event, Refusal>(
  turns: Turns<State, Role, Task, Event, Refusal>,
  session: TurnSession<State, Event | TurnEvent<Role>>,
  ports: TurnPorts<Role>,
  signal: AbortSignal,
): Promise<TurnProblem<Refusal> | null> {
  const loop = new TurnLoop(turns, session, ports, signal)
  for (;;) {
    const task = turns.next(session.state)
    if (!task) return null
    const problem = await loop.do(task)
    if (problem !== 'go-on') return problem
  }
}

type Outcome<Refusal> = TurnProblem<Refusal> | null | 'go-on'

class TurnLoop<State, Role, Task extends TurnTask<Role>, Event, Refusal> {
  readonly #turns: Turns<State, Role, Task, Event, Refusal>
  readonly #session: TurnSession<State, Event | TurnEvent<Role>>
  readonly #ports: TurnPorts<Role>
  readonly #signal: AbortSignal
  /** Whose turn it is, and whose model is therefore loaded. */
  #role: Role | null = null
  #fingerprint = ''
  /** The pair at which the model was lost; a second loss there is no accident. */
  #lostAt: number | null = null

  constructor(
    turns: Turns<State, Role, Task, Event, Refusal>,
    session: TurnSession<State, Event | TurnEvent<Role>>,
    ports: TurnPorts<Role>,
    signal: AbortSignal,
  ) {
    this.#turns = turns
    this.#session = session
    this.#ports = ports
    this.#signal = signal
  }

  async do(task: Task): Promise<Outcome<Refusal>> {
    const { state } = this.#session
    const { role, pair } = task
    const model = this.#turns.modelOf(state, role)
    if (!model) throw new Error(`no model for ${String(role)}`)
    if (this.#signal.aborted) return this.#pause('user')
    if (this.#role !== role) {
      const obstacle = await this.#begin(role, model)
      if (obstacle !== 'go-on') return obstacle
    }
    const { now } = this.#ports
    const asked = await this.#ask(state, task)
    if (asked.ok) return this.#append(asked.value)
    if (this.#signal.aborted) return this.#pause('user')
    if (isTooLong(asked))
      return this.#append({ kind: 'passed-over', at: now(), role, pair, failure: asked.failure })
    return this.#fail(task, model, asked.failure)
  }

  async #ask(state: State, task: Task): Promise<EngineResult<Event>> {
    const { engine, loaded, now } = this.#ports
    const asked = await this.#turns.ask(state, task, engine, now, this.#signal)
    // Another model may have been loaded meanwhile: what it says must not count for this one.
    const isOther = loaded()?.fingerprint !== this.#fingerprint
    return isOther && (asked.ok || isTooLong(asked)) ? failure({ kind: 'not-loaded' }) : asked
  }

  async #begin(role: Role, model: ComparedModel): Promise<Outcome<Refusal>> {
    this.#ports.show(role, 'loading')
    const loaded = await this.#ports.load(model, this.#signal)
    if (this.#signal.aborted) return this.#pause('user')
    if (!loaded.ok) {
      // Cancelled beside the study: a wish, not a problem.
      if (loaded.failure.kind === 'aborted') return null
      const unstored = await this.#pause(pauseReason(loaded.failure), loaded.failure)
      return unstored ?? { kind: 'engine', model, failure: loaded.failure }
    }
    const refusal = this.#turns.refusal(this.#session.state, role, loaded.value.fingerprint)
    if (refusal) return { kind: 'refused', model, refusal }
    const begun = await this.#append({ kind: 'started', at: this.#ports.now(), role, engine: loaded.value })
    if (begun !== 'go-on') return begun
    this.#role = role
    this.#fingerprint = loaded.value.fingerprint
    this.#ports.show(role, 'working')
    return 'go-on'
  }

  /** A model that was lost is loaded once more. */
  async #fail(task: Task, model: ComparedModel, failure: EngineFailure): Promise<Outcome<Refusal>> {
    const reason = pauseReason(failure)
    const paused = await this.#pause(reason, failure)
    if (paused || reason === 'taken-over') return paused
    const isLost = reason !== 'engine-failure'
    if (!isLost || this.#lostAt === task.pair) return { kind: 'engine', model, failure }
    this.#lostAt = task.pair
    this.#role = null
    return 'go-on'
  }

  async #pause(
    reason: PauseReason,
    failure: EngineFailure | null = null,
  ): Promise<TurnProblem<Refusal> | null> {
    const outcome = await this.#append({ kind: 'paused', at: this.#ports.now(), reason, failure })
    return outcome === 'go-on' ? null : outcome
  }

  async #append(event: Event | TurnEvent<Role>): Promise<TurnProblem<Refusal> | 'go-on'> {
    const stored = await this.#session.append(event)
    return stored.ok ? 'go-on' : { kind: 'storage', failure: stored.failure }
  }
}

function isTooLong(asked: EngineResult<unknown>): boolean {
  return !asked.ok && asked.failure.kind === 'context-exceeded'
}

/** What a failure of the engine is to a study. */
export function pauseReason({ kind }: EngineFailure): PauseReason {
  if (kind === 'taken-over' || kind === 'out-of-memory') return kind
  return kind === 'worker-lost' || kind === 'device-lost' || kind === 'not-loaded'
    ? 'device-lost'
    : 'engine-failure'
}
