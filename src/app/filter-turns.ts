/** What a cross-filter does in its turns. */
import { nextTask, workOf, type Task } from '#core/cross-filter/next'
import { weightsRefusal, type FilterState, type SameModel } from '#core/cross-filter/state'
import type { Role } from '#core/cross-filter/types'
import { askFilter, type FilterDone } from './ask-filter'
import type { Turns } from './turn-loop'

export const FILTER_TURNS: Turns<FilterState, Role, Task, FilterDone, SameModel> = {
  next: nextTask,
  modelOf: (state, role) => workOf(state, role)?.model,
  refusal: weightsRefusal,
  ask: askFilter,
}
