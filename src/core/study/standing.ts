/** How a study stands, for lists: what is to be seen without opening it. */
import { nextTask } from '../cross-filter/next'
import { FilterFold } from '../cross-filter/state'
import type { FilterEvent } from '../cross-filter/types'
import { nextStage, reduceExperts, type ExpertsState } from '../experts/state'
import type { ExpertsEvent } from '../experts/types'
import { nextOpenTask } from '../open-ended/next'
import { OpenFold } from '../open-ended/state'
import type { OpenEvent } from '../open-ended/types'
import type { Pause } from '../turns/work'
import type { Standing, StudyEvent, StudyKind } from './types'

/** Folds a study one event a step; gives null where its events do not make one. */
export function standingSteps(
  kind: StudyKind,
  events: readonly StudyEvent[],
): Generator<undefined, Standing | null> {
  switch (kind) {
    case 'experts':
      return expertsSteps(events as readonly ExpertsEvent[])
    case 'cross-filter':
      return turnSteps(new FilterFold(), events as readonly FilterEvent[], nextTask)
    case 'open-ended':
      return turnSteps(new OpenFold(), events as readonly OpenEvent[], nextOpenTask)
  }
}

function* expertsSteps(events: readonly ExpertsEvent[]): Generator<undefined, Standing | null> {
  let state: ExpertsState | null = null
  for (const event of events) {
    const next = reduceExperts(state, event)
    if (!next.ok) return null
    state = next.value
    yield
  }
  return state && standing(nextStage(state), state.pause)
}

function* turnSteps<Event, State extends { pause: Pause | null }>(
  fold: { readonly state: State | null; add(event: Event): string | null },
  events: readonly Event[],
  next: (state: State) => object | null,
): Generator<undefined, Standing | null> {
  for (const event of events) {
    if (fold.add(event) !== null) return null
    yield
  }
  const { state } = fold
  return state && standing(next(state), state.pause)
}

/** `next`: what is left to do; null where nothing is. */
function standing(next: object | null, pause: Pause | null): Standing {
  if (!next) return 'finished'
  return pause && isFailure(pause) ? 'failed' : 'resting'
}

/** A stop that somebody asked for, here or in another tab, is none. */
function isFailure({ reason }: Pause): boolean {
  return reason !== 'user' && reason !== 'taken-over'
}
