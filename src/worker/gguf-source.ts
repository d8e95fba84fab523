import type { EngineFailure, EngineResult, LoadProgress, ModelSource } from '#core/engine'
import { failure, success } from '#core/result'
import { createSha256 } from '#data/sha256'
import { aborted } from './abort'
import { streamDownload } from './download'

type GgufSource = Extract<ModelSource, { kind: 'gguf-url' | 'gguf-file' }>

/** The first bytes of every GGUF file. */
const GGUF_MAGIC = 'GGUF'
const HASH_CHUNK_BYTES = 4 * 1024 * 1024

export interface GgufBytes {
  blob: Blob
  /** SHA-256 (hex) of the whole file. */
  sha256: string
}

/**
 * The bytes of a GGUF model and the SHA-256 of the whole file. A file of this site is fetched (the HTTP cache
 * keeps it); size and checksum are verified. A file whose checksum is known is not read for it.
 */
export async function obtainGguf(
  source: GgufSource,
  onProgress: (progress: LoadProgress) => void,
  signal: AbortSignal,
): Promise<EngineResult<GgufBytes>> {
  const weights = await bytesOf(source, onProgress, signal)
  if (!weights.ok) return weights
  const head = await weights.value.blob
    .slice(0, GGUF_MAGIC.length)
    .text()
    .catch(() => '')
  if (head !== GGUF_MAGIC) return failure({ kind: 'model-invalid', detail: 'This is not a GGUF file.' })
  return weights
}

async function bytesOf(
  source: GgufSource,
  onProgress: (progress: LoadProgress) => void,
  signal: AbortSignal,
): Promise<EngineResult<GgufBytes>> {
  if (source.kind === 'gguf-url') return download(source, onProgress, signal)
  const { file, sha256 } = source
  return sha256 === undefined ? hashFile(file, onProgress, signal) : success({ blob: file, sha256 })
}

async function download(
  source: Extract<GgufSource, { kind: 'gguf-url' }>,
  onProgress: (progress: LoadProgress) => void,
  signal: AbortSignal,
): Promise<EngineResult<GgufBytes>> {
  const { url, bytes: totalBytes } = source
  const hash = await createSha256()
  const chunks: Uint8Array<ArrayBuffer>[] = []
  let loadedBytes = 0
  onProgress({ kind: 'downloading', loadedBytes, totalBytes })
  const received = await streamDownload(
    url,
    (chunk) => {
      hash.update(chunk)
      chunks.push(chunk)
      loadedBytes += chunk.length
      onProgress({ kind: 'downloading', loadedBytes, totalBytes })
    },
    signal,
  )
  const sha256 = hash.hex()
  const problem = received.ok ? findProblem(source, received.value, sha256) : received.failure
  return problem ? failure(problem) : success({ blob: new Blob(chunks), sha256 })
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
): Promise<EngineResult<GgufBytes>> {
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
