import type { EngineFailure, EngineResult, LoadProgress, ModelSource } from '#core/engine'
import { failure, success } from '#core/result'
import { createSha256 } from '#data/sha256'
import { aborted } from './abort'
import { streamDownload } from './download'
import { type CachedWeights, cacheWriter, findCached, memoryWriter } from './weights-cache'

type GgufSource = Extract<ModelSource, { kind: 'gguf-url' | 'gguf-file' }>

/** The first bytes of every GGUF file. */
const GGUF_MAGIC = 'GGUF'
const HASH_CHUNK_BYTES = 4 * 1024 * 1024

/**
 * The bytes of a GGUF model and the SHA-256 of the whole file. A file from another site is kept in the
 * cache, so it is downloaded once; its size and, where the source names one, its checksum are verified
 * before it is kept.
 */
export async function obtainGguf(
  source: GgufSource,
  onProgress: (progress: LoadProgress) => void,
  signal: AbortSignal,
): Promise<EngineResult<CachedWeights>> {
  const weights =
    source.kind === 'gguf-file'
      ? await hashFile(source.file, onProgress, signal)
      : ((await cachedFile(source)) ?? (await download(source, onProgress, signal)))
  if (!weights.ok) return weights
  const head = await weights.value.blob.slice(0, GGUF_MAGIC.length).text()
  if (head !== GGUF_MAGIC) return failure({ kind: 'model-invalid', detail: 'This is not a GGUF file.' })
  return weights
}

async function cachedFile(
  source: Extract<GgufSource, { kind: 'gguf-url' }>,
): Promise<EngineResult<CachedWeights> | undefined> {
  const cached = isOfThisSite(source.url) ? undefined : await findCached(source.url, source)
  return cached && success(cached)
}

async function download(
  source: Extract<GgufSource, { kind: 'gguf-url' }>,
  onProgress: (progress: LoadProgress) => void,
  signal: AbortSignal,
): Promise<EngineResult<CachedWeights>> {
  const { url, bytes: totalBytes } = source
  const writer = (isOfThisSite(url) ? undefined : await cacheWriter(url)) ?? memoryWriter()
  const hash = await createSha256()
  let loadedBytes = 0
  try {
    onProgress({ kind: 'downloading', loadedBytes, totalBytes })
    const received = await streamDownload(
      url,
      async (chunk) => {
        hash.update(chunk)
        await writer.write(chunk)
        loadedBytes += chunk.length
        onProgress({ kind: 'downloading', loadedBytes, totalBytes })
      },
      signal,
    )
    const sha256 = hash.hex()
    const problem = received.ok ? findProblem(source, received.value, sha256) : received.failure
    if (problem) {
      await writer.discard()
      return failure(problem)
    }
    return success({ blob: await writer.commit(sha256), sha256 })
  } catch (error) {
    await writer.discard()
    const full = error instanceof DOMException && error.name === 'QuotaExceededError'
    return failure(
      full
        ? { kind: 'storage-full', bytes: totalBytes }
        : { kind: 'download-failed', url, detail: String(error) },
    )
  }
}

/** The checksum decides where there is one: a source's size may be rounded. */
function findProblem(
  { url, bytes, sha256 }: Extract<GgufSource, { kind: 'gguf-url' }>,
  receivedBytes: number,
  actual: string,
): EngineFailure | undefined {
  if (actual === sha256 || (sha256 === undefined && receivedBytes === bytes)) return undefined
  return sha256 === undefined || receivedBytes < bytes
    ? { kind: 'download-failed', url, detail: `received ${receivedBytes} of ${bytes} bytes` }
    : { kind: 'checksum-mismatch', url, expected: sha256, actual }
}

async function hashFile(
  file: File,
  onProgress: (progress: LoadProgress) => void,
  signal: AbortSignal,
): Promise<EngineResult<CachedWeights>> {
  const hash = await createSha256()
  try {
    for (let at = 0; at < file.size; at += HASH_CHUNK_BYTES) {
      if (signal.aborted) return aborted()
      hash.update(new Uint8Array(await file.slice(at, at + HASH_CHUNK_BYTES).arrayBuffer()))
      onProgress({
        kind: 'preparing',
        step: 'verify',
        fraction: Math.min(1, (at + HASH_CHUNK_BYTES) / file.size),
      })
    }
  } catch (error) {
    // The user moved or changed the file after choosing it.
    return failure({ kind: 'model-invalid', detail: String(error) })
  }
  return success({ blob: file, sha256: hash.hex() })
}

function isOfThisSite(url: string): boolean {
  return new URL(url, self.location.href).origin === self.location.origin
}
