import * as v from 'valibot'
import { misfitOf, shorten, type Misfit } from '../receipt/expected'
import { STUDY_SHAPES } from './shapes'
import type { StudyEvent, StudyKind } from './types'

/** Whether an event has a shape that studies of this kind have. */
export function isStudyEvent(kind: StudyKind, event: unknown): boolean {
  return v.safeParse(STUDY_SHAPES[kind].event, event).success
}

/** The first of a study's events that is not one of its kind, or does not follow those before it; `root` names them. */
export function studyMisfit(kind: StudyKind, events: readonly unknown[], root: string): Misfit | null {
  const { event: shape, illegalAt } = STUDY_SHAPES[kind]
  for (const [index, event] of events.entries()) {
    const parsed = v.safeParse(shape, event)
    if (!parsed.success) return misfitOf(parsed.issues[0], `${root}[${index}]`)
  }
  const illegal = illegalAt(events as readonly StudyEvent[])
  if (illegal === null) return null
  const found = (events as readonly StudyEvent[])[illegal]?.kind ?? '—'
  return {
    place: `${root}[${illegal}].kind`,
    expected: { kind: 'as-planned', value: kind },
    found: shorten(found),
  }
}
