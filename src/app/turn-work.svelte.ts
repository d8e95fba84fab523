import { modelKey, type ComparedModel } from '#core/chat/comparison'
import { success } from '#core/result'
import type { RunId } from '#core/run/types'
import type { StudyId } from '#core/study/types'
import type { RunLocks } from '#data/run-lock'
import type { Models } from './models.svelte'
import {
  workByTurns,
  type TurnEvent,
  type TurnPorts,
  type TurnProblem,
  type Turns,
  type TurnSession,
  type TurnTask,
} from './turn-loop'

export interface TurnWorkPorts {
  engine: TurnPorts<never>['engine']
  models: Pick<Models, 'load' | 'loaded'>
  locks: Pick<RunLocks, 'acquire'>
  /** Told when work has begun and when it has ended. */
  studies: { workChanged: () => Promise<void> }
  /** Whether a conversation, a run or other work is using the engine. */
  isEngineTaken: () => boolean
  keepAwake: () => () => void
  now: () => number
}

type WorkedSession<State, Event> = TurnSession<State, Event> & { readonly id: StudyId; refresh(): void }

export interface ActiveTurn<Role> {
  id: StudyId
  /** Null until it is known whose turn it is. */
  role: Role | null
  phase: 'preparing' | 'loading' | 'working' | 'ending'
}

/** The work on studies of one kind: one at a time. */
export class TurnWork<State, Role, Task extends TurnTask<Role>, Event, Refusal> {
  readonly #turns: Turns<State, Role, Task, Event, Refusal>
  readonly #ports: TurnWorkPorts
  #active = $state.raw<ActiveTurn<Role> | null>(null)
  #problem = $state.raw<{ id: StudyId; problem: TurnProblem<Refusal> } | null>(null)
  #control: AbortController | undefined

  constructor(turns: Turns<State, Role, Task, Event, Refusal>, ports: TurnWorkPorts) {
    this.#turns = turns
    this.#ports = ports
  }

  get active(): ActiveTurn<Role> | null {
    return this.#active
  }

  get busy(): boolean {
    return this.#active !== null
  }

  /** The engine answers elsewhere in this app; nothing can go on. */
  get isEngineTaken(): boolean {
    return !this.busy && this.#ports.isEngineTaken()
  }

  problemOf(id: StudyId): TurnProblem<Refusal> | null {
    return this.#problem?.id === id ? this.#problem.problem : null
  }

  /** Works until nothing is left, `stop`, or something is in the way; see `problemOf`. */
  async resume(session: WorkedSession<State, Event | TurnEvent<Role>>): Promise<void> {
    if (this.busy || this.isEngineTaken) return
    const { id } = session
    this.#active = { id, role: null, phase: 'preparing' }
    this.#problem = null
    this.#control = new AbortController()
    const { signal } = this.#control
    const sleepAgain = this.#ports.keepAwake()
    try {
      const problem = await this.#work(session, signal)
      this.#problem = problem && { id, problem }
    } finally {
      sleepAgain()
      session.refresh()
      this.#active = null
    }
  }

  stop(): void {
    if (this.#active) this.#active = { ...this.#active, phase: 'ending' }
    this.#control?.abort()
  }

  async #work(
    session: WorkedSession<State, Event | TurnEvent<Role>>,
    signal: AbortSignal,
  ): Promise<TurnProblem<Refusal> | null> {
    const { engine, locks, now, studies } = this.#ports
    const lock = await locks.acquire(session.id as string as RunId)
    if (lock.kind === 'busy') return { kind: 'busy', holder: lock.holder }
    void studies.workChanged()
    try {
      const ports: TurnPorts<Role> = {
        ...{ engine, now },
        load: (model, signal) => this.#load(model, signal),
        loaded: () => this.#ports.models.loaded?.description ?? null,
        show: (role, phase) => {
          // A stop that was asked for stays visible until it has happened.
          if (this.#active && this.#active.phase !== 'ending') this.#active = { id: session.id, role, phase }
        },
      }
      return await workByTurns(this.#turns, session, ports, signal)
    } finally {
      await lock.release()
      await studies.workChanged()
    }
  }

  async #load(model: ComparedModel, signal: AbortSignal) {
    const { models } = this.#ports
    const { loaded } = models
    const held = loaded && modelKey({ modelId: loaded.model.id, variantId: loaded.variant.id })
    if (loaded && held === modelKey(model)) return success(loaded.description)
    return models.load({ modelId: model.modelId, variantId: model.variantId }, signal)
  }
}
