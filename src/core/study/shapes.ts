/** What the events of each kind of study must be like, wherever they come from. */
import * as v from 'valibot'
import { StoredExpertsEvent } from '../experts/shapes'
import { reduceExperts, type ExpertsState } from '../experts/state'
import type { ExpertsEvent } from '../experts/types'
import { Line, Time } from '../receipt/shapes'
import type { StudyEvent, StudyKind } from './types'

export interface StudyShape {
  event: v.GenericSchema
  /** The number of the first event, all of the right shape, that cannot follow those before it; null when each can. */
  illegalAt: (events: readonly StudyEvent[]) => number | null
}

export const STUDY_SHAPES: Record<StudyKind, StudyShape> = {
  experts: { event: StoredExpertsEvent, illegalAt: illegalExpertsEvent },
  'cross-filter': {
    event: v.looseObject({ kind: Line, at: Time }),
    illegalAt: ([first]) => (first?.kind === 'created' ? null : 0),
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
