/**
 * Downloaded model files in the browser's private file system (OPFS). A file counts only once its record
 * stands beside it, and the record is written last: an interrupted download leaves nothing that looks whole.
 */
const FOLDER = 'gguf'

interface WeightsRecord {
  url: string
  bytes: number
  sha256: string
}

export interface CachedWeights {
  blob: Blob
  /** SHA-256 (hex) computed while the bytes were stored. */
  sha256: string
}

/** Where a download is written to. */
export interface WeightsWriter {
  write(chunk: Uint8Array<ArrayBuffer>): Promise<void> | void
  /** Keeps what was written and gives it back. */
  commit(sha256: string): Promise<Blob> | Blob
  discard(): Promise<void> | void
}

/** For files of this site (the HTTP cache and the service worker keep them) and where OPFS is refused. */
export function memoryWriter(): WeightsWriter {
  const chunks: Uint8Array<ArrayBuffer>[] = []
  return {
    write: (chunk) => void chunks.push(chunk),
    commit: () => new Blob(chunks),
    discard: () => void chunks.splice(0),
  }
}

/** The cached file of an address, if it is complete and is the file that is wanted. */
export async function findCached(
  url: string,
  wanted: { bytes: number; sha256?: string },
): Promise<CachedWeights | undefined> {
  try {
    const folder = await openFolder()
    const name = await fileName(url)
    const recordFile = await (await folder.getFileHandle(recordName(name))).getFile()
    const record = JSON.parse(await recordFile.text()) as WeightsRecord
    const blob = await (await folder.getFileHandle(name)).getFile()
    const wantedFile =
      wanted.sha256 === undefined ? wanted.bytes === record.bytes : wanted.sha256 === record.sha256
    return wantedFile && blob.size === record.bytes ? { blob, sha256: record.sha256 } : undefined
  } catch {
    // Not there, unreadable, or no private file system: all mean the same, download it.
    return undefined
  }
}

/** A writer into the cache, or undefined where the browser has no private file system. */
export async function cacheWriter(url: string): Promise<WeightsWriter | undefined> {
  try {
    const folder = await openFolder()
    const name = await fileName(url)
    await folder.removeEntry(recordName(name)).catch(() => undefined)
    const handle = await folder.getFileHandle(name, { create: true })
    const writable = await handle.createWritable()
    return {
      write: (chunk) => writable.write(chunk),
      async commit(sha256) {
        await writable.close()
        const blob = await handle.getFile()
        const record: WeightsRecord = { url, bytes: blob.size, sha256 }
        const recordHandle = await folder.getFileHandle(recordName(name), { create: true })
        const recordWritable = await recordHandle.createWritable()
        await recordWritable.write(JSON.stringify(record))
        await recordWritable.close()
        return blob
      },
      async discard() {
        await writable.abort().catch(() => undefined)
        await folder.removeEntry(name).catch(() => undefined)
      },
    }
  } catch {
    return undefined
  }
}

async function openFolder(): Promise<FileSystemDirectoryHandle> {
  const root = await navigator.storage.getDirectory()
  return await root.getDirectoryHandle(FOLDER, { create: true })
}

/** Addresses are not file names; their digest is. */
async function fileName(url: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(url))
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

function recordName(name: string): string {
  return `${name}.json`
}
