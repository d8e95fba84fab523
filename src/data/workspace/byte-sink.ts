/** Where an archive is put together before it is handed out: the private file system, or memory where there is none. */

/** Writes without waiting, so that a database transaction beside it stays open. */
export interface ByteSink {
  /** Throws a QuotaExceededError where the bytes do not fit. */
  write(bytes: Uint8Array<ArrayBuffer>, at: number): void
  /** Takes back all that was written. */
  clear(): void
  /** What was written; nothing may be written afterwards. */
  close(): Promise<Blob>
}

/** Folder of archives on their way to the user; what lies there longer than a visit is rubbish. */
export const EXPORT_FOLDER = 'somnus-exports'

interface AccessHandle {
  write(bytes: Uint8Array<ArrayBuffer>, options: { at: number }): number
  truncate(size: number): void
  flush(): void
  close(): void
}
type WritableHandle = FileSystemFileHandle & { createSyncAccessHandle(): Promise<AccessHandle> }

export async function openByteSink(name: string): Promise<ByteSink> {
  const storage = navigator.storage as StorageManager | undefined
  try {
    if (!storage) return memorySink()
    const root = await storage.getDirectory()
    const folder = await root.getDirectoryHandle(EXPORT_FOLDER, { create: true })
    const handle = (await folder.getFileHandle(name, { create: true })) as WritableHandle
    const access = await handle.createSyncAccessHandle()
    return fileSink(handle, access)
  } catch {
    // Private windows of some browsers refuse the private file system.
    return memorySink()
  }
}

function fileSink(handle: FileSystemFileHandle, access: AccessHandle): ByteSink {
  return {
    write(bytes, at) {
      // A full disk shows itself in some browsers by an error, in others by fewer bytes.
      if (access.write(bytes, { at }) < bytes.length) throw new DOMException('', 'QuotaExceededError')
    },
    clear: () => access.truncate(0),
    async close() {
      access.flush()
      access.close()
      return handle.getFile()
    },
  }
}

export function memorySink(): ByteSink {
  const parts = new Map<number, Uint8Array<ArrayBuffer>>()
  return {
    write: (bytes, at) => void parts.set(at, bytes.slice()),
    clear: () => parts.clear(),
    close() {
      const inOrder = [...parts].sort(([one], [other]) => one - other).map(([, bytes]) => bytes)
      return Promise.resolve(new Blob(inOrder, { type: 'application/x-tar' }))
    },
  }
}

/** Removes archives of earlier visits. */
export async function removeExports(): Promise<void> {
  const storage = navigator.storage as StorageManager | undefined
  const root = await storage?.getDirectory().catch(() => undefined)
  // Missing, or a file in it is still being written elsewhere.
  await root?.removeEntry(EXPORT_FOLDER, { recursive: true }).catch(() => undefined)
}
