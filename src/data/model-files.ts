/**
 * The bytes of stored models, in the browser's private file system (OPFS): `models/<encoded id>/<path>`.
 * Files are written through synchronous access handles, whose bytes are on the disk as soon as `append` returns
 * and outlive a killed browser; so the size of an unfinished file is the place where a download goes on.
 */
import type { ModelFailure, ModelResult } from '#core/model/failure'
import { isModelPath } from '#core/model/path'
import type { StoredModelId } from '#core/model/stored'
import { failure, success } from '#core/result'

const FOLDER = 'models'

/** A file that is being written; nobody else can open it until `close`. */
export interface FileSink {
  /** Bytes stored now. */
  readonly size: number
  /** Adds to the end. On `storage-full` the part that did fit stays. */
  append(bytes: Uint8Array<ArrayBuffer>): ModelResult<void>
  truncate(size: number): void
  /** Up to `length` bytes from `at`; fewer at the end. */
  read(at: number, length: number): Uint8Array<ArrayBuffer>
  /** Survives a power cut, not only a killed browser; slow. */
  flush(): void
  /** Frees the file for others; may be called again. */
  close(): void
}

/** The part of FileSystemSyncAccessHandle that is used; only the types of workers have it. */
interface AccessHandle {
  getSize(): number
  write(bytes: Uint8Array<ArrayBuffer>, options: { at: number }): number
  read(bytes: Uint8Array<ArrayBuffer>, options: { at: number }): number
  truncate(size: number): void
  flush(): void
  close(): void
}
type WritableHandle = FileSystemFileHandle & { createSyncAccessHandle(): Promise<AccessHandle> }
type Entries = AsyncIterable<[string, FileSystemFileHandle | FileSystemDirectoryHandle]>

/** A worker that was ended frees its files a moment later; only then is a file really held elsewhere. */
const RELEASE_ATTEMPTS = 10
const RELEASE_WAIT_MS = 100

export class ModelFiles {
  readonly #root: () => Promise<FileSystemDirectoryHandle>

  /** `root` gives the folder that holds `models/`; tests take one of their own. */
  constructor(root: () => Promise<FileSystemDirectoryHandle> = () => navigator.storage.getDirectory()) {
    this.#root = root
  }

  /** Opens a file for writing at its end, making it if need be. Only in dedicated workers. */
  async openSink(id: StoredModelId, path: string): Promise<ModelResult<FileSink>> {
    if (!isModelPath(path)) return failure(unsafe(path))
    try {
      const folders = path.split('/')
      const name = folders.pop() as string
      let folder = await this.#folder(id, true)
      for (const each of folders) folder = await folder.getDirectoryHandle(each, { create: true })
      const handle = await folder.getFileHandle(name, { create: true })
      return success(sinkOf(await accessHandle(handle as WritableHandle)))
    } catch (error) {
      return failure(storageFailure(error, 0))
    }
  }

  /** The stored bytes of a file, whole or not; null when there is none. Its bytes stay on the disk. */
  async file(id: StoredModelId, path: string): Promise<File | null> {
    if (!isModelPath(path)) return null
    try {
      const folders = path.split('/')
      const name = folders.pop() as string
      let folder = await this.#folder(id, false)
      for (const each of folders) folder = await folder.getDirectoryHandle(each)
      return await (await folder.getFileHandle(name)).getFile()
    } catch {
      // Not there, or no private file system: in both cases there are no bytes.
      return null
    }
  }

  /** Bytes on the disk of each file of a model, unfinished ones included, by path; empty where there are none. */
  async storedBytes(id: StoredModelId): Promise<Map<string, number>> {
    const sizes = new Map<string, number>()
    try {
      await collectSizes(await this.#folder(id, false), '', sizes)
    } catch {
      // The folder is not there, or was removed meanwhile.
    }
    return sizes
  }

  /** Frees all bytes of a model; a model that is not there is freed already. */
  async remove(id: StoredModelId): Promise<ModelResult<void>> {
    try {
      const models = await (await this.#root()).getDirectoryHandle(FOLDER)
      await whenReleased(() => models.removeEntry(encodeURIComponent(id), { recursive: true }))
      return success(undefined)
    } catch (error) {
      return nameOf(error) === 'NotFoundError' ? success(undefined) : failure(storageFailure(error, 0))
    }
  }

  /** Frees the bytes of one file. */
  async removeFile(id: StoredModelId, path: string): Promise<ModelResult<void>> {
    if (!isModelPath(path)) return failure(unsafe(path))
    try {
      const folders = path.split('/')
      const name = folders.pop() as string
      let folder = await this.#folder(id, false)
      for (const each of folders) folder = await folder.getDirectoryHandle(each)
      await whenReleased(() => folder.removeEntry(name))
      return success(undefined)
    } catch (error) {
      return nameOf(error) === 'NotFoundError' ? success(undefined) : failure(storageFailure(error, 0))
    }
  }

  /** The models that have a folder, in no order. */
  async list(): Promise<StoredModelId[]> {
    const ids: StoredModelId[] = []
    try {
      const models = await (await this.#root()).getDirectoryHandle(FOLDER)
      for await (const [name, handle] of models as unknown as Entries) {
        if (handle.kind === 'directory') ids.push(decodeURIComponent(name) as StoredModelId)
      }
    } catch {
      // Nothing was stored yet, or the browser has no private file system.
    }
    return ids
  }

  async #folder(id: StoredModelId, create: boolean): Promise<FileSystemDirectoryHandle> {
    const models = await (await this.#root()).getDirectoryHandle(FOLDER, { create })
    return models.getDirectoryHandle(encodeURIComponent(id), { create })
  }
}

async function accessHandle(handle: WritableHandle): Promise<AccessHandle> {
  return whenReleased(() => handle.createSyncAccessHandle())
}

async function whenReleased<Value>(attempt: () => Promise<Value>): Promise<Value> {
  for (let attempts = 1; ; attempts += 1) {
    try {
      return await attempt()
    } catch (error) {
      if (nameOf(error) !== 'NoModificationAllowedError' || attempts === RELEASE_ATTEMPTS) throw error
      await new Promise((resolve) => setTimeout(resolve, RELEASE_WAIT_MS))
    }
  }
}

function sinkOf(handle: AccessHandle): FileSink {
  let size = handle.getSize()
  let open = true
  return {
    get size() {
      return size
    },
    append(bytes) {
      try {
        for (let written = 0; written < bytes.length;) {
          const count = handle.write(bytes.subarray(written), { at: size })
          // Nothing more fits, and the browser did not say so; Chromium's private windows give an error's number,
          // -8, without its sign.
          if (count <= 0 || count > bytes.length - written)
            throw new DOMException('nothing was written', 'QuotaExceededError')
          written += count
          size += count
        }
        return success(undefined)
      } catch (error) {
        size = handle.getSize()
        return failure(storageFailure(error, bytes.length))
      }
    },
    truncate(newSize) {
      handle.truncate(newSize)
      size = newSize
    },
    read(at, length) {
      const bytes = new Uint8Array(Math.max(0, Math.min(length, size - at)))
      return bytes.subarray(0, handle.read(bytes, { at }))
    },
    flush() {
      if (open) handle.flush()
    },
    close() {
      if (open) handle.close()
      open = false
    },
  }
}

async function collectSizes(
  folder: FileSystemDirectoryHandle,
  prefix: string,
  sizes: Map<string, number>,
): Promise<void> {
  for await (const [name, handle] of folder as unknown as Entries) {
    const path = prefix + name
    if (handle.kind === 'directory') await collectSizes(handle, `${path}/`, sizes)
    else sizes.set(path, (await handle.getFile()).size)
  }
}

function unsafe(path: string): ModelFailure {
  return { kind: 'file-invalid', path, where: null, expected: 'relative-path' }
}

/** What an error of the file system means; `neededBytes` is what was about to be written. */
export function storageFailure(error: unknown, neededBytes: number): ModelFailure {
  const name = nameOf(error)
  if (name === 'QuotaExceededError') return { kind: 'storage-full', neededBytes, availableBytes: null }
  if (name === 'NoModificationAllowedError') return { kind: 'busy-elsewhere' }
  return { kind: 'storage-refused', detail: error instanceof Error ? error.message : String(error) }
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : ''
}
