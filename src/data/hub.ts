import { MAX_SOURCE_BYTES } from '#core/dataset/limits'
import type { ImportFailure } from '#core/dataset/failure'
import { failure, success, type Result } from '#core/result'
import { HostRefused } from './privacy/guarded-fetch'
import type { Fetch } from './privacy/recorded-fetch'
import { chunksOf } from './stream'

/** Where AnesBench is published; `importSource` takes another address in tests. */
export const ANESBENCH_URL = 'https://huggingface.co/datasets/MiliLab/AnesBench/resolve/main/'
export const ANESBENCH_FILES: readonly string[] = ['anesbench_en.json', 'anesbench_zh.json']

export interface NamedBlob {
  name: string
  blob: Blob
}

/** `totalBytes` is null while the server has not said how much it sends. */
export type DownloadProgress = (loadedBytes: number, totalBytes: number | null) => void

/** How files are asked for, and whether the browser's policy refused a request that has just failed. */
export interface DownloadPorts {
  fetch: Fetch
  policyOn: (url: string) => Promise<'blocked-by-policy' | 'redirect-not-chosen' | null>
}

/** Downloads files one after the other; progress counts over the files asked for so far. */
export async function download(
  urls: readonly string[],
  onProgress: DownloadProgress,
  ports: DownloadPorts,
): Promise<Result<NamedBlob[], ImportFailure>> {
  const files: NamedBlob[] = []
  let before = 0
  for (const url of urls) {
    const file = await downloadFile(url, before, onProgress, ports)
    if (!file.ok) return file
    files.push(file.value)
    before += file.value.blob.size
  }
  return success(files)
}

async function downloadFile(
  url: string,
  before: number,
  onProgress: DownloadProgress,
  ports: DownloadPorts,
): Promise<Result<NamedBlob, ImportFailure>> {
  const name = decodeURIComponent(new URL(url).pathname.split('/').at(-1) ?? url)
  try {
    const response = await ports.fetch(url)
    if (!response.ok || !response.body) {
      return failure({ kind: 'download-failed', url, status: response.status, detail: response.statusText })
    }
    const length = Number(response.headers.get('content-length'))
    const chunks: Uint8Array<ArrayBuffer>[] = []
    let bytes = 0
    for await (const chunk of chunksOf(response.body)) {
      chunks.push(chunk)
      bytes += chunk.length
      if (before + bytes > MAX_SOURCE_BYTES) {
        const limitBytes = MAX_SOURCE_BYTES
        return failure({ kind: 'too-large', file: name, bytes: before + Math.max(bytes, length), limitBytes })
      }
      // The header counts compressed bytes where the server compresses: then the total is not known.
      onProgress(before + bytes, length >= bytes ? before + length : null)
    }
    return success({ name, blob: new Blob(chunks) })
  } catch (error) {
    if (error instanceof HostRefused) return failure({ kind: error.refusal, url })
    if ((await ports.policyOn(url)) === 'redirect-not-chosen')
      return failure({ kind: 'redirect-not-chosen', url })
    const detail = error instanceof Error ? error.message : String(error)
    return failure({ kind: 'download-failed', url, status: null, detail })
  }
}
