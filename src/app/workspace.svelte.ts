import type { PrivacyState } from '#core/privacy/state'
import type { LeftRecord, WorkspaceFailure } from '#core/workspace/failure'
import { MAX_MODEL_BYTES } from '#core/workspace/limits'
import { workspaceFileName } from '#core/workspace/manifest'
import type { WorkspacePreview } from '#core/workspace/preview'
import { afterImport } from '#core/workspace/privacy'
import { SECTIONS, type SectionId } from '#core/workspace/tables'
import { packName } from '#core/model/pack'
import { stateOf, totalBytes, type StoredModel } from '#core/model/stored'
import type { ImportedWorkspace, ReadResult, WorkspaceProgress } from '#worker/workspace-api'

import type { ModelStore } from './model-store.svelte'
import type { SavePlace } from './save-file'
import type { WorkspaceSession } from './workspace-client'
import { EXPORT_LOCK, IMPORT_LOCK, takeAll, tryLock } from './workspace-locks'
import type { WorkspaceNews } from './workspace-tabs'

export type { WorkspaceProgress } from '#worker/workspace-api'

export type ExportState =
  | { kind: 'idle' }
  | { kind: 'packing'; name: string }
  | { kind: 'writing'; progress: WorkspaceProgress | null }
  | { kind: 'saving' }
  | {
      kind: 'done'
      name: string
      bytes: number
      records: number
      downloaded: boolean
      /** What is not in it, because no archive can hold it. */
      left: readonly LeftRecord[]
    }
  | { kind: 'failed'; failure: WorkspaceFailure }

export type ImportState =
  | { kind: 'idle' }
  /** Another tab runs something that must not be disturbed, or imports. */
  | { kind: 'blocked'; by: 'work' | 'import' }
  | { kind: 'reading'; name: string; progress: WorkspaceProgress | null }
  | { kind: 'preview'; name: string; preview: WorkspacePreview }
  | { kind: 'importing'; name: string; progress: WorkspaceProgress | null }
  | { kind: 'models'; name: string; model: string }
  | { kind: 'failed'; name: string; failure: WorkspaceFailure }

/** What an import came to; it outlives the reload after it. */
export interface ImportReport extends ImportedWorkspace {
  fileName: string
  mode: 'merge' | 'replace'
  /** Models that were stored, and those that could not be. */
  models: { stored: string[]; failed: string[] }
}

export interface ImportWish {
  mode: 'merge' | 'replace'
  sections: readonly SectionId[]
  models: boolean
  hosts: boolean
}

export interface WorkspacePorts {
  databaseName: string
  appVersion: string
  start: () => WorkspaceSession
  models: Pick<ModelStore, 'models' | 'exportArchive' | 'inspectFiles' | 'importFiles'>
  privacy: {
    read(): Promise<PrivacyState>
    change(change: (state: PrivacyState) => PrivacyState): Promise<unknown>
  }
  locks: LockManager | undefined
  tabs: { tell(news: WorkspaceNews): void }
  saveTo: (handle: FileSystemFileHandle, content: Blob) => Promise<void>
  /** Removes what an import that was ended has left. */
  removeStaging: () => Promise<void>
  /** Kept over the reload that follows an import. */
  memory: { get(): ImportReport | null; set(report: ImportReport): void }
  /** Of the conversations that were replaced, this tab would show its drafts again after the reload. */
  forgetDrafts: () => void
  now: () => number
  /** The local date, for names of files. */
  today: () => { year: number; month: number; day: number }
  reload: () => void
}

/** The whole workspace as one file: out, and back in. */
export class Workspace {
  readonly #ports: WorkspacePorts
  #export = $state.raw<ExportState>({ kind: 'idle' })
  #import = $state.raw<ImportState>({ kind: 'idle' })
  #report = $state.raw<ImportReport | null>(null)
  #exporting: WorkspaceSession | null = null
  /** `releases`: the locks that it holds. */
  #importing: { session: WorkspaceSession; releases: (() => void)[]; read: ReadResult | null } | null = null

  constructor(ports: WorkspacePorts) {
    this.#ports = ports
    this.#report = ports.memory.get()
  }

  get exportState(): ExportState {
    return this.#export
  }

  get importState(): ImportState {
    return this.#import
  }

  /** Something is being written or read that a reload would end. */
  get busy(): boolean {
    return (
      ['packing', 'writing', 'saving'].includes(this.#export.kind) ||
      ['reading', 'importing', 'models'].includes(this.#import.kind)
    )
  }

  /** Of the import before this page was loaded. */
  get report(): ImportReport | null {
    return this.#report
  }

  dismissReport(): void {
    this.#report = null
  }

  /** Models whose bytes could go with the export. */
  get packable(): readonly StoredModel[] {
    return this.#complete.filter(({ files }) => totalBytes(files) <= MAX_MODEL_BYTES)
  }

  /** Models that are too large for an archive, though not for a pack of their own. */
  get tooLarge(): readonly StoredModel[] {
    return this.#complete.filter(({ files }) => totalBytes(files) > MAX_MODEL_BYTES)
  }

  get packableBytes(): number {
    return this.packable.reduce((sum, { files }) => sum + totalBytes(files), 0)
  }

  /** E.g. "somnus-workspace-2026-11-22.tar", by the local date. */
  fileName(): string {
    return workspaceFileName(this.#ports.today())
  }

  /**
   * Writes everything into one file. `place` was picked in the click's handler; `download` hands a file to the browser
   * where there is no picker.
   */
  async export(
    place: Exclude<SavePlace, null>,
    withModels: boolean,
    download: (file: File) => void,
  ): Promise<void> {
    this.stopExport()
    const session = this.#ports.start()
    this.#exporting = session
    const show = (state: ExportState) => {
      if (this.#exporting === session) this.#export = state
    }
    // Never given back: other tabs must not clean up what the browser is still copying.
    await tryLock(this.#ports.locks, EXPORT_LOCK, 'shared')
    const packs = withModels ? await this.#packs(show, () => this.#exporting === session) : []
    if (this.#exporting !== session) return
    if (!packs) {
      session.end()
      this.#exporting = null
      return
    }
    show({ kind: 'writing', progress: null })
    const { databaseName, appVersion, now } = this.#ports
    const privacy = await this.#ports.privacy.read().catch(() => null)
    const request = { databaseName, appVersion, at: now(), privacy, models: packs }
    const written = await session.export(request, (progress) => show({ kind: 'writing', progress }))
    if (this.#exporting !== session) return
    if (!written.ok) this.#export = { kind: 'failed', failure: written.failure }
    else {
      const records = Object.values(written.value.rows).reduce((sum, rows) => sum + rows, 0)
      const { archive, left } = written.value
      await this.#save(place, download, { archive, records, left }, show)
    }
    session.end()
    if (this.#exporting === session) this.#exporting = null
  }

  /** Ends an export that is under way, or takes its outcome off the screen. */
  stopExport(): void {
    this.#exporting?.end()
    this.#exporting = null
    this.#export = { kind: 'idle' }
  }

  /** Reads a file and shows what importing it would do. Nothing that is stored changes. */
  async open(file: File): Promise<void> {
    await this.cancelImport()
    this.#report = null
    const release = await tryLock(this.#ports.locks, IMPORT_LOCK)
    if (!release) {
      this.#import = { kind: 'blocked', by: 'import' }
      return
    }
    const session = this.#ports.start()
    this.#importing = { session, releases: [release], read: null }
    const { name } = file
    const isCurrent = () => this.#importing?.session === session
    this.#import = { kind: 'reading', name, progress: null }
    const read = await session.read(file, this.#ports.databaseName, (progress) => {
      if (isCurrent() && this.#import.kind === 'reading') this.#import = { kind: 'reading', name, progress }
    })
    if (!isCurrent()) return
    if (!read.ok) return this.#endImport({ kind: 'failed', name, failure: read.failure })
    this.#importing.read = read.value
    this.#import = { kind: 'preview', name, preview: read.value.preview }
  }

  /** Takes over what the preview showed. The page reloads when it is done, so that it shows what is stored now. */
  async confirm(wish: ImportWish, mark: string): Promise<void> {
    const importing = this.#importing
    if (this.#import.kind !== 'preview' || !importing?.read) return
    const { name, preview } = this.#import
    const release = await takeAll(this.#ports.locks)
    if (this.#importing !== importing) return release?.()
    if (!release) return this.#giveUp({ kind: 'blocked', by: 'work' })
    importing.releases.push(release)
    this.#import = { kind: 'importing', name, progress: null }
    const { mode, sections, hosts } = wish
    const done = await importing.session.import({ mode, sections, hosts, mark }, (progress) => {
      if (this.#import.kind === 'importing') this.#import = { kind: 'importing', name, progress }
    })
    if (this.#importing !== importing) return
    if (!done.ok) return this.#endImport({ kind: 'failed', name, failure: done.failure })
    if (mode === 'replace' && sections.includes('conversations')) this.#ports.forgetDrafts()
    // Before the models, which may take minutes: other tabs show what is no longer so.
    this.#ports.tabs.tell('changed')
    const { privacy } = preview
    if (hosts && privacy) await this.#takeOver(privacy)
    // Storing a model asks for rights of its own.
    release()
    const models = wish.models ? await this.#storeModels(name, importing.read) : { stored: [], failed: [] }
    this.#ports.memory.set({ ...done.value, fileName: name, mode, models })
    this.#endImport({ kind: 'idle' })
    this.#ports.reload()
  }

  /** Gives the import up, at any point, or takes its outcome off the screen. What is stored is as it was before. */
  async cancelImport(): Promise<void> {
    if (this.#importing) await this.#giveUp({ kind: 'idle' })
    else this.#import = { kind: 'idle' }
  }

  /** Asks the other tabs to let go of everything; what follows is done after a reload. */
  tellErasing(): void {
    this.#ports.tabs.tell('erasing')
  }

  #endImport(state: ImportState): void {
    this.#importing?.session.end()
    for (const release of this.#importing?.releases ?? []) release()
    this.#importing = null
    this.#import = state
  }

  /** The locks go last: the next import, in any tab, has the same staging database. */
  async #giveUp(state: ImportState): Promise<void> {
    const releases = this.#importing?.releases ?? []
    this.#importing?.session.end()
    this.#importing = null
    this.#import = state
    await this.#ports.removeStaging().catch(() => undefined)
    for (const release of releases) release()
  }

  /** Without it the records are there all the same, and a host can be chosen again. */
  async #takeOver(privacy: PrivacyState): Promise<void> {
    await this.#ports.privacy.change((state) => afterImport(state, privacy)).catch(() => undefined)
  }

  get #complete(): readonly StoredModel[] {
    return this.#ports.models.models.filter((model) => stateOf(model) === 'complete')
  }

  async #packs(
    show: (state: ExportState) => void,
    isCurrent: () => boolean,
  ): Promise<{ name: string; pack: Blob }[] | null> {
    const packs: { name: string; pack: Blob }[] = []
    for (const model of this.packable) {
      if (!isCurrent()) return null
      show({ kind: 'packing', name: model.name })
      const pack = await this.#ports.models.exportArchive(model.id)
      if (!pack.ok) {
        show({
          kind: 'failed',
          failure: { kind: 'model-failed', name: model.name, detail: pack.failure.kind },
        })
        return null
      }
      packs.push({ name: freeName(packName(model), packs), pack: pack.value })
    }
    return packs
  }

  async #save(
    place: Exclude<SavePlace, null>,
    download: (file: File) => void,
    { archive, records, left }: { archive: Blob; records: number; left: readonly LeftRecord[] },
    show: (state: ExportState) => void,
  ): Promise<void> {
    const downloaded = place === 'download'
    const name = downloaded ? this.fileName() : place.name
    show({ kind: 'saving' })
    try {
      if (downloaded) download(new File([archive], name, { type: 'application/x-tar' }))
      else await this.#ports.saveTo(place, archive)
      show({ kind: 'done', name, bytes: archive.size, records, downloaded, left })
    } catch (error) {
      if (!(error instanceof DOMException)) throw error
      const failure: WorkspaceFailure =
        error.name === 'QuotaExceededError'
          ? { kind: 'storage-full' }
          : { kind: 'storage-failed', detail: `${error.name}: ${error.message}` }
      show({ kind: 'failed', failure })
    }
  }

  /** Packs pass the import that every pack passes, one after the other. */
  async #storeModels(name: string, { models }: ReadResult): Promise<ImportReport['models']> {
    const [stored, failed]: string[][] = [[], []]
    for (const { name: model, pack } of models) {
      this.#import = { kind: 'models', name, model }
      const file = new File([pack], `${model}.tar`)
      const files = [{ path: file.name, file }]
      const { inspectFiles, importFiles } = this.#ports.models
      const store = this.#ports.models
      const plan = await inspectFiles.call(store, files, null, () => undefined, new AbortController().signal)
      const result = plan.ok ? await importFiles.call(store, plan.value, files, null) : plan
      ;(result.ok ? stored : failed)?.push(model)
    }
    return { stored: stored ?? [], failed: failed ?? [] }
  }
}

function freeName(wanted: string, packs: readonly { name: string }[]): string {
  let name = wanted
  for (let number = 2; packs.some((pack) => pack.name === name); number += 1) name = `${wanted}-${number}`
  return name
}

/** What a user most likely wants of an archive: everything in it, but no host of another place. */
export function likelyWish(preview: WorkspacePreview): ImportWish {
  return {
    mode: 'merge',
    sections: SECTIONS.filter((section) => preview.sections.some((one) => one.section === section)),
    models: preview.models.length > 0,
    hosts: false,
  }
}
