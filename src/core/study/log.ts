import type { StudyEvent, StudyRecord } from './types'

export type StudyFailure =
  /** It was deleted, here or in another tab. */
  | { kind: 'study-gone' }
  /** Another tab has made it go on: what this one knows of it is old. */
  | { kind: 'out-of-step' }
  /** The browser's storage quota is used up; nothing of the event was stored. */
  | { kind: 'storage-full' }
  | { kind: 'storage-failed'; detail: string }

/** A study with all that happened in it. */
export interface LoadedStudy<Event extends StudyEvent> {
  record: StudyRecord
  events: Event[]
}
