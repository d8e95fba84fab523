import type { EngineResult, LoadProgress } from '#core/engine'
import { failure, success } from '#core/result'
import { sha256OfText } from '#data/sha256'
import { streamDownload } from './download'

/** Where WebLLM looks for weights (its default, the Cache API). */
const WEIGHTS_CACHE = 'webllm/model'
const PARALLEL_DOWNLOADS = 4

interface Shard {
  dataPath: string
  nbytes: number
}

/**
 * Puts the weights of an MLC model into WebLLM's own cache before WebLLM asks for them: it would report whole
 * shards only, and a download that it breaks off leaves a cache that looks complete. Sizes are verified
 * against the manifest. Gives the model's fingerprint: the SHA-256 of the tensor manifest, which names every
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
  const manifest = await obtain(cache, manifestUrl, undefined, () => undefined, signal)
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
  let problem: EngineResult<never> | undefined
  async function work(): Promise<void> {
    for (let shard = waiting.shift(); shard && !problem; shard = waiting.shift()) {
      const url = new URL(shard.dataPath, weightsUrl).href
      const stored = await obtain(cache, url, shard.nbytes, onBytes, either)
      if (!stored.ok) {
        problem ??= stored
        stopAll.abort()
      }
    }
  }
  await Promise.all(Array.from({ length: PARALLEL_DOWNLOADS }, work))
  return problem ?? success(await sha256OfText(text))
}

/** The file from the cache, or downloaded into it. */
async function obtain(
  cache: Cache,
  url: string,
  bytes: number | undefined,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<EngineResult<Response>> {
  const cached = await cache.match(url)
  if (cached && (bytes === undefined || Number(cached.headers.get('content-length')) === bytes)) {
    onBytes(bytes ?? 0)
    return success(cached)
  }
  const chunks: Uint8Array<ArrayBuffer>[] = []
  const received = await streamDownload(
    url,
    (chunk) => {
      chunks.push(chunk)
      onBytes(chunk.length)
    },
    signal,
  )
  if (!received.ok) return received
  if (bytes !== undefined && received.value !== bytes)
    return failure({ kind: 'download-failed', url, detail: `received ${received.value} of ${bytes} bytes` })
  // A shard is at most a few tens of MB, so it is held whole and stored only when it is complete.
  const response = new Response(new Blob(chunks), { headers: { 'content-length': String(received.value) } })
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
