import { proxy, wrap } from 'comlink'
import type { PairImport } from '#core/cross-filter/pair-collector'
import type { ImportFailure } from '#core/dataset/failure'
import type { Dataset } from '#core/dataset/item'
import type { ImportPreview } from '#core/dataset/preview'
import { failure, type Result } from '#core/result'
import type { DatasetWorkerApi, ImportRequest, ProgressListener } from '#worker/dataset-api'

/** One import in its own worker. After `end`, what was still under way never settles. */
export interface DatasetImport {
  read(request: ImportRequest, onProgress: ProgressListener): Promise<Result<ImportPreview, ImportFailure[]>>
  save(importedAt: number, onProgress: ProgressListener): Promise<Result<Dataset, ImportFailure>>
  readPairs(files: readonly File[]): Promise<Result<PairImport, ImportFailure[]>>
  /** Ends the worker: cancels what it does, and frees its memory. */
  end(): void
}

export type StartImport = () => DatasetImport

/** The door to the dataset worker. */
export const startImport: StartImport = () => {
  const worker = new Worker(new URL('../worker/dataset-import.ts', import.meta.url), {
    type: 'module',
    name: 'dataset-import',
  })
  const api = wrap<DatasetWorkerApi>(worker)
  const lost = new Promise<ImportFailure>((resolve) => {
    worker.addEventListener('error', (event) => resolve({ kind: 'worker-lost', detail: event.message }))
  })
  // An error thrown in the worker (a bug, or memory that ran out) rejects here.
  const guard = <Value, Failure>(call: Promise<Result<Value, Failure>>) =>
    Promise.race([
      call.then(
        (value) => ({ kind: 'answered', value }) as const,
        (error: unknown) =>
          ({ kind: 'lost', failure: { kind: 'worker-lost', detail: String(error) } }) as const,
      ),
      lost.then((reason) => ({ kind: 'lost', failure: reason }) as const),
    ])
  return {
    async read(request, onProgress) {
      const outcome = await guard<ImportPreview, ImportFailure[]>(api.read(request, proxy(onProgress)))
      return outcome.kind === 'answered' ? outcome.value : failure([outcome.failure])
    },
    async save(importedAt, onProgress) {
      const outcome = await guard<Dataset, ImportFailure>(api.save(importedAt, proxy(onProgress)))
      return outcome.kind === 'answered' ? outcome.value : failure(outcome.failure)
    },
    async readPairs(files) {
      const outcome = await guard<PairImport, ImportFailure[]>(api.readPairs(files))
      return outcome.kind === 'answered' ? outcome.value : failure([outcome.failure])
    },
    end: () => worker.terminate(),
  }
}
