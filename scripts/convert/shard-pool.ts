/** Converts shards on several threads, or on this one. */
import { Worker } from 'node:worker_threads'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'
import type { ShardSums } from '#core/convert/convert-shard'
import type { PlannedShard } from '#core/convert/plan'
import type { CheckpointSource } from '#core/convert/source'
import type { ModelResult } from '#core/model/failure'
import { failure, success } from '#core/result'
import { writeShard } from './shard-job'
import { openFolders, type FromWorker, type ToWorker, type WorkerFolders } from './shard-worker'

export interface PoolEvents {
  onProgress(tensor: string, sourceBytes: number): void
  /** Must have stored what it is told before the promise settles. */
  onShard(path: string, sums: ShardSums): Promise<ModelResult<void>>
}

/** Ends with the first failure; what was being written then is removed. */
export async function convertShards(
  shards: readonly PlannedShard[],
  folders: WorkerFolders,
  jobs: number,
  events: PoolEvents,
  signal: AbortSignal,
): Promise<ModelResult<void>> {
  if (jobs === 1 || shards.length <= 1) return convertHere(shards, folders, events, signal)
  // The largest first: a long one at the end would leave the other threads idle.
  const queue = [...shards].sort((one, other) => other.sourceBytes - one.sourceBytes)
  const code = await workerCode()
  const controller = new AbortController()
  signal.addEventListener('abort', () => controller.abort())
  let first: ModelResult<void> = success(undefined)
  const fail = (result: ModelResult<void>) => {
    if (first.ok && !result.ok) first = result
    if (!result.ok) controller.abort()
  }
  await Promise.all(
    Array.from({ length: Math.min(jobs, shards.length) }, () =>
      runWorker(code, folders, queue, events, fail, controller.signal),
    ),
  )
  return first
}

async function convertHere(
  shards: readonly PlannedShard[],
  folders: WorkerFolders,
  events: PoolEvents,
  signal: AbortSignal,
): Promise<ModelResult<void>> {
  const { source, close } = openFolders(folders)
  try {
    return await convertInOrder(shards, source, folders.out, events, signal)
  } finally {
    await close()
  }
}

/** On this thread, one after the other. */
export async function convertInOrder(
  shards: readonly PlannedShard[],
  source: CheckpointSource,
  out: string,
  events: PoolEvents,
  signal: AbortSignal,
): Promise<ModelResult<void>> {
  source.expect?.(shards, signal)
  const onProgress = (tensor: string, sourceBytes: number) => events.onProgress(tensor, sourceBytes)
  for (const shard of shards) {
    const sums = await writeShard(shard, source, out, onProgress, signal)
    if (!sums.ok) return sums
    const stored = await events.onShard(shard.path, sums.value)
    if (!stored.ok) return stored
  }
  return success(undefined)
}

/** One thread, fed from the queue until it is empty or something failed. */
function runWorker(
  code: string,
  folders: WorkerFolders,
  queue: PlannedShard[],
  events: PoolEvents,
  fail: (result: ModelResult<void>) => void,
  signal: AbortSignal,
): Promise<void> {
  const worker = new Worker(code, { eval: true, workerData: folders })
  const send = (message: ToWorker) => worker.postMessage(message)
  return new Promise<void>((resolve) => {
    const next = () => {
      const shard = signal.aborted ? undefined : queue.shift()
      if (shard) send({ kind: 'shard', shard })
      else void worker.terminate().then(() => resolve())
    }
    signal.addEventListener('abort', () => send({ kind: 'abort' }))
    worker.on('message', (message: FromWorker) => {
      if (message.kind === 'progress') {
        events.onProgress(message.tensor, message.sourceBytes)
        return
      }
      const { path, result } = message
      const stored = result.ok ? events.onShard(path, result.value) : Promise.resolve(result)
      void stored.then((outcome) => {
        fail(outcome)
        next()
      })
    })
    worker.on('error', (error) => {
      fail(failure({ kind: 'worker-lost', detail: String(error) }))
      resolve()
    })
    next()
  })
}

/** The worker as one script, so that no thread needs Vite. */
async function workerCode(): Promise<string> {
  const output = await build({
    configFile: false,
    logLevel: 'error',
    ssr: { noExternal: true },
    build: {
      ssr: fileURLToPath(new URL('./shard-worker.ts', import.meta.url)),
      write: false,
      rolldownOptions: { output: { format: 'cjs' } },
    },
  })
  const bundles = Array.isArray(output) ? output : 'output' in output ? [output] : []
  const chunk = bundles.flatMap((bundle) => bundle.output).find((each) => each.type === 'chunk')
  if (!chunk) throw new Error('the worker was not built')
  return chunk.code
}
