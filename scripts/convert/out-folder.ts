/** The folder that a conversion writes: a file has its name only when it is whole. */
import { createHash, type Hash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readFile, rename, rm, stat, statfs } from 'node:fs/promises'
import { join } from 'node:path'
import type { ByteSink } from '#core/convert/source'
import type { ModelFailure, ModelResult } from '#core/model/failure'
import { failure, success } from '#core/result'

const UNFINISHED = '.part'

/** Writes a file under another name, and gives it its own when `fill` has succeeded and all is on the disk. */
export async function writeWhole<Value>(
  folder: string,
  name: string,
  fill: (sink: ByteSink) => Promise<ModelResult<Value>>,
): Promise<ModelResult<Value>> {
  const unfinished = join(folder, name + UNFINISHED)
  try {
    const handle = await open(unfinished, 'w')
    let filled: ModelResult<Value>
    try {
      filled = await fill({
        write: async (bytes) => {
          try {
            for (let done = 0; done < bytes.length;)
              done += (await handle.write(bytes, done, bytes.length - done)).bytesWritten
            return success(undefined)
          } catch (error) {
            return failure(await writeFailure(folder, name, bytes.length, error))
          }
        },
      })
      if (filled.ok) await handle.sync()
    } finally {
      await handle.close()
    }
    if (filled.ok) await rename(unfinished, join(folder, name))
    else await rm(unfinished, { force: true })
    return filled
  } catch (error) {
    await rm(unfinished, { force: true })
    return failure(await writeFailure(folder, name, 0, error))
  }
}

export function writeText(folder: string, name: string, text: string): Promise<ModelResult<void>> {
  return writeWhole(folder, name, (sink) => sink.write(new TextEncoder().encode(text)))
}

/** Null where there is no such file. */
export async function readTextIn(folder: string, name: string): Promise<string | null> {
  return readFile(join(folder, name), 'utf8').catch(() => null)
}

/** Whether a file is there with this size and content. */
export async function isFile(folder: string, name: string, bytes: number, sha256: string): Promise<boolean> {
  const path = join(folder, name)
  const status = await stat(path).catch(() => null)
  if (status?.size !== bytes) return false
  const hash = createHash('sha256')
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) hash.update(piece as Buffer)
  return hash.digest('hex') === sha256
}

export async function removeFiles(folder: string, names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(folder, name), { force: true })
}

export async function freeBytes(folder: string): Promise<number | null> {
  const status = await statfs(folder).catch(() => null)
  return status && status.bavail * status.bsize
}

export function pieceHash(algorithm: 'md5' | 'sha256') {
  const hash: Hash = createHash(algorithm)
  return { update: (bytes: Uint8Array) => void hash.update(bytes), hex: () => hash.digest('hex') }
}

async function writeFailure(
  folder: string,
  name: string,
  neededBytes: number,
  error: unknown,
): Promise<ModelFailure> {
  const code = (error as NodeJS.ErrnoException).code
  if (code === 'ENOSPC' || code === 'EDQUOT')
    return { kind: 'storage-full', neededBytes, availableBytes: await freeBytes(folder) }
  return { kind: 'not-writable', name: join(folder, name), detail: String(error) }
}
