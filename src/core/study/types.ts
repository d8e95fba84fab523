/**
 * Long work with models that is neither a run nor a chat: the experts' loop, the cross-filter, the open-ended evaluation. It is event-sourced like
 * a run: what is stored is a record that is small, and events that are its whole truth.
 */
export type StudyId = string & { readonly brand: 'StudyId' }

export const STUDY_KINDS = ['experts', 'cross-filter', 'open-ended'] as const

export type StudyKind = (typeof STUDY_KINDS)[number]

/** What lists show. `events` counts them: the sequence number of the next one. */
export interface StudyRecord {
  id: StudyId
  kind: StudyKind
  name: string
  createdAt: number
  updatedAt: number
  events: number
  /** Set from its deletion until the undo is over and its events are erased. */
  removedAt: number | null
  /** As it was found after its first `events` events; old where there are more by now, absent until it is found. */
  standing?: { kind: Standing; events: number }
}

/** `failed`: the last work ended by a failure. `resting`: something is left to do. */
export type Standing = 'finished' | 'resting' | 'failed'

/** Every kind of study has its own events; they are read by its own schema. `at`: ms since 1970. */
export interface StudyEvent {
  kind: string
  at: number
}
