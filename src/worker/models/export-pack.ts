/** Writes a complete model as a pack: a folder on a disk, or one archive whose bytes stay where they are stored. */
import type { ModelFailure, ModelResult } from '#core/model/failure'
import { PACK_MANIFEST, packManifest, packName } from '#core/model/pack'
import { stateOf, totalBytes, type StoredFile, type StoredModel } from '#core/model/stored'
import { TAR_END_BYTES, tarHeader, tarPadding } from '#core/model/tar'
import { failure, success } from '#core/result'
import type { ModelFiles } from '#data/model-files'
import type { ModelProgress } from '../model-api'
import { readPieces } from './import-read'

export interface ExportPorts {
  files: Pick<ModelFiles, 'file'>
  appVersion: string
  /** A stored file is not what it was when it was verified. */
  onDamaged(path: string): Promise<void>
  onProgress(progress: Extract<ModelProgress, { kind: 'verifying' | 'copying' }>): void
}

/** Folders of packs of one model beside each other: the first free number is taken up to this. */
const NAMES_LIMIT = 1000

type OnPiece = (bytes: Uint8Array<ArrayBuffer>) => Promise<ModelResult<void>>

/**
 * Writes a new folder into `parent` and gives its name. Every file's hash is compared while it is copied, and the
 * manifest is written last: a folder without it is no pack. What was begun is removed when it cannot be finished.
 */
export async function exportFolder(
  model: StoredModel,
  parent: FileSystemDirectoryHandle,
  ports: ExportPorts,
  signal: AbortSignal,
): Promise<ModelResult<string>> {
  const manifest = manifestText(model, ports)
  if (!manifest.ok) return manifest
  let name: string | undefined
  try {
    name = await freeName(parent, packName(model))
    const folder = await parent.getDirectoryHandle(name, { create: true })
    const copied = await eachFile(model, 'copying', ports, signal, (file) => writerInto(folder, file))
    const problem = copied.ok ? await writeText(folder, PACK_MANIFEST, manifest.value) : copied
    if (problem?.ok !== false) return success(name)
    await parent.removeEntry(name, { recursive: true }).catch(() => undefined)
    return problem
  } catch (error) {
    if (name !== undefined) await parent.removeEntry(name, { recursive: true }).catch(() => undefined)
    const detail = error instanceof Error ? `${error.name}: ${error.message}` : String(error)
    return failure(
      signal.aborted ? { kind: 'aborted' } : { kind: 'not-writable', name: name ?? parent.name, detail },
    )
  }
}

/** The same as a tar archive. Its hashes are compared before; then it is put together from the stored files. */
export async function exportArchive(
  model: StoredModel,
  ports: ExportPorts,
  signal: AbortSignal,
): Promise<ModelResult<Blob>> {
  const manifest = manifestText(model, ports)
  if (!manifest.ok) return manifest
  const folder = packName(model)
  // The same model gives the same bytes, whenever it is exported.
  const seconds = (model.completedAt ?? 0) / 1000
  const parts: BlobPart[] = []
  const add = (path: string, content: Blob): ModelResult<void> => {
    const header = tarHeader(`${folder}/${path}`, content.size, seconds)
    if (!header.ok) return header
    parts.push(header.value, content, new Uint8Array(tarPadding(content.size)))
    return success(undefined)
  }
  // First, so that whoever unpacks a part of the archive sees what it is.
  const first = add(PACK_MANIFEST, new Blob([manifest.value]))
  if (!first.ok) return first
  for (const { path, bytes } of model.files) {
    const header = tarHeader(`${folder}/${path}`, bytes ?? 0, seconds)
    if (!header.ok) return header
  }
  const verified = await eachFile(model, 'verifying', ports, signal, () => Promise.resolve(NOWHERE))
  if (!verified.ok) return verified
  for (const { path } of model.files) {
    const file = await ports.files.file(model.id, path)
    if (!file) return failure({ kind: 'pack-incomplete', missing: [path] })
    const added = add(path, file)
    if (!added.ok) return added
  }
  return success(new Blob([...parts, new Uint8Array(TAR_END_BYTES)], { type: 'application/x-tar' }))
}

interface Writer {
  write: OnPiece
  close(): Promise<void>
  abort(): Promise<void>
}

const NOWHERE: Writer = {
  write: () => Promise.resolve(success(undefined)),
  close: () => Promise.resolve(),
  abort: () => Promise.resolve(),
}

/** Reads every file once, comparing its hash, into the writer that is opened for it. */
async function eachFile(
  model: StoredModel,
  kind: 'verifying' | 'copying',
  ports: ExportPorts,
  signal: AbortSignal,
  open: (file: StoredFile) => Promise<Writer>,
): Promise<ModelResult<void>> {
  const total = totalBytes(model.files)
  let doneBytes = 0
  ports.onProgress({ kind, doneBytes, totalBytes: total })
  for (const file of model.files) {
    const stored = await ports.files.file(model.id, file.path)
    if (!stored || stored.size !== file.bytes) {
      await ports.onDamaged(file.path)
      return failure(sizeFailure(file, stored?.size ?? 0))
    }
    const writer = await open(file)
    try {
      const digest = await readPieces(
        file.path,
        stored,
        null,
        async (piece) => {
          const written = await writer.write(piece)
          doneBytes += piece.length
          ports.onProgress({ kind, doneBytes, totalBytes: total })
          return written
        },
        signal,
      )
      if (!digest.ok || digest.value.sha256 !== file.sha256) await writer.abort().catch(() => undefined)
      if (!digest.ok) return digest
      if (digest.value.sha256 !== file.sha256) {
        await ports.onDamaged(file.path)
        return failure(hashFailure(file, digest.value.sha256))
      }
      await writer.close()
    } catch (error) {
      await writer.abort().catch(() => undefined)
      throw error
    }
  }
  return success(undefined)
}

function sizeFailure({ path, bytes }: StoredFile, actualBytes: number): ModelFailure {
  return { kind: 'wrong-size', path, url: null, expectedBytes: bytes ?? 0, actualBytes }
}

function hashFailure({ path, sha256 }: StoredFile, actual: string): ModelFailure {
  const expected = { algorithm: 'sha256', hex: sha256 ?? '' } as const
  return { kind: 'checksum-mismatch', path, url: null, expected, actual }
}

function manifestText(model: StoredModel, ports: ExportPorts): ModelResult<string> {
  const manifest = stateOf(model) === 'complete' ? packManifest(model, ports.appVersion) : undefined
  if (manifest) return success(`${JSON.stringify(manifest, null, 2)}\n`)
  const missing = model.files.filter(({ state }) => state !== 'verified').map(({ path }) => path)
  return failure({ kind: 'pack-incomplete', missing })
}

async function writerInto(folder: FileSystemDirectoryHandle, { path }: StoredFile): Promise<Writer> {
  const names = path.split('/')
  const name = names.pop() as string
  let inside = folder
  for (const each of names) inside = await inside.getDirectoryHandle(each, { create: true })
  const stream = await (await inside.getFileHandle(name, { create: true })).createWritable()
  return {
    async write(bytes) {
      await stream.write(bytes)
      return success(undefined)
    },
    close: () => stream.close(),
    abort: () => stream.abort(),
  }
}

async function writeText(folder: FileSystemDirectoryHandle, name: string, text: string): Promise<undefined> {
  const stream = await (await folder.getFileHandle(name, { create: true })).createWritable()
  await stream.write(text)
  await stream.close()
}

async function freeName(parent: FileSystemDirectoryHandle, wanted: string): Promise<string> {
  for (let number = 1; number < NAMES_LIMIT; number++) {
    const name = number === 1 ? wanted : `${wanted}-${number}`
    try {
      await parent.getDirectoryHandle(name)
    } catch (error) {
      // A file of that name gives a TypeMismatchError and is passed over as well.
      if (error instanceof DOMException && error.name === 'NotFoundError') return name
      if (!(error instanceof DOMException && error.name === 'TypeMismatchError')) throw error
    }
  }
  throw new Error(`${NAMES_LIMIT} folders are called ${wanted}`)
}
