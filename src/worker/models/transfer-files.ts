/** Fetches what a model lacks: several files at a time, each persisted as soon as it is verified. */
import type { ModelFailure, ModelResult } from '#core/model/failure'
import type { StoredFile, StoredModelId } from '#core/model/stored'
import { failure, success } from '#core/result'
import { PARALLEL_TRANSFERS, TRANSFER_LIMITS, type TransferLimits } from '#core/transfer/limits'
import type { ModelFiles } from '#data/model-files'
import type { ModelProgress } from '../model-api'
import { fetchFile } from './fetch-file'
import type { FetchPorts } from './fetch-ports'
import { TransferProgress } from './transfer-progress'

export interface TransferRequest {
  id: StoredModelId
  /** All files of the model as recorded. */
  files: readonly StoredFile[]
  /** Where a file is fetched from, e.g. its address on a mirror; called with the file's own address. */
  addressOf: (url: string) => string
}

export interface TransferPorts extends FetchPorts {
  files: Pick<ModelFiles, 'openSink' | 'storedBytes'>
  /** Free space for this site in bytes; null where the browser does not say. */
  availableBytes(): Promise<number | null>
  /** Records what has become known of a file; called for one file at a time and awaited. */
  onFile(file: StoredFile): Promise<void>
  onProgress(progress: Extract<ModelProgress, { kind: 'downloading' }>): void
}

/**
 * Ends when all files are verified, at the first failure, or at the abort; in every case all files are closed and
 * what was stored stays. A file that is verified and has its size on the disk is not touched.
 */
export async function transferFiles(
  request: TransferRequest,
  ports: TransferPorts,
  signal: AbortSignal,
  limits: TransferLimits = TRANSFER_LIMITS,
): Promise<ModelResult<void>> {
  const stored = await ports.files.storedBytes(request.id)
  const missing = request.files.filter((file) => !isWhole(file, stored.get(file.path)))
  const homeless = missing.filter(({ url }) => url === null)
  if (homeless.length > 0) {
    return failure({ kind: 'pack-incomplete', missing: homeless.map(({ path }) => path) })
  }
  const full = await shortOfSpace(missing, stored, ports)
  if (full) return failure(full)

  const progress = new TransferProgress(request.files, stored, ports)
  const others = new AbortController()
  const either = AbortSignal.any([signal, others.signal])
  const record = oneAtATime((file) => ports.onFile(file))
  const queue = smallestFirst(missing)
  let problem: ModelFailure | undefined
  const work = async () => {
    for (let file = queue.shift(); file && !either.aborted; file = queue.shift()) {
      const result = await transferFile(file, record, request, ports, progress, either, limits)
      if (result.ok) continue
      // The first one is the reason; that the others were stopped is its consequence.
      problem ??= result.failure
      others.abort()
    }
  }
  const ends = await Promise.allSettled(
    Array.from({ length: PARALLEL_TRANSFERS }, async () => {
      try {
        await work()
      } catch (error) {
        others.abort()
        throw error
      }
    }),
  )
  progress.end()
  for (const end of ends) if (end.status === 'rejected') throw end.reason
  if (signal.aborted) return failure({ kind: 'aborted' })
  return problem ? failure(problem) : success(undefined)
}

/** The disk decides, not the record alone: someone may have emptied the storage. */
function isWhole(file: StoredFile, storedBytes: number | undefined): boolean {
  return file.state === 'verified' && storedBytes !== undefined && storedBytes === (file.bytes ?? storedBytes)
}

/** Faults in small files, such as a wrong address, show before gigabytes were fetched. */
function smallestFirst(files: readonly StoredFile[]): StoredFile[] {
  return files.toSorted((a, b) => (a.bytes ?? 0) - (b.bytes ?? 0))
}

async function shortOfSpace(
  missing: readonly StoredFile[],
  stored: ReadonlyMap<string, number>,
  ports: TransferPorts,
): Promise<ModelFailure | undefined> {
  const neededBytes = missing.reduce(
    (sum, { path, bytes }) => sum + Math.max(0, (bytes ?? 0) - (stored.get(path) ?? 0)),
    0,
  )
  const availableBytes = await ports.availableBytes()
  if (availableBytes === null || neededBytes <= availableBytes) return undefined
  return { kind: 'storage-full', neededBytes, availableBytes }
}

async function transferFile(
  file: StoredFile,
  record: (file: StoredFile) => Promise<void>,
  { id, addressOf }: TransferRequest,
  ports: TransferPorts,
  progress: TransferProgress,
  signal: AbortSignal,
  limits: TransferLimits,
): Promise<ModelResult<void>> {
  const opened = await ports.files.openSink(id, file.path)
  if (!opened.ok) return opened
  const sink = opened.value
  let known = file
  progress.begin(file.path)
  try {
    if (file.state !== 'absent') {
      // Recorded at once: what is fetched from now on is good, and must not be thrown away by the next visit.
      sink.truncate(0)
      progress.stored(file.path, 0)
      known = { ...file, state: 'absent', etag: null }
      await record(known)
    }
    const result = await fetchFile(
      {
        url: addressOf(file.url ?? ''),
        path: file.path,
        bytes: file.bytes,
        // What was verified here once is what a repair must bring back.
        expected: file.expected ?? (file.sha256 === null ? null : { algorithm: 'sha256', hex: file.sha256 }),
        etag: known.etag,
      },
      sink,
      {
        onStored: (bytes) => progress.stored(file.path, bytes),
        onWaiting: (waiting) => progress.waiting(file.path, waiting),
        async onEtag(etag) {
          if (etag === known.etag) return
          known = { ...known, etag }
          await record(known)
        },
      },
      ports,
      signal,
      limits,
    )
    if (!result.ok) return result
    const { bytes, sha256, etag } = result.value
    await record({ ...known, state: 'verified', bytes, sha256, etag })
    return success(undefined)
  } finally {
    sink.close()
    progress.finish(file.path)
  }
}

/** Calls wait for each other, so that a record is never written by two at once. */
function oneAtATime(task: (file: StoredFile) => Promise<void>): (file: StoredFile) => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  return (file) => {
    const run = last.then(() => task(file))
    last = run.catch(() => undefined)
    return run
  }
}
