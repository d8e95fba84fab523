/** What is to be done next, and how much is left. */
import { progressOf, type TurnProgress, type WorkState } from '../turns/work'
import { answerOf, type FilterState } from './state'
import { SCALE_ORDERS, type JudgeIndex, type Role, type ScaleOrder } from './types'

export type Task = { role: 'generator'; pair: number } | { role: JudgeIndex; pair: number; order: ScaleOrder }

/**
 * All questions are answered before the first answer is judged, and the first judge is done before the second begins,
 * so that each model is loaded once. A pair's reversed scale follows its straight one. Null when nothing is left.
 */
export function nextTask(state: FilterState): Task | null {
  for (const role of rolesOf(state)) {
    const [task] = tasks(state, role)
    if (task) return task
  }
  return null
}

/** In the order of their turns. */
export function rolesOf({ generator, judges }: FilterState): Role[] {
  return [...(generator ? (['generator'] as const) : []), ...judges.map((_, index) => index as JudgeIndex)]
}

export function workOf({ generator, judges }: FilterState, role: Role): WorkState | null {
  return role === 'generator' ? generator : (judges[role] ?? null)
}

/** Pairs without an answer are counted until they are known to get none. */
export function turnProgress(state: FilterState, role: Role): TurnProgress<Role> {
  return progressOf(role, workOf(state, role), [...tasks(state, role, true)].length)
}

/** `expected`: a pair whose answer may still be generated counts for the judges as well. */
function* tasks(state: FilterState, role: Role, expected = false): Generator<Task> {
  const { generator } = state
  for (const [pair, { answer }] of state.pairs.entries()) {
    if (role === 'generator') {
      const isDone = answer !== null || generator?.answers[pair] || generator?.passedOver.has(pair)
      if (!isDone) yield { role, pair }
      continue
    }
    const judge = state.judges[role]
    const willHave = expected && generator !== null && !generator.passedOver.has(pair)
    if (!judge || judge.passedOver.has(pair) || (answerOf(state, pair) === null && !willHave)) continue
    for (const order of SCALE_ORDERS) {
      const isAsked = order === 'straight' || state.orderSample.has(pair)
      if (isAsked && !judge.scores[order][pair]) yield { role, pair, order }
    }
  }
}
