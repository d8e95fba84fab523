/** What the events of each kind of study must be like, wherever they come from. */
import * as v from 'valibot'
import { illegalFilterEvent, StoredFilterEvent } from '../cross-filter/shapes'
import type { FilterEvent } from '../cross-filter/types'
import { StoredExpertsEvent } from '../experts/shapes'
import { reduceExperts, type ExpertsState } from '../experts/state'
import type { ExpertsEvent } from '../experts/types'
import { illegalOpenEvent, StoredOpenEvent } from '../open-ended/shapes'
import type { OpenEvent } from '../open-ended/types'
import type { StudyEvent, StudyKind } from './types'

export interface StudyShape {
  event: v.GenericSchema
  /** The number of the first event, all of the right shape, that cannot follow those before it; null when each can. */
  illegalAt: (events: readonly StudyEvent[]) => number | null
}

export const STUDY_SHAPES: Record<StudyKind, StudyShape> = {
  experts: { event: StoredExpertsEvent, illegalAt: illegalExpertsEvent },
  'cross-filter': {
    event: StoredFilterEvent,
    illegalAt: (events) => illegalFilterEvent(events as readonly FilterEvent[]),
  },
  'open-ended': {
    event: StoredOpenEvent,
    illegalAt: (events) => illegalOpenEvent(events as readonly OpenEvent[]),
  },
}

function illegalExpertsEvent(events: readonly StudyEvent[]): number | null {
  let state: ExpertsState | null = null
  for (const [index, event] of events.entries()) {
    const next = reduceExperts(state, event as ExpertsEvent)
    if (!next.ok) return index
    state = next.value
  }
  return null
}
