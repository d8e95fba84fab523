/** Entry of the workers that convert shards beside each other, for the model worker. They reach no network. */
import { expose } from 'comlink'
import type { ShardSums } from '#core/convert/convert-shard'
import type { PlannedShard } from '#core/convert/plan'
import type { ModelResult } from '#core/model/failure'
import type { StoredModelId } from '#core/model/stored'
import { ModelFiles } from '#data/model-files'
import { createPackKernel } from '#data/pack-kernel'
import { ChosenSource } from './models/chosen-source'
import { writeShard } from './models/write-shard'
import { settled } from './models/worker-jobs'

export interface ShardWorkerApi {
  /** One shard at a time. */
  convert(
    id: StoredModelId,
    shard: PlannedShard,
    files: ReadonlyMap<string, File>,
    onBlock: (tensor: string, sourceBytes: number) => void,
  ): Promise<ModelResult<ShardSums>>
  /** Ends the shard under way, of which nothing stays. */
  abort(): void
}

const files = new ModelFiles()
const kernel = createPackKernel()
let controller = new AbortController()

const api: ShardWorkerApi = {
  convert(id, shard, chosen, onBlock) {
    const { signal } = (controller = new AbortController())
    const writing = { files, kernel, source: new ChosenSource(chosen) }
    return settled(() => writeShard(id, shard, writing, onBlock, signal), signal)
  },
  abort: () => controller.abort(),
}

expose(api)
