/** Makes the store of the workspace; fetched once the first screen is there. */
import { loadMessages, type Locale } from '#i18n/locale.svelte'
import { announceChange } from '#data/privacy/announce'
import { PrivacyRecord } from '#data/privacy/record'
import { removeExports } from '#data/workspace/byte-sink'
import { removeStaging, stagingName } from '#data/workspace/staging-name'
import { beginErasing } from './erasing'
import type { ModelStore } from './model-store.svelte'
import type { Notices } from './notices.svelte'
import { forgetOwnDrafts } from './own-drafts'
import { writeTo } from './save-file'
import { startWorkspaceWorker } from './workspace-client'
import { EXPORT_LOCK, IMPORT_LOCK, tryLock } from './workspace-locks'
import { WorkspaceTabs, type WorkspaceNews } from './workspace-tabs'
import { Workspace, type ImportReport } from './workspace.svelte'

interface Surroundings {
  locale: Locale
  notices: Notices
  modelStore: ModelStore
  databaseName: string
}

const REPORT = 'somnus-import-report'

export function openWorkspace(surroundings: Surroundings): Workspace {
  const { databaseName, modelStore } = surroundings
  const locks = navigator.locks as LockManager | undefined
  const tabs = new WorkspaceTabs()
  const record = new PrivacyRecord()
  tabs.hear((news) => void heed(news, surroundings))
  void cleanUp(databaseName, locks)
  return new Workspace({
    databaseName,
    appVersion: __APP_VERSION__,
    start: startWorkspaceWorker,
    models: modelStore,
    privacy: {
      read: () => record.read(),
      async change(change) {
        await record.change(change)
        announceChange()
      },
    },
    locks,
    tabs,
    saveTo: writeTo,
    removeStaging: () => removeStaging(databaseName),
    memory: { get: takeReport, set: (report) => sessionStorage.setItem(REPORT, JSON.stringify(report)) },
    forgetDrafts: () => forgetOwnDrafts(sessionStorage),
    now: () => Date.now(),
    today,
    reload: () => location.reload(),
  })
}

function today() {
  const date = new Date()
  return { year: date.getFullYear(), month: date.getMonth() + 1, day: date.getDate() }
}

async function heed(news: WorkspaceNews, { locale, notices }: Surroundings): Promise<void> {
  if (news === 'erasing') return beginErasing('elsewhere', locale.language)
  await loadMessages(locale.language)
  notices.show({
    kind: 'bad',
    text: locale.t.workspace.changedElsewhere,
    action: { label: locale.t.common.reload, run: () => location.reload() },
  })
}

/** Removes what exports and imports of earlier visits have left, unless another tab is at it. */
async function cleanUp(databaseName: string, locks: LockManager | undefined): Promise<void> {
  const freeImport = await tryLock(locks, IMPORT_LOCK)
  if (freeImport) {
    const names = (await indexedDB.databases?.().catch(() => [])) ?? []
    if (names.some(({ name }) => name === stagingName(databaseName))) await removeStaging(databaseName)
    freeImport()
  }
  const freeExport = await tryLock(locks, EXPORT_LOCK)
  if (freeExport) {
    await removeExports()
    freeExport()
  }
}

/** Of the import before the reload; told once. */
function takeReport(): ImportReport | null {
  const stored = sessionStorage.getItem(REPORT)
  sessionStorage.removeItem(REPORT)
  // Nobody but this tab can have written it.
  return stored === null ? null : (JSON.parse(stored) as ImportReport)
}
