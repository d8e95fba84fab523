/** What the browser says of the space this site may use, in bytes; null where it does not say. */
export interface StorageStatus {
  estimate: { usedBytes: number; quotaBytes: number } | null
  persisted: boolean
}

export async function storageStatus(): Promise<StorageStatus> {
  // Missing on insecure origins and in old browsers, whatever the types say.
  const storage = navigator.storage as StorageManager | undefined
  if (!storage) return { estimate: null, persisted: false }
  const [estimate, persisted] = await Promise.all([storage.estimate(), storage.persisted()])
  const { usage, quota } = estimate
  return {
    estimate: usage !== undefined && quota !== undefined ? { usedBytes: usage, quotaBytes: quota } : null,
    persisted,
  }
}

/** Asks the browser not to evict this site's data; false when it refuses. */
export async function requestPersistence(): Promise<boolean> {
  const storage = navigator.storage as StorageManager | undefined
  return storage ? storage.persist() : false
}
