/** Copies chosen files into the store, verifying every byte on its way. */
import type { ModelFailure, ModelResult } from '#core/model/failure'
import type { StoredFile, StoredModel } from '#core/model/stored'
import { failure, success } from '#core/result'
import type { ModelFiles } from '#data/model-files'
import type { ModelProgress, NamedFile } from '../model-api'
import { readPieces } from './import-read'
import { importSource, type ImportSource } from './import-source'

export interface ImportPorts {
  files: Pick<ModelFiles, 'openSink' | 'storedBytes'>
  /** Free space for this site in bytes; null where the browser does not say. */
  availableBytes(): Promise<number | null>
  /** Records what has become known of a file. */
  onFile(file: StoredFile): Promise<void>
  onProgress(progress: Extract<ModelProgress, { kind: 'copying' }>): void
}

interface Copy {
  file: StoredFile
  from: File
}

/**
 * `model` is the record of a plan made for these files; `library` the one that was given beside them. A file counts as
 * stored only once its record says so, after its hash; files that are verified already are left alone, and those
 * that can be fetched are left absent. An abort keeps what is whole and empties what is not.
 */
export async function importFiles(
  model: StoredModel,
  chosen: readonly NamedFile[],
  library: File | null,
  ports: ImportPorts,
  signal: AbortSignal,
): Promise<ModelResult<void>> {
  const source = await importSource(chosen)
  if (!source.ok) return source
  const stored = await ports.files.storedBytes(model.id)
  const wanted = model.files.filter(
    ({ path, state, bytes }) => state !== 'verified' || stored.get(path) !== bytes,
  )
  const copies: Copy[] = []
  const missing: string[] = []
  for (const file of wanted) {
    const from = fileFor(file, model, source.value, library)
    if (from) copies.push({ file, from })
    else if (file.url === null) missing.push(file.path)
  }
  if (missing.length > 0) return failure({ kind: 'pack-incomplete', missing })
  const full = await shortOfSpace(copies, stored, ports)
  if (full) return failure(full)

  const totalBytes = copies.reduce((sum, { from }) => sum + from.size, 0)
  let doneBytes = 0
  ports.onProgress({ kind: 'copying', doneBytes, totalBytes })
  for (const copy of copies) {
    const copied = await copyFile(model, copy, ports, signal, (bytes) => {
      doneBytes += bytes
      ports.onProgress({ kind: 'copying', doneBytes, totalBytes })
    })
    if (!copied.ok) return copied
  }
  return success(undefined)
}

/** A GGUF model is one file, whatever it is called where it comes from. */
function fileFor(
  { path, role }: StoredFile,
  { runtime }: StoredModel,
  source: ImportSource,
  library: File | null,
): File | undefined {
  if (role === 'library' && library) return library
  const found = source.files.get(path)
  if (found || runtime.engine !== 'wllama') return found
  return source.kind === 'gguf'
    ? source.files.get(source.path)
    : [...source.files].find(([name]) => /\.gguf$/i.test(name))?.[1]
}

async function shortOfSpace(
  copies: readonly Copy[],
  stored: ReadonlyMap<string, number>,
  ports: ImportPorts,
): Promise<ModelFailure | undefined> {
  // What is on the disk of these files already makes room for what replaces it.
  const neededBytes = copies.reduce(
    (sum, { file, from }) => sum + Math.max(0, from.size - (stored.get(file.path) ?? 0)),
    0,
  )
  const availableBytes = await ports.availableBytes()
  if (availableBytes === null || neededBytes <= availableBytes) return undefined
  return { kind: 'storage-full', neededBytes, availableBytes }
}

async function copyFile(
  { id }: StoredModel,
  { file, from }: Copy,
  ports: ImportPorts,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<ModelResult<void>> {
  const { path, bytes, expected } = file
  if (bytes !== null && from.size !== bytes) {
    return failure({ kind: 'wrong-size', path, url: null, expectedBytes: bytes, actualBytes: from.size })
  }
  const opened = await ports.files.openSink(id, path)
  if (!opened.ok) return opened
  const sink = opened.value
  const refused = (problem: ModelFailure) => {
    const neededBytes = from.size - sink.size
    sink.truncate(0)
    return failure(problem.kind === 'storage-full' ? { ...problem, neededBytes } : problem)
  }
  try {
    const absent: StoredFile = { ...file, state: 'absent', etag: null }
    if (file.state !== 'absent') await ports.onFile(absent)
    sink.truncate(0)
    const digest = await readPieces(
      path,
      from,
      expected,
      (piece) => {
        const appended = sink.append(piece)
        if (appended.ok) onBytes(piece.length)
        return appended
      },
      signal,
    )
    if (!digest.ok) return refused(digest.failure)
    const { sha256, actual } = digest.value
    if (expected && actual !== expected.hex)
      return refused({ kind: 'checksum-mismatch', path, url: null, expected, actual })
    // The record must not be older than the bytes that it vouches for.
    sink.flush()
    await ports.onFile({ ...absent, state: 'verified', bytes: from.size, sha256 })
    return success(undefined)
  } finally {
    sink.close()
  }
}
