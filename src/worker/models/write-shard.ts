import { convertShard, type ShardSums } from '#core/convert/convert-shard'
import type { PlannedShard } from '#core/convert/plan'
import type { CheckpointSource, PackKernel } from '#core/convert/source'
import type { ModelResult } from '#core/model/failure'
import type { StoredModelId } from '#core/model/stored'
import { createMd5 } from '#data/md5'
import type { ModelFiles } from '#data/model-files'
import { createSha256 } from '#data/sha256'
import { fillFile } from './fill-file'

export interface ShardWriting {
  files: Pick<ModelFiles, 'openSink'>
  source: CheckpointSource
  kernel: PackKernel
}

/** Converts one shard into the file of its name, on the thread that calls. */
export async function writeShard(
  id: StoredModelId,
  shard: PlannedShard,
  { files, source, kernel }: ShardWriting,
  onBlock: (tensor: string, sourceBytes: number) => void,
  signal: AbortSignal,
): Promise<ModelResult<ShardSums>> {
  const hashes = { md5: await createMd5(), sha256: await createSha256() }
  return fillFile(files, id, shard.path, shard.bytes, (sink) =>
    convertShard(shard, { source, sink, kernel, ...hashes, onProgress: onBlock }, signal),
  )
}
