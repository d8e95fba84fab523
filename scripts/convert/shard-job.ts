/** One shard from a folder to a folder: what each worker does. */
import { convertShard, type ShardSums } from '#core/convert/convert-shard'
import type { PlannedShard } from '#core/convert/plan'
import type { CheckpointSource } from '#core/convert/source'
import type { ModelResult } from '#core/model/failure'
import { createPackKernel } from '#data/pack-kernel'
import { pieceHash, writeWhole } from './out-folder'

export function writeShard(
  shard: PlannedShard,
  source: CheckpointSource,
  out: string,
  onProgress: (tensor: string, sourceBytes: number) => void,
  signal: AbortSignal,
): Promise<ModelResult<ShardSums>> {
  return writeWhole(out, shard.path, (sink) =>
    convertShard(
      shard,
      {
        ...{ source, sink, kernel: createPackKernel(), onProgress },
        ...{ md5: pieceHash('md5'), sha256: pieceHash('sha256') },
      },
      signal,
    ),
  )
}
