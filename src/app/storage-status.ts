export { storageStatus } from '#data/storage-status'
export type { StorageCapability as StorageStatus } from '#core/catalog/device'

/** Asks the browser not to evict this site's data; false when it refuses. */
export async function requestPersistence(): Promise<boolean> {
  const storage = navigator.storage as StorageManager | undefined
  return storage ? storage.persist() : false
}
