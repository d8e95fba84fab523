/** What is to be done next, and how much is left. */
import { progressOf, type TurnProgress } from '../turns/work'
import { answersTo, openWork, type OpenState } from './state'
import { AUTHORS, PLACE_ORDERS, type Author, type OpenRole, type PlaceOrder } from './types'

export type OpenTask = { role: Author; pair: number } | { role: 'judge'; pair: number; order: PlaceOrder }

/** The first model answers all questions, then the second, then both orders of each are judged: each is loaded once. */
export function nextOpenTask(state: OpenState): OpenTask | null {
  for (const role of openRoles(state)) {
    const [task] = tasks(state, role)
    if (task) return task
  }
  return null
}

/** In the order of their turns. */
export function openRoles({ judge }: Pick<OpenState, 'judge'>): OpenRole[] {
  return judge ? [...AUTHORS, 'judge'] : [...AUTHORS]
}

/** Counts answers, or comparisons: two of each question that gets both answers. */
export function openProgress(state: OpenState, role: OpenRole): TurnProgress<OpenRole> {
  return progressOf(role, openWork(state, role), [...tasks(state, role, true)].length)
}

/** `expected`: a question that may still be answered counts for the judge as well. */
function* tasks(state: OpenState, role: OpenRole, expected = false): Generator<OpenTask> {
  const { authors, judge } = state
  for (const pair of state.pairs.keys()) {
    if (role !== 'judge') {
      const { answers, passedOver } = authors[role]
      if (!answers[pair] && !passedOver.has(pair)) yield { role, pair }
      continue
    }
    const canHave = expected && !authors.some(({ passedOver }) => passedOver.has(pair))
    if (!judge || judge.passedOver.has(pair) || (!answersTo(state, pair) && !canHave)) continue
    for (const order of PLACE_ORDERS) if (!judge.compared[order][pair]) yield { role, pair, order }
  }
}
