import { FilterFold, type FilterState } from '#core/cross-filter/state'
import type { FilterEvent } from '#core/cross-filter/types'
import type { StudyId } from '#core/study/types'
import type { Studies } from './studies.svelte'
import { StudySession } from './study-session.svelte'

/** One filter as far as it is stored. */
export type FilterSession = StudySession<FilterEvent, FilterState>

export function openFilterSession(
  studies: Pick<Studies<FilterEvent>, 'append' | 'load'>,
  id: StudyId,
): Promise<FilterSession | 'damaged' | null> {
  return StudySession.open(
    studies,
    id,
    new FilterFold(),
    ({ kind }) => kind === 'scored' || kind === 'answered',
  )
}
