import type { ImportFailure } from '#core/dataset/failure'
import type { Dataset, DatasetId, Item } from '#core/dataset/item'
import { needsReview, type ImportPreview } from '#core/dataset/preview'
import type { RowProblem } from '#core/dataset/problem'
import type { ItemMeta } from '#core/dataset/strata'
import { failure, success, type Result } from '#core/result'
import type { DatasetDatabase } from '#data/db/datasets'
import type { Preferences } from '#data/db/preferences'
import type { ImportProgress, ImportRequest } from '#worker/dataset-api'
import type { DatasetImport, StartImport } from './dataset-importer'
import type { HostGate } from './privacy.svelte'

export type ImportState =
  | { kind: 'idle' }
  /** The terms of AnesBench are shown; `acceptTerms` goes on. */
  | { kind: 'terms' }
  | { kind: 'reading'; name: string; progress: ImportProgress | null }
  /** Something was left out or guessed: `confirm` stores the rest. */
  | { kind: 'review'; preview: ImportPreview }
  | { kind: 'saving'; name: string; progress: ImportProgress | null }
  /** `isNew` is false when the same items were stored already. */
  | { kind: 'done'; dataset: Dataset; isNew: boolean }
  | { kind: 'failed'; failures: readonly ImportFailure[] }

export interface DatasetsOptions {
  database: DatasetDatabase
  databaseName: string
  preferences: Pick<Preferences, 'get' | 'set'>
  startImport: StartImport
  /** Accepting the terms, or asking for the import again, chooses the host. */
  hosts: Pick<HostGate, 'admit'>
  /** Absolute addresses; that of the hub ends with a slash. */
  hub: { url: string; files: readonly string[] }
  builtInUrls: readonly string[]
  now: () => number
}

const TERMS = 'anesBenchTerms'
const LICENCE = 'C-UDA-1.0'

/** A removed dataset can be restored for at least this long, in any tab. */
const UNDO_MS = 60 * 60 * 1000

/** The stored datasets, and the import of another one. */
export class Datasets {
  readonly #options: DatasetsOptions
  #list = $state.raw<readonly Dataset[]>([])
  #importState = $state.raw<ImportState>({ kind: 'idle' })
  #current: DatasetImport | null = null

  constructor(options: DatasetsOptions) {
    this.#options = options
  }

  /** Newest first. */
  get list(): readonly Dataset[] {
    return this.#list
  }

  /** Something is being read, or waits for the user's word, that a reload would lose. */
  get isImporting(): boolean {
    return ['reading', 'review', 'saving'].includes(this.#importState.kind)
  }

  get importState(): ImportState {
    return this.#importState
  }

  async load(): Promise<void> {
    await this.#options.database.purge(this.#options.now() - UNDO_MS)
    await this.#refresh()
  }

  /** Imports AnesBench from its publisher, after its terms were accepted once. */
  async importFromHub(): Promise<void> {
    await this.cancel()
    const accepted = await this.#options.preferences.get(TERMS)
    if (isAcceptance(accepted)) await this.#importAnesBench()
    else this.#importState = { kind: 'terms' }
  }

  async acceptTerms(): Promise<void> {
    await this.#options.preferences.set(TERMS, { licence: LICENCE, acceptedAt: this.#options.now() })
    await this.#importAnesBench()
  }

  async chooseFiles(files: readonly File[]): Promise<void> {
    if (files.length === 0) return
    const fileNames = files.map((file) => file.name).sort()
    await this.#import({
      name: nameOf(fileNames),
      source: { kind: 'file', fileNames },
      content: { kind: 'files', files },
    })
  }

  /** Stores the good rows of the import under review; without any, the review stays. */
  async confirm(): Promise<void> {
    const session = this.#current
    if (this.#importState.kind !== 'review' || !session) return
    const { preview } = this.#importState
    if (preview.items > 0) await this.#save(session, preview)
  }

  /** Gives the import up, at any point, or takes its outcome off the screen. Nothing stored changes. */
  async cancel(): Promise<void> {
    const wasSaving = this.#importState.kind === 'saving'
    this.#end()
    this.#importState = { kind: 'idle' }
    // The last moment may have been too late: this waits until the transaction was rolled back or completed.
    if (wasSaving) await this.#refresh()
  }

  /** Takes a dataset off the list; `restore` brings it back. */
  async remove(id: DatasetId): Promise<void> {
    await this.#options.database.remove(id, this.#options.now())
    await this.#refresh()
  }

  async restore(id: DatasetId): Promise<void> {
    await this.#options.database.restore(id)
    await this.#refresh()
  }

  /** The built-in benchmark, stored on first use; offline, the one stored before. */
  async installBuiltIn(): Promise<Result<Dataset, ImportFailure>> {
    const session = this.#options.startImport()
    try {
      const source = { kind: 'built-in' } as const
      const content = { kind: 'urls', urls: this.#options.builtInUrls } as const
      const reading = await session.read(
        this.#request({ name: 'Formulary', source, content }),
        () => undefined,
      )
      if (!reading.ok) {
        const stored = this.#list.find((dataset) => dataset.source.kind === 'built-in')
        const [reason = { kind: 'worker-lost', detail: '' }] = reading.failure
        return stored ? success(stored) : failure(reason)
      }
      if (reading.value.stored) return success(reading.value.stored)
      const saved = await session.save(this.#options.now(), () => undefined)
      await this.#refresh()
      return saved
    } finally {
      session.end()
    }
  }

  find(id: DatasetId): Promise<Dataset | undefined> {
    return this.#options.database.find(id)
  }

  item(id: DatasetId, index: number): Promise<Item | undefined> {
    return this.#options.database.item(id, index)
  }

  /** The items at these indexes, in their order; those that are gone are left out. */
  items(id: DatasetId, indexes: readonly number[]): Promise<Item[]> {
    return this.#options.database.items(id, indexes)
  }

  /** The items from `start` on, at most `count`. */
  page(id: DatasetId, start: number, count: number): Promise<Item[]> {
    return this.#options.database.page(id, start, count)
  }

  /** Id, language and level of every item, in order. */
  itemMetas(id: DatasetId): Promise<ItemMeta[]> {
    return this.#options.database.itemMetas(id)
  }

  /** The rows left out at import, as far as they were listed. */
  problems(id: DatasetId): Promise<RowProblem[]> {
    return this.#options.database.problems(id)
  }

  async #importAnesBench(): Promise<void> {
    const { url, files } = this.#options.hub
    const urls = files.map((file) => url + file)
    const admitted = await this.#options.hosts.admit(urls)
    if (!admitted.ok) {
      const kind = admitted.failure.kind === 'locked' ? 'locked' : 'host-not-chosen'
      return this.#finish({ kind: 'failed', failures: [{ kind, url }] })
    }
    await this.#import({ name: 'AnesBench', source: { kind: 'hub', url }, content: { kind: 'urls', urls } })
  }

  async #import(request: Omit<ImportRequest, 'databaseName'>): Promise<void> {
    this.#end()
    const session = this.#options.startImport()
    this.#current = session
    const { name } = request
    this.#importState = { kind: 'reading', name, progress: null }
    const reading = await session.read(this.#request(request), (progress) => {
      if (this.#current === session) this.#importState = { kind: 'reading', name, progress }
    })
    if (this.#current !== session) return
    if (!reading.ok) this.#finish({ kind: 'failed', failures: reading.failure })
    else if (reading.value.stored) this.#finish({ kind: 'done', dataset: reading.value.stored, isNew: false })
    else if (needsReview(reading.value)) this.#importState = { kind: 'review', preview: reading.value }
    else await this.#save(session, reading.value)
  }

  async #save(session: DatasetImport, { name }: ImportPreview): Promise<void> {
    this.#importState = { kind: 'saving', name, progress: null }
    const saved = await session.save(this.#options.now(), (progress) => {
      if (this.#current === session) this.#importState = { kind: 'saving', name, progress }
    })
    if (this.#current !== session) return
    await this.#refresh()
    if (saved.ok) this.#finish({ kind: 'done', dataset: saved.value, isNew: true })
    else this.#finish({ kind: 'failed', failures: [saved.failure] })
  }

  #request(request: Omit<ImportRequest, 'databaseName'>): ImportRequest {
    return { ...request, databaseName: this.#options.databaseName }
  }

  #finish(state: ImportState): void {
    this.#end()
    this.#importState = state
  }

  #end(): void {
    this.#current?.end()
    this.#current = null
  }

  async #refresh(): Promise<void> {
    this.#list = await this.#options.database.list()
  }
}

function isAcceptance(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'licence' in value && value.licence === LICENCE
}

/** A dataset's name from its files' names without extensions. */
function nameOf(fileNames: readonly string[]): string {
  return fileNames.map((name) => name.replace(/\.[a-z0-9]+$/i, '')).join(' + ')
}
