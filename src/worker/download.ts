import type { EngineFailure, EngineResult } from '#core/engine'
import { failure, success } from '#core/result'
import { aborted } from './abort'

export type Fetch = (url: string, init: { signal: AbortSignal }) => Promise<Response>

/**
 * Streams a file to `onChunk`, one chunk at a time, in order. Gives the number of bytes received.
 * Errors of `onChunk` reject: they are the receiver's, not the network's.
 */
export async function streamDownload(
  url: string,
  onChunk: (chunk: Uint8Array<ArrayBuffer>) => Promise<void> | void,
  signal: AbortSignal,
  fetchFile: Fetch = fetch,
): Promise<EngineResult<number>> {
  let reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>>
  try {
    const response = await fetchFile(url, { signal })
    if (!response.ok || !response.body) return failure(refused(url, response))
    reader = response.body.getReader()
  } catch (error) {
    return signal.aborted ? aborted() : failure({ kind: 'download-failed', url, detail: String(error) })
  }
  let bytes = 0
  try {
    for (;;) {
      let chunk: ReadableStreamReadResult<Uint8Array<ArrayBuffer>>
      try {
        chunk = await reader.read()
      } catch (error) {
        return signal.aborted ? aborted() : failure({ kind: 'download-failed', url, detail: String(error) })
      }
      if (signal.aborted) return aborted()
      if (chunk.done) return success(bytes)
      bytes += chunk.value.length
      await onChunk(chunk.value)
    }
  } finally {
    void reader.cancel().catch(() => undefined)
  }
}

function refused(url: string, response: Response): EngineFailure {
  return { kind: 'download-failed', url, status: response.status, detail: response.statusText }
}
