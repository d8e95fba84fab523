/** Writes a file of a stored model from its beginning to its end; of one that is not whole, no byte stays. */
import type { ByteSink } from '#core/convert/source'
import type { ModelResult } from '#core/model/failure'
import type { StoredModelId } from '#core/model/stored'
import { failure } from '#core/result'
import type { ModelFiles } from '#data/model-files'

/** @param bytes that the file will have, as far as that is known: what is missing of them when the disk is full */
export async function fillFile<Value>(
  files: Pick<ModelFiles, 'openSink'>,
  id: StoredModelId,
  path: string,
  bytes: number | null,
  fill: (sink: ByteSink) => Promise<ModelResult<Value>>,
): Promise<ModelResult<Value>> {
  const opened = await files.openSink(id, path)
  if (!opened.ok) return opened
  const sink = opened.value
  try {
    sink.truncate(0)
    const filled = await fill({ write: (piece) => Promise.resolve(sink.append(piece)) })
    if (!filled.ok) {
      const neededBytes = (bytes ?? 0) - sink.size
      sink.truncate(0)
      const { failure: problem } = filled
      return failure(problem.kind === 'storage-full' ? { ...problem, neededBytes } : problem)
    }
    sink.flush()
    return filled
  } finally {
    sink.close()
  }
}
