import type { ModelResult } from '#core/model/failure'
import { checked } from '#core/model/record'
import type { StoredFile, StoredModel } from '#core/model/stored'
import { failure, success } from '#core/result'
import type { ModelDatabase } from '#data/db/models'
import type { ModelFiles } from '#data/model-files'
import { createSha256 } from '#data/sha256'
import type { ModelProgress } from '../model-api'

/** Bytes read at a time; an abort is noticed in between. */
const CHUNK_BYTES = 4 * 1024 * 1024

export interface VerifyPorts {
  files: Pick<ModelFiles, 'file'>
  models: Pick<ModelDatabase, 'update' | 'updateFile'>
  onProgress: (progress: Extract<ModelProgress, { kind: 'verifying' }>) => void
  /** Milliseconds since 1970. */
  now: () => number
}

/**
 * Compares every stored byte of a model with its SHA-256. Files that differ are marked as damaged in the record,
 * and a file that was marked and is as it was is good again; files on their way are left alone. Gives the new record, damaged files or not.
 */
export async function verifyModel(
  model: StoredModel,
  ports: VerifyPorts,
  signal: AbortSignal,
): Promise<ModelResult<StoredModel>> {
  const { onProgress } = ports
  const wanted = model.files.filter(({ state }) => state !== 'absent')
  const totalBytes = wanted.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0)
  let doneBytes = 0
  onProgress({ kind: 'verifying', doneBytes, totalBytes })
  for (const file of wanted) {
    const before = doneBytes
    const state = await stateOnDisk(model, file, ports, signal, (bytes) => {
      onProgress({ kind: 'verifying', doneBytes: before + bytes, totalBytes })
    })
    if (state === 'aborted') return failure({ kind: 'aborted' })
    if (state !== file.state) await ports.models.updateFile(model.id, file.path, { state })
    doneBytes += file.bytes ?? 0
  }
  const updated = await ports.models.update(model.id, (now) => checked(now, ports.now()))
  return updated ? success(updated) : failure({ kind: 'unknown-model' })
}

async function stateOnDisk(
  model: StoredModel,
  { path, bytes, sha256 }: StoredFile,
  { files }: VerifyPorts,
  signal: AbortSignal,
  onBytes: (bytes: number) => void,
): Promise<'verified' | 'damaged' | 'aborted'> {
  const stored = await files.file(model.id, path)
  if (!stored || (bytes !== null && stored.size !== bytes)) return 'damaged'
  const hash = await createSha256()
  try {
    for (let at = 0; at < stored.size; at += CHUNK_BYTES) {
      if (signal.aborted) return 'aborted'
      hash.update(new Uint8Array(await stored.slice(at, at + CHUNK_BYTES).arrayBuffer()))
      onBytes(Math.min(at + CHUNK_BYTES, stored.size))
    }
  } catch {
    // The disk refuses to give it, or it was changed meanwhile.
    return 'damaged'
  }
  return hash.hex() === sha256 ? 'verified' : 'damaged'
}
