/** A worker thread: converts the shards that it is sent, one at a time. */
import { parentPort, workerData } from 'node:worker_threads'
import type { ShardSums } from '#core/convert/convert-shard'
import type { PlannedShard } from '#core/convert/plan'
import { joinSources } from '#core/convert/lora/join-sources'
import type { ModelResult } from '#core/model/failure'
import { FolderSource } from './folder-source'
import { writeShard } from './shard-job'

export interface WorkerFolders {
  source: string
  /** Of LoRA adapters, in their order. */
  adapters: readonly string[]
  out: string
}

/** A shard to convert, or the end: the worker aborts what it does and stops. */
export type ToWorker = { kind: 'shard'; shard: PlannedShard } | { kind: 'abort' }
export type FromWorker =
  | { kind: 'progress'; tensor: string; sourceBytes: number }
  | { kind: 'done'; path: string; result: ModelResult<ShardSums> }

/** The checkpoint with its adapters. */
export function openFolders({ source, adapters }: WorkerFolders) {
  const base = new FolderSource(source)
  const others = adapters.map((folder) => new FolderSource(folder))
  const close = async () => {
    for (const each of [base, ...others]) await each.close()
  }
  return { source: joinSources(base, others), close }
}

if (parentPort) serve(parentPort, workerData as WorkerFolders)

function serve(port: NonNullable<typeof parentPort>, folders: WorkerFolders): void {
  const { source } = openFolders(folders)
  const controller = new AbortController()
  const post = (message: FromWorker) => port.postMessage(message)
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'abort') {
      controller.abort()
      return
    }
    const { shard } = message
    const onProgress = (tensor: string, sourceBytes: number) =>
      post({ kind: 'progress', tensor, sourceBytes })
    void writeShard(shard, source, folders.out, onProgress, controller.signal).then((result) =>
      post({ kind: 'done', path: shard.path, result }),
    )
  })
}
