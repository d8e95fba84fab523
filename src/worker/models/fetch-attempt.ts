/** One request for a file, or for the rest of it, whose bytes are stored as they arrive. */
import type { ModelFailure } from '#core/model/failure'
import { retryAfterMs } from '#core/transfer/back-off'
import { judgeRange, rangeHeader, type ByteRange } from '#core/transfer/range'
import { refusal } from '#core/transfer/status'
import {
  continues,
  parseContentRange,
  sameValidator,
  validatorOf,
  type StoredPart,
} from '#core/transfer/version'
import type { FileSink } from '#data/model-files'
import type { FetchPorts } from './fetch-ports'

export type AttemptOutcome =
  /** The body ended as it should; whether that is the whole file is for the caller to see. */
  | { kind: 'ended' }
  | { kind: 'aborted' }
  /** Another attempt may go on from where this one ended. */
  | { kind: 'broken'; failure: ModelFailure; retryAfterMs: number | null }
  /** The host has no byte at or after the one asked for (416). */
  | { kind: 'nothing-beyond'; totalBytes: number | null }
  /** What the host has now does not continue what is stored. */
  | { kind: 'changed' }
  /** More bytes than the file should have. */
  | { kind: 'too-long' }
  | { kind: 'failed'; failure: ModelFailure }

export interface Attempt {
  url: string
  part: Omit<StoredPart, 'storedBytes'>
  /** Null: the whole file. */
  range: ByteRange | null
  sink: FileSink
  stallMs: number
  /** The stored bytes were thrown away, because the host sends the file from its beginning. */
  onRestart: () => Promise<void>
  /** The validator under which the first byte comes; awaited before it is stored. */
  onValidator: (validator: string | null) => Promise<void>
  onBytes: (bytes: Uint8Array) => void
}

/** Bytes after which what is stored is made safe from a power cut, too. */
const FLUSH_BYTES = 64 * 1024 * 1024

export async function attemptFetch(
  attempt: Attempt,
  ports: FetchPorts,
  signal: AbortSignal,
): Promise<AttemptOutcome> {
  const { url } = attempt
  const connection = new AbortController()
  const both = AbortSignal.any([signal, connection.signal])
  const inTime = <Value>(work: Promise<Value>) => unlessStalled(work, attempt.stallMs, connection)
  let answered = false
  try {
    const response = await inTime(ports.fetch(url, request(attempt, both)))
    answered = true
    const problem = await startOf(attempt, response, ports.now())
    if (problem) return problem
    return await store(attempt, response, inTime)
  } catch (error) {
    if (!(error instanceof ConnectionError)) throw error
    if (signal.aborted) return { kind: 'aborted' }
    if (!answered && !connection.signal.aborted) {
      const blocked = await ports.whyBlocked(url)
      if (blocked) return { kind: 'failed', failure: { kind: blocked, url } }
    }
    const failure: ModelFailure = answered
      ? interrupted(attempt, error.message)
      : { kind: 'unreachable', url, detail: error.message }
    return { kind: 'broken', failure, retryAfterMs: null }
  } finally {
    // Ends a body that nobody reads any more.
    connection.abort()
  }
}

export function interrupted(
  { url, part, sink }: Pick<Attempt, 'url' | 'part' | 'sink'>,
  detail: string,
): ModelFailure {
  return { kind: 'interrupted', url, receivedBytes: sink.size, totalBytes: part.bytes, detail }
}

function request({ range, sink }: Attempt, signal: AbortSignal): RequestInit {
  // One range, with its first byte: the only form that other sites take without being asked first (a preflight).
  const header = range ? rangeHeader(range, sink.size) : `bytes=${sink.size}-`
  return {
    signal,
    headers: range || sink.size > 0 ? { Range: header } : {},
    // A second copy of gigabytes in the browser's own cache would only take their place.
    cache: 'no-store',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
  }
}

/** Looks at status and headers and makes the sink ready for the body; gives an outcome where there is no body. */
async function startOf(
  attempt: Attempt,
  { status, headers }: Response,
  now: number,
): Promise<AttemptOutcome | undefined> {
  const { url, part, sink, onRestart, onValidator } = attempt
  const range = parseContentRange(headers.get('content-range'))
  const validator = validatorOf(headers.get('etag'), headers.get('last-modified'))
  if (attempt.range && [200, 206, 416].includes(status)) {
    const verdict = judgeRange(attempt.range, sink.size, { status, range })
    if (verdict === 'whole-file' || verdict === 'other-part') {
      const detail = `${status} ${headers.get('content-range') ?? ''} ≠ ${rangeHeader(attempt.range, sink.size)}`
      return { kind: 'failed', failure: { kind: 'no-ranges', url, detail } }
    }
    // An address that names the content by its hash holds nothing else; its hosts may tag it differently.
    const isNamed = part.expected !== null || part.etag === null || validator === null
    const isSame = isNamed || sameValidator(part.etag ?? '', validator ?? '')
    if (verdict === 'other-size' || !isSame) return { kind: 'changed' }
    if (part.etag === null) await onValidator(validator)
    return undefined
  }
  if (status === 416 && sink.size > 0) return { kind: 'nothing-beyond', totalBytes: range?.total ?? null }
  if (status === 206 && sink.size > 0) {
    const length = headers.get('content-length')
    const answer = { range, validator, contentLength: length === null ? null : Number(length) }
    return continues({ ...part, storedBytes: sink.size }, answer) ? undefined : { kind: 'changed' }
  }
  if (status === 200) {
    if (sink.size > 0) await onRestart()
    await onValidator(validator)
    return undefined
  }
  const { failure, retry } = refusal(url, status)
  if (!retry) return { kind: 'failed', failure }
  return { kind: 'broken', failure, retryAfterMs: retryAfterMs(headers.get('retry-after'), now) }
}

async function store(
  { part, sink, onBytes }: Attempt,
  response: Response,
  inTime: <Value>(work: Promise<Value>) => Promise<Value>,
): Promise<AttemptOutcome> {
  const reader = response.body?.getReader()
  let unsafeBytes = 0
  while (reader) {
    const { done, value } = await inTime(reader.read())
    if (done) break
    if (part.bytes !== null && sink.size + value.length > part.bytes) return { kind: 'too-long' }
    const stored = sink.append(value)
    if (!stored.ok) return { kind: 'failed', failure: stored.failure }
    onBytes(value)
    unsafeBytes += value.length
    if (unsafeBytes >= FLUSH_BYTES) {
      sink.flush()
      unsafeBytes = 0
    }
  }
  return { kind: 'ended' }
}

/** What the network did; anything else that is thrown is a bug. */
class ConnectionError extends Error {}

/** Rejects, and breaks the connection, when the work does not end in time. */
function unlessStalled<Value>(
  work: Promise<Value>,
  stallMs: number,
  connection: AbortController,
): Promise<Value> {
  return new Promise((resolve, reject) => {
    const broken = (error: unknown) => {
      clearTimeout(timer)
      reject(new ConnectionError(error instanceof Error ? error.message : String(error)))
    }
    const timer = setTimeout(() => {
      broken(`nothing arrived for ${Math.round(stallMs / 1000)} s`)
      connection.abort()
    }, stallMs)
    work.then((value) => {
      clearTimeout(timer)
      resolve(value)
    }, broken)
  })
}
