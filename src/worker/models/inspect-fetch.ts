/** Fetches small files into memory, with the patience and the checks of any download, and the beginnings of large ones. */
import type { ModelFailure, ModelResult } from '#core/model/failure'
import type { FileHash } from '#core/model/stored'
import { failure, success } from '#core/result'
import type { TransferLimits } from '#core/transfer/limits'
import { refusal } from '#core/transfer/status'
import { fetchFile } from './fetch-file'
import type { FetchPorts } from './fetch-ports'
import { MemorySink } from './memory-sink'
import { unlessAborted } from '../abort'

export interface SmallFile {
  bytes: Uint8Array<ArrayBuffer>
  sha256: string
}

export interface SmallJob {
  /** As fetched: on a mirror, if there is one. */
  url: string
  path: string
  limitBytes: number
  bytes?: number | null
  expected?: FileHash | null
}

/** A host that is silent for so long is given up. */
const STALL_MS = 30_000

/** Someone looks at the page and waits for an answer: fewer attempts than for a download in the background. */
export const LOOK_LIMITS: TransferLimits = { stallMs: STALL_MS, maxAttempts: 4, maxFirstAttempts: 2 }

/** A file of at most `limitBytes`, whole and verified. Unlike a download it does not wait for a lost network. */
export async function fetchSmall(
  job: SmallJob,
  ports: FetchPorts,
  signal: AbortSignal,
): Promise<ModelResult<SmallFile>> {
  const sink = new MemorySink(job.limitBytes)
  const { url, path, bytes = null, expected = null } = job
  if (bytes !== null && bytes > job.limitBytes)
    return failure({ kind: 'too-large', bytes, limitBytes: job.limitBytes })
  const events = {
    onStored: () => undefined,
    onWaiting: () => undefined,
    onEtag: () => Promise.resolve(),
  }
  const fetched = await fetchFile(
    { url, path, bytes, expected, etag: null },
    sink,
    events,
    { ...ports, isOnline: () => true },
    signal,
    LOOK_LIMITS,
  )
  if (fetched.ok) return success({ bytes: sink.all(), sha256: fetched.value.sha256 })
  return failure(orOffline(fetched.failure, ports))
}

/** Why a host does not answer a computer that has no network. */
export function orOffline(reason: ModelFailure, ports: FetchPorts): ModelFailure {
  const isSilent = reason.kind === 'unreachable' || reason.kind === 'interrupted'
  return isSilent && !ports.isOnline() ? { kind: 'offline', url: reason.url } : reason
}

export async function fetchText(
  job: SmallJob,
  ports: FetchPorts,
  signal: AbortSignal,
): Promise<ModelResult<{ text: string; bytes: number; sha256: string }>> {
  const file = await fetchSmall(job, ports, signal)
  if (!file.ok) return file
  const { bytes, sha256 } = file.value
  return success({ text: new TextDecoder().decode(bytes), bytes: bytes.length, sha256 })
}

/**
 * The beginning of a large file, read in order and broken off by `end`. One plain request: hosts that know no
 * ranges serve it, too.
 */
export class FileStart {
  /** Of the body as it is sent: compressed, perhaps, which pages of other sites are not told. Null: not told. */
  readonly sentBytes: number | null
  readonly #reader: ReadableStreamDefaultReader<Uint8Array<ArrayBuffer>> | undefined
  readonly #connection: AbortController
  #rest: Uint8Array<ArrayBuffer> = new Uint8Array()
  /** Offset of the first byte of `#rest`. */
  #at = 0

  private constructor(response: Response, connection: AbortController) {
    const length = response.headers.get('content-length')
    this.sentBytes = length === null ? null : Number(length)
    this.#reader = response.body?.getReader()
    this.#connection = connection
  }

  static async open(url: string, ports: FetchPorts, signal: AbortSignal): Promise<ModelResult<FileStart>> {
    const connection = new AbortController()
    try {
      const either = AbortSignal.any([signal, connection.signal])
      const init: RequestInit = {
        signal: either,
        cache: 'no-store',
        credentials: 'omit',
        referrerPolicy: 'no-referrer',
      }
      const response = await inTime(ports.fetch(url, init))
      if (response.status === 200) return success(new FileStart(response, connection))
      connection.abort()
      return failure(refusal(url, response.status).failure)
    } catch (error) {
      connection.abort()
      if (signal.aborted) return failure({ kind: 'aborted' })
      const blocked = await ports.whyBlocked(url)
      if (blocked) return failure({ kind: blocked, url })
      return failure(orOffline({ kind: 'unreachable', url, detail: String(error) }, ports))
    }
  }

  /** Fewer bytes at the end of the file. Offsets must not go back. Throws what the network throws. */
  async read(offset: number, length: number): Promise<Uint8Array> {
    if (offset < this.#at) throw new Error(`byte ${offset} is gone`)
    const parts: Uint8Array[] = []
    let missing = length
    while (missing > 0) {
      if (offset > this.#at) {
        const skipped = Math.min(this.#rest.length, offset - this.#at)
        this.#rest = this.#rest.subarray(skipped)
        this.#at += skipped
      }
      if (this.#rest.length > 0 && offset === this.#at) {
        const part = this.#rest.subarray(0, missing)
        parts.push(part)
        this.#rest = this.#rest.subarray(part.length)
        this.#at += part.length
        offset += part.length
        missing -= part.length
      } else if (!(await this.#more())) break
    }
    return joined(parts)
  }

  end(): void {
    this.#connection.abort()
  }

  async #more(): Promise<boolean> {
    const next = this.#reader && (await inTime(this.#reader.read()))
    if (!next || next.done) return false
    this.#rest = next.value
    return true
  }
}

async function inTime<Value>(work: Promise<Value>): Promise<Value> {
  const end = await unlessAborted(work, AbortSignal.timeout(STALL_MS))
  if (end === 'aborted') throw new Error(`nothing arrived for ${STALL_MS / 1000} s`)
  return end
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0))
  let at = 0
  for (const part of parts) {
    all.set(part, at)
    at += part.length
  }
  return all
}
