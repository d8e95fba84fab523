/** Several workers below this one, each of which converts one shard at a time. */
import { proxy, wrap, type Remote } from 'comlink'
import type { ShardSums } from '#core/convert/convert-shard'
import type { PlannedShard } from '#core/convert/plan'
import type { ModelResult } from '#core/model/failure'
import type { StoredModelId } from '#core/model/stored'
import { failure } from '#core/result'
import type { ShardWorkerApi } from '../convert-shards'

/** More do not read faster: all reads of a page's files go through one process of the browser. */
const MOST_THREADS = 4

/** Workers that this device has processors for. */
export function threadsHere(): number {
  return Math.max(1, Math.min(MOST_THREADS, navigator.hardwareConcurrency))
}

export class ShardThread {
  readonly #worker = new Worker(new URL('../convert-shards.ts', import.meta.url), {
    type: 'module',
    name: 'somnus-convert',
  })
  readonly #remote: Remote<ShardWorkerApi> = wrap<ShardWorkerApi>(this.#worker)
  readonly #lost = new Promise<ModelResult<never>>((resolve) => {
    this.#worker.onerror = ({ message }) => resolve(failure({ kind: 'worker-lost', detail: message }))
  })

  /** Ends only when the file is closed, also where the signal aborts. */
  async convert(
    id: StoredModelId,
    shard: PlannedShard,
    files: ReadonlyMap<string, File>,
    onBlock: (tensor: string, sourceBytes: number) => void,
    signal: AbortSignal,
  ): Promise<ModelResult<ShardSums>> {
    const abort = () => void this.#remote.abort()
    signal.addEventListener('abort', abort)
    const converted = this.#remote.convert(id, shard, files, proxy(onBlock))
    if (signal.aborted) abort()
    const result = await Promise.race([converted, this.#lost])
    signal.removeEventListener('abort', abort)
    return result
  }

  end(): void {
    this.#worker.terminate()
  }
}
