/** Wire types of the dataset worker: the page imports this file and nothing else of it. */
import type { PairImport } from '#core/cross-filter/pair-collector'
import type { ImportFailure } from '#core/dataset/failure'
import type { Dataset } from '#core/dataset/item'
import type { ImportPreview } from '#core/dataset/preview'
import type { Result } from '#core/result'

export interface ImportRequest {
  /** Name of the dataset to be. */
  name: string
  source: Dataset['source']
  content: { kind: 'files'; files: readonly File[] } | { kind: 'urls'; urls: readonly string[] }
  databaseName: string
}

export type ImportProgress =
  | { kind: 'downloading'; loadedBytes: number; totalBytes: number | null }
  | { kind: 'reading'; loadedBytes: number; totalBytes: number }
  | { kind: 'parsing'; rows: number }
  | { kind: 'saving'; items: number; totalItems: number }

export type ProgressListener = (progress: ImportProgress) => void

/**
 * One worker serves one import and is then ended: memory goes back at once, and ending it is how an import is
 * cancelled. A database transaction that it had open is rolled back by the browser.
 */
export interface DatasetWorkerApi {
  /** Reads and checks; keeps the items for `save`. */
  read(request: ImportRequest, onProgress: ProgressListener): Promise<Result<ImportPreview, ImportFailure[]>>
  /** Stores what `read` gave. */
  save(importedAt: number, onProgress: ProgressListener): Promise<Result<Dataset, ImportFailure>>
  /** Questions with their answers, or alone, from files; nothing is stored. Fails where no file gives a pair. */
  readPairs(files: readonly File[]): Promise<Result<PairImport, ImportFailure[]>>
}
