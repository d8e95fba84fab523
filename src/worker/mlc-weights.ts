import type { EngineFailure, EngineResult, LoadProgress } from '#core/engine'
import { failure, success } from '#core/result'
import { createMd5 } from '#data/md5'
import { sha256OfText } from '#data/sha256'
import { streamDownload } from './download'

/** Where WebLLM looks for weights (its default, the Cache API). */
const WEIGHTS_CACHE = 'webllm/model'
const PARALLEL_DOWNLOADS = 4
/** Kept with a stored shard: a shard of another version may have the same size, and rehashing it takes long. */
const MD5_HEADER = 'x-md5'

interface Shard {
  dataPath: string
  nbytes: number
  /** Hex; not every manifest has it. */
  md5sum?: string
}

/**
 * Puts the weights of an MLC model into WebLLM's own cache before WebLLM asks for them: it would report whole
 * shards only, and a download that it breaks off leaves a cache that looks complete. Sizes and,
 * where the manifest names them, MD5 sums are verified before a shard is kept. Gives the model's fingerprint: the SHA-256 of the tensor manifest, which names every
 * tensor and the MD5 of every shard.
 */
export async function obtainMlcWeights(
  weightsUrl: string,
  manifestName: string,
  onProgress: (progress: LoadProgress) => void,
  signal: AbortSignal,
): Promise<EngineResult<string>> {
  const cache = await caches.open(WEIGHTS_CACHE)
  const manifestUrl = new URL(manifestName, weightsUrl).href
  const manifest = await obtain(cache, manifestUrl, {}, () => undefined, signal)
  if (!manifest.ok) return manifest
  const text = await manifest.value.text()
  const shards = readShards(text)
  if (!shards) {
    await cache.delete(manifestUrl)
    return failure({ kind: 'model-invalid', detail: `${manifestName} lists no weights.` })
  }

  const totalBytes = shards.reduce((sum, shard) => sum + shard.nbytes, 0)
  let loadedBytes = 0
  onProgress({ kind: 'downloading', loadedBytes, totalBytes })
  const onBytes = (bytes: number) => {
    loadedBytes += bytes
    onProgress({ kind: 'downloading', loadedBytes, totalBytes })
  }
  const stopAll = new AbortController()
  const either = AbortSignal.any([signal, stopAll.signal])
  const waiting = [...shards]
  let problem: EngineFailure | undefined
  async function work(): Promise<void> {
    for (let shard = waiting.shift(); shard && !problem; shard = waiting.shift()) {
      const url = new URL(shard.dataPath, weightsUrl).href
      const stored = await obtain(cache, url, shard, onBytes, either)
      if (!stored.ok) {
        problem ??= stored.failure
        stopAll.abort()
      }
    }
  }
  await Promise.all(Array.from({ length: PARALLEL_DOWNLOADS }, work))
  if (!problem) return success(await sha256OfText(text))
  // The manifest may be older than the source's shards, so the next try asks for it again.
  if (problem.kind === 'download-failed' || problem.kind === 'checksum-mismatch')
    await cache.delete(manifestUrl)
  return failure(problem)
}

/** The file from the cache, or downloaded into it; what the manifest says of it is verified. */
async function obtain(
  cache: Cache,
  url: string,
  { nbytes: bytes, md5sum }: Partial<Shard>,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<EngineResult<Response>> {
  const cached = await cache.match(url)
  const isIntact =
    (bytes === undefined || Number(cached?.headers.get('content-length')) === bytes) &&
    (md5sum === undefined || cached?.headers.get(MD5_HEADER) === md5sum)
  if (cached && isIntact) {
    onBytes(bytes ?? 0)
    return success(cached)
  }
  const chunks: Uint8Array<ArrayBuffer>[] = []
  const hash = await createMd5()
  const received = await streamDownload(
    url,
    (chunk) => {
      hash.update(chunk)
      chunks.push(chunk)
      onBytes(chunk.length)
    },
    signal,
  )
  if (!received.ok) return received
  if (bytes !== undefined && received.value !== bytes)
    return failure({ kind: 'download-failed', url, detail: `received ${received.value} of ${bytes} bytes` })
  const actual = hash.hex()
  if (md5sum !== undefined && actual !== md5sum)
    return failure({ kind: 'checksum-mismatch', url, expected: md5sum, actual })
  // A shard is at most a few tens of MB, so it is held whole and stored only when it is complete.
  const headers = { 'content-length': String(received.value), [MD5_HEADER]: actual }
  const response = new Response(new Blob(chunks), { headers })
  try {
    await cache.put(url, response.clone())
  } catch (error) {
    const full = error instanceof DOMException && error.name === 'QuotaExceededError'
    return failure(
      full
        ? { kind: 'storage-full', bytes: received.value }
        : { kind: 'download-failed', url, detail: String(error) },
    )
  }
  return success(response)
}

function readShards(manifest: string): Shard[] | undefined {
  try {
    const { records } = JSON.parse(manifest) as { records?: Partial<Shard>[] }
    const shards = records?.filter(
      (record): record is Shard => typeof record.dataPath === 'string' && typeof record.nbytes === 'number',
    )
    return shards && shards.length > 0 && shards.length === records?.length ? shards : undefined
  } catch {
    return undefined
  }
}
