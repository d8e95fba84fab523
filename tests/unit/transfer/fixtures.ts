/** The world of a download in memory: sinks instead of OPFS, waits that end at once, the real fetch of Node. */
import type { ModelFailure, ModelResult } from '#core/model/failure'
import type { FileHash } from '#core/model/stored'
import { failure, success } from '#core/result'
import type { FileSink } from '#data/model-files'
import type { FetchPorts } from '#worker/models/fetch-ports'
import { fetchFile, type FetchedFile, type FileJob } from '#worker/models/fetch-file'

export const never = new AbortController().signal

export interface MemorySink extends FileSink {
  readonly bytes: Uint8Array
  readonly open: boolean
}

/** `room`: bytes that fit before the storage is full. */
export function memorySink(stored: Uint8Array = new Uint8Array(), room = Infinity): MemorySink {
  let bytes = Uint8Array.from(stored)
  let open = true
  return {
    get bytes() {
      return bytes
    },
    get open() {
      return open
    },
    get size() {
      return bytes.length
    },
    append(chunk) {
      if (bytes.length + chunk.length > room) {
        return failure<ModelFailure>({
          kind: 'storage-full',
          neededBytes: chunk.length,
          availableBytes: null,
        })
      }
      const joined = new Uint8Array(bytes.length + chunk.length)
      joined.set(bytes)
      joined.set(chunk, bytes.length)
      bytes = joined
      return success(undefined)
    },
    truncate(size) {
      bytes = bytes.slice(0, size)
    },
    read: (at, length) => bytes.slice(at, at + length),
    flush: () => undefined,
    close() {
      open = false
    },
  }
}

export interface TestPorts extends FetchPorts {
  /** Milliseconds of every back-off. */
  waits: number[]
  online: boolean
}

export function testPorts(changes: Partial<FetchPorts> = {}): TestPorts {
  const ports: TestPorts = {
    waits: [],
    online: true,
    fetch: (url, init) => fetch(url, init),
    now: () => Date.now(),
    random: () => 1,
    wait(milliseconds) {
      ports.waits.push(milliseconds)
      return Promise.resolve()
    },
    isOnline: () => ports.online,
    whenOnline: () => Promise.resolve(),
    whyBlocked: () => Promise.resolve(null),
    ...changes,
  }
  return ports
}

export interface Fetching {
  result: ModelResult<FetchedFile>
  sink: MemorySink
  ports: TestPorts
  /** Reasons of the waits, null where it went on. */
  waiting: (string | null)[]
  etags: (string | null)[]
}

export interface FetchOptions {
  bytes?: number | null
  expected?: FileHash | null
  etag?: string | null
  sink?: MemorySink
  ports?: TestPorts
  signal?: AbortSignal
  stallMs?: number
  onStored?: (bytes: number) => void
}

export async function fetchInto(url: string, options: FetchOptions = {}): Promise<Fetching> {
  const { sink = memorySink(), ports = testPorts(), bytes = null, expected = null, etag = null } = options
  const job: FileJob = { url, path: 'file.bin', bytes, expected, etag }
  const waiting: (string | null)[] = []
  const etags: (string | null)[] = []
  const result = await fetchFile(
    job,
    sink,
    {
      onStored: (stored) => options.onStored?.(stored),
      onWaiting: (state) => waiting.push(state?.reason.kind ?? null),
      onEtag(value) {
        etags.push(value)
        return Promise.resolve()
      },
    },
    ports,
    options.signal ?? never,
    { stallMs: options.stallMs ?? 30_000, maxAttempts: 8, maxFirstAttempts: 4 },
  )
  return { result, sink, ports, waiting, etags }
}
