/** A checkpoint in a folder. */
import { open, readdir, stat, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { CheckpointSource } from '#core/convert/source'
import type { ModelFailure, ModelResult } from '#core/model/failure'
import { fileInvalid } from '#core/model/parse-file'
import { failure, success } from '#core/result'

/** Files stay open until `close`. Only the folder's own files count; checkpoints have no subfolders that matter. */
export class FolderSource implements CheckpointSource {
  readonly #folder: string
  readonly #handles = new Map<string, Promise<FileHandle>>()

  constructor(folder: string) {
    this.#folder = folder
  }

  async files(): Promise<ModelResult<{ path: string; bytes: number }[]>> {
    try {
      const names = await readdir(this.#folder)
      const found = await Promise.all(
        names.map(async (path) => ({ path, status: await stat(join(this.#folder, path)) })),
      )
      return success(
        found.flatMap(({ path, status }) => (status.isFile() ? [{ path, bytes: status.size }] : [])),
      )
    } catch (error) {
      return failure(unreadable(this.#folder, error))
    }
  }

  async read(
    path: string,
    begin: number,
    end: number,
    _signal?: AbortSignal,
    room?: Uint8Array<ArrayBuffer>,
  ): Promise<ModelResult<Uint8Array<ArrayBuffer>>> {
    const length = end - begin
    const bytes = room && room.length >= length ? room.subarray(0, length) : new Uint8Array(length)
    try {
      const handle = await this.#handle(path)
      for (let done = 0; done < bytes.length;) {
        const { bytesRead } = await handle.read(bytes, done, bytes.length - done, begin + done)
        if (bytesRead === 0) {
          const sizes = { expectedBytes: end, actualBytes: begin + done }
          return failure({ kind: 'wrong-size', path, url: null, ...sizes })
        }
        done += bytesRead
      }
      return success(bytes)
    } catch (error) {
      return failure(unreadable(path, error))
    }
  }

  async readText(path: string, begin: number, end: number): Promise<ModelResult<string>> {
    const read = await this.read(path, begin, end)
    if (!read.ok) return read
    try {
      return success(new TextDecoder('utf-8', { fatal: true }).decode(read.value))
    } catch {
      return failure(fileInvalid(path, null, 'UTF-8'))
    }
  }

  async close(): Promise<void> {
    for (const handle of this.#handles.values())
      await handle.then(
        (each) => each.close(),
        () => undefined,
      )
    this.#handles.clear()
  }

  #handle(path: string): Promise<FileHandle> {
    const known = this.#handles.get(path)
    if (known) return known
    const opened = open(join(this.#folder, path), 'r')
    this.#handles.set(path, opened)
    return opened
  }
}

function unreadable(path: string, error: unknown): ModelFailure {
  return { kind: 'file-unreadable', path, detail: String(error) }
}
