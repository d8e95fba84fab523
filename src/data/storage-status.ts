import type { StorageCapability } from '#core/catalog/device'

/** The space this site may use, as the browser tells it now. */
export async function storageStatus(): Promise<StorageCapability> {
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
