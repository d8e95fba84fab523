import { success } from '#core/result'
import type { ModelDatabase } from '#data/db/models'
import type { ModelFiles } from '#data/model-files'
import { withModelLock } from './model-lock'

/** Where versions before the model store kept weights, and WebLLM its own copies. */
const FORMER_FOLDER = 'gguf'
const FORMER_CACHES = ['webllm/model', 'webllm/config', 'webllm/wasm']

/** Frees what no record tells of: folders whose record is gone, and the caches of earlier versions. */
export async function cleanUp(models: ModelDatabase, files: ModelFiles): Promise<void> {
  const known = new Set((await models.list()).map(({ id }) => id))
  for (const id of await files.list()) {
    if (known.has(id)) continue
    // Records are stored before the first byte, so one that came meanwhile shows itself under the lock.
    await withModelLock(id, async () => ((await models.get(id)) ? success(undefined) : files.remove(id)))
  }
  const root = await navigator.storage.getDirectory()
  await root.removeEntry(FORMER_FOLDER, { recursive: true }).catch(() => undefined)
  await Promise.all(FORMER_CACHES.map((name) => caches.delete(name)))
}
