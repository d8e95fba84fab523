/** Damage to the files of stored models, behind the store's back. */
import type { StoredModelId } from '#core/model/stored'

async function handleOf(id: StoredModelId, path: string): Promise<FileSystemFileHandle> {
  let folder = await (await navigator.storage.getDirectory()).getDirectoryHandle('models')
  folder = await folder.getDirectoryHandle(encodeURIComponent(id))
  const folders = path.split('/')
  const name = folders.pop()!
  for (const each of folders) folder = await folder.getDirectoryHandle(each)
  return folder.getFileHandle(name)
}

/** Changes one bit of a stored file, as a failing disk would. */
export async function flipByte(id: StoredModelId, path: string, at: number): Promise<void> {
  const handle = await handleOf(id, path)
  const [byte = 0] = new Uint8Array(await (await handle.getFile()).slice(at, at + 1).arrayBuffer())
  const writable = await handle.createWritable({ keepExistingData: true })
  await writable.write({ type: 'write', position: at, data: Uint8Array.of(byte ^ 1) })
  await writable.close()
}

export async function shorten(id: StoredModelId, path: string, bytes: number): Promise<void> {
  const writable = await (await handleOf(id, path)).createWritable({ keepExistingData: true })
  await writable.truncate(bytes)
  await writable.close()
}
