/** Wire types of the workspace worker: the page imports this file and nothing else of it. */
import type { PrivacyState } from '#core/privacy/state'
import type { Result } from '#core/result'
import type { LeftRecord, WorkspaceFailure } from '#core/workspace/failure'
import type { WorkspacePreview } from '#core/workspace/preview'
import type { Fate } from '#core/workspace/relation'
import type { SectionId, WorkspaceStore } from '#core/workspace/tables'

export interface ExportRequest {
  databaseName: string
  appVersion: string
  /** Milliseconds since 1970. */
  at: number
  privacy: PrivacyState | null
  /** Packs of models as tar archives. */
  models: readonly { name: string; pack: Blob }[]
}

export interface ExportedWorkspace {
  archive: Blob
  /** Records by store. */
  rows: Partial<Record<WorkspaceStore, number>>
  models: number
  /** Records that are not in it, because no archive can hold them. */
  left: LeftRecord[]
}

/** `done` of `total` records or bytes, as the kind is counted; `total` is null while it is unknown. */
export interface WorkspaceProgress {
  kind: 'records' | 'models' | 'hashes' | 'checks' | 'writing'
  done: number
  total: number | null
}

export interface ImportRequest {
  /** `replace` takes away what the chosen sections have here first. */
  mode: 'merge' | 'replace'
  sections: readonly SectionId[]
  /** Takes over settings that name a host. */
  hosts: boolean
  /** Put behind the names of records that come in beside others. */
  mark: string
}

export interface ImportedWorkspace {
  /** How many records met which fate. */
  fates: Record<Fate, number>
  /** Names of records that came in beside others, the first of them. */
  copies: string[]
}

export interface ReadResult {
  preview: WorkspacePreview
  models: { name: string; pack: Blob }[]
}

export type OnProgress = (progress: WorkspaceProgress) => void

/**
 * One worker serves one export or one import and is then ended: memory goes back at once, and ending it is how it is
 * stopped. A transaction that it had open is rolled back by the browser.
 */
export interface WorkspaceWorkerApi {
  export(request: ExportRequest, onProgress: OnProgress): Promise<Result<ExportedWorkspace, WorkspaceFailure>>
  /** Reads and checks; keeps the records in a staging database for `import`. */
  read(
    file: File,
    databaseName: string,
    onProgress: OnProgress,
  ): Promise<Result<ReadResult, WorkspaceFailure>>
  /** Takes over what `read` gave, all of it or nothing. */
  import(request: ImportRequest, onProgress: OnProgress): Promise<Result<ImportedWorkspace, WorkspaceFailure>>
}
