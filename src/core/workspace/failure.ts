/** Why an archive cannot be written, read or taken over. Nothing is changed in any of these cases. */
import type { Expected } from '../receipt/expected'
import type { SectionId } from './tables'

/** A record that no archive can hold: reading would refuse it. */
export interface LeftRecord {
  section: SectionId
  /** What the user knows it by. */
  name: string
  /** As text: the record, or the part of it that is too long or has a shape that nothing has. */
  bytes: number
}

export type WorkspaceFailure =
  | { kind: 'not-an-archive' }
  /** Written by a newer app; `what` says which version does not fit. */
  | { kind: 'newer'; what: 'format' | 'database'; found: number; supported: number }
  /** An entry is missing, cut off or there twice, or is none that the list of entries names. */
  | { kind: 'entry-missing' | 'entry-unexpected'; entry: string }
  | { kind: 'hash-mismatch'; entry: string }
  /** `row` counts from 1; null for the whole entry. */
  | { kind: 'misfit'; entry: string; row: number | null; place: string; expected: Expected; found: string }
  | { kind: 'not-json' | 'too-long'; entry: string; row: number | null }
  /** Records of an older version that the migration steps cannot bring up. */
  | { kind: 'not-migratable'; detail: string }
  | { kind: 'unreadable' }
  | { kind: 'storage-full' }
  | { kind: 'storage-failed'; detail: string }
  /** A stored model could not be packed. */
  | { kind: 'model-failed'; name: string; detail: string }
  | { kind: 'worker-lost'; detail: string }
