import type { WorkspaceFailure } from '#core/workspace/failure'

/** What went wrong with the database or the disk; a bug goes on. */
export function storageFailure(error: unknown): WorkspaceFailure {
  if (!(error instanceof DOMException)) throw error
  if (error.name === 'QuotaExceededError') return { kind: 'storage-full' }
  if (error.name === 'NotReadableError' || error.name === 'NotFoundError') return { kind: 'unreadable' }
  return { kind: 'storage-failed', detail: `${error.name}: ${error.message}` }
}
