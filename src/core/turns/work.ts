/** Work over the pairs of a study that models do by turns: what one of them has done so far. */
import type { ComparedModel } from '../chat/comparison'
import type { EngineDescription, EngineFailure } from '../engine'

export interface WorkState {
  model: ComparedModel
  /** Null until it began. */
  engine: EngineDescription | null
  /** Pairs that do not fit its context, and why. */
  passedOver: ReadonlyMap<number, EngineFailure>
  /** What is stored of it (answers, score sets, comparisons), and the time that it took. */
  done: number
  elapsedMs: number
}

/** Why the work stopped. */
export type PauseReason =
  'user' | 'taken-over' | 'device-lost' | 'out-of-memory' | 'engine-failure' | 'storage-full'

export interface Pause {
  reason: PauseReason
  failure: EngineFailure | null
}

export function newWork(model: ComparedModel): WorkState {
  return { model, engine: null, passedOver: new Map(), done: 0, elapsedMs: 0 }
}

/** With one more thing done. */
export function counted<Work extends WorkState>(work: Work, { elapsedMs }: { elapsedMs: number }): Work {
  return { ...work, done: work.done + 1, elapsedMs: work.elapsedMs + elapsedMs }
}

export function passedOver<Work extends WorkState>(work: Work, pair: number, failure: EngineFailure): Work {
  return { ...work, passedOver: new Map(work.passedOver).set(pair, failure) }
}

/** A list with nothing for each pair yet; `put` fills it. */
export function emptyList<Value>(pairs: readonly unknown[]): (Value | null)[] {
  return pairs.map(() => null)
}

/** Long lists are not copied for each of thousands of events. */
export function put<Value>(list: readonly Value[], index: number, value: Value): void {
  ;(list as Value[])[index] = value
}

export interface TurnProgress<Role> {
  role: Role
  done: number
  total: number
  /** At the mean pace of this turn so far; null before the first, 0 when it is over. */
  remainingMs: number | null
}

/** `left`: how much the role still has to do, as far as is known. */
export function progressOf<Role>(role: Role, work: WorkState | null, left: number): TurnProgress<Role> {
  const { done = 0, elapsedMs = 0 } = work ?? {}
  const pace = done > 0 ? elapsedMs / done : null
  return { role, done, total: done + left, remainingMs: left === 0 ? 0 : pace === null ? null : pace * left }
}
