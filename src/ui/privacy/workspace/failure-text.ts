import type { WorkspaceFailure } from '#core/workspace/failure'
import type { Locale } from '#i18n/locale.svelte'
import { expectedText } from '../../verify/import-problem-text'

/** Why an archive cannot be written or read: where, what was expected, what to do. */
export function workspaceFailureText(failure: WorkspaceFailure, locale: Locale): string {
  const t = locale.t.workspace.failures
  const where = (entry: string, row: number | null) =>
    row === null ? t.where(entry) : t.whereRow(entry, locale.number(row))
  switch (failure.kind) {
    case 'not-an-archive':
      return t.notAnArchive
    case 'newer': {
      const [found, supported] = [String(failure.found), String(failure.supported)]
      return failure.what === 'format' ? t.newerFormat(found, supported) : t.newerDatabase(found, supported)
    }
    case 'entry-missing':
      return t.entryMissing(failure.entry)
    case 'entry-unexpected':
      return t.entryUnexpected(failure.entry)
    case 'hash-mismatch':
      return t.hashMismatch(failure.entry)
    case 'misfit':
      return t.misfit(
        where(failure.entry, failure.row),
        failure.place === '' ? t.whole : failure.place,
        expectedText(failure.expected, locale),
        failure.found,
      )
    case 'not-json':
      return t.notJson(where(failure.entry, failure.row))
    case 'too-long':
      return t.tooLong(where(failure.entry, failure.row))
    case 'not-migratable':
      return t.notMigratable
    case 'unreadable':
      return t.unreadable
    case 'storage-full':
      return t.storageFull
    case 'storage-failed':
      return t.storageFailed(failure.detail)
    case 'model-failed':
      return t.modelFailed(failure.name)
    case 'worker-lost':
      return t.workerLost
  }
}
