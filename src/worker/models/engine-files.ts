import type { ModelResult } from '#core/model/failure'
import { completed } from '#core/model/record'
import { stateOf, type StoredModelId } from '#core/model/stored'
import { failure, success } from '#core/result'
import type { ModelDatabase } from '#data/db/models'
import type { ModelFiles } from '#data/model-files'
import type { EngineFiles, NamedFile } from '../model-api'

/**
 * The files of a complete model, for an engine, and notes that it was used. Sizes are compared with the record: a
 * file that was cut short on the disk is marked as damaged, and told.
 */
export async function engineFilesOf(
  id: StoredModelId,
  stored: { files: Pick<ModelFiles, 'file'>; models: ModelDatabase },
  now: number,
): Promise<ModelResult<EngineFiles>> {
  const model = await stored.models.get(id)
  if (!model) return failure({ kind: 'unknown-model' })
  if (stateOf(model) !== 'complete') {
    const missing = model.files.filter(({ state }) => state !== 'verified').map(({ path }) => path)
    return failure({ kind: 'pack-incomplete', missing })
  }
  const files: NamedFile[] = []
  for (const { path, bytes } of model.files) {
    const file = await stored.files.file(id, path)
    if (!file || file.size !== bytes) {
      await stored.models.updateFile(id, path, { state: 'damaged' })
      const sizes = { expectedBytes: bytes ?? 0, actualBytes: file?.size ?? 0 }
      return failure({ kind: 'wrong-size', path, url: null, ...sizes })
    }
    files.push({ path, file })
  }
  // A browser that was killed right after the last file has not written what completes the record.
  const used = await stored.models.update(id, (current) => ({ ...completed(current, now), lastUsedAt: now }))
  return success({ model: used ?? model, files })
}
