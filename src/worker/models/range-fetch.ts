/** Parts of files, fetched into memory with the patience of any download. */
import type { ModelResult } from '#core/model/failure'
import type { FileHash } from '#core/model/stored'
import { failure, success } from '#core/result'
import type { TransferLimits } from '#core/transfer/limits'
import type { ByteRange } from '#core/transfer/range'
import { refusal } from '#core/transfer/status'
import { parseContentRange } from '#core/transfer/version'
import { fetchFile, type FileEvents } from './fetch-file'
import type { FetchPorts } from './fetch-ports'
import { orOffline } from './inspect-fetch'
import { MemorySink } from './memory-sink'

export interface RangeJob {
  url: string
  path: string
  range: ByteRange
  /** Of the whole file, where the address is known to lead to nothing else. */
  expected: FileHash | null
  /** The validator under which other parts of the file came. */
  etag: string | null
}

export async function fetchRange(
  { range, ...job }: RangeJob,
  onWaiting: FileEvents['onWaiting'],
  ports: FetchPorts,
  signal: AbortSignal,
  limits: TransferLimits,
): Promise<ModelResult<{ bytes: Uint8Array<ArrayBuffer>; etag: string | null }>> {
  const length = range.end - range.begin
  const sink = new MemorySink(length, length)
  const events = { onStored: () => undefined, onWaiting, onEtag: () => Promise.resolve() }
  const fetched = await fetchFile({ ...job, bytes: length, range }, sink, events, ports, signal, limits)
  return fetched.ok ? success({ bytes: sink.all(), etag: fetched.value.etag }) : fetched
}

/** The size of a file that no list tells of, by asking for nothing else, or for its first byte. */
export async function fetchSize(
  url: string,
  ports: FetchPorts,
  stallMs: number,
  signal: AbortSignal,
): Promise<ModelResult<number>> {
  const common: Omit<RequestInit, 'signal'> = {
    cache: 'no-store',
    credentials: 'omit',
    referrerPolicy: 'no-referrer',
  }
  const soon = () => AbortSignal.any([signal, AbortSignal.timeout(stallMs)])
  try {
    const head = await ports.fetch(url, { ...common, method: 'HEAD', signal: soon() })
    const length = head.headers.get('content-length')
    if (head.status === 200 && length !== null) return success(Number(length))
    if (head.status === 404 || head.status === 410) return failure(refusal(url, head.status).failure)
    const first = await ports.fetch(url, { ...common, headers: { Range: 'bytes=0-0' }, signal: soon() })
    await first.body?.cancel()
    const total = parseContentRange(first.headers.get('content-range'))?.total ?? null
    if (first.status === 206 && total !== null) return success(total)
    if (first.status !== 206 && first.status !== 200) return failure(refusal(url, first.status).failure)
    return failure({ kind: 'no-ranges', url, detail: `${first.status}, no size is told` })
  } catch (error) {
    if (signal.aborted) return failure({ kind: 'aborted' })
    const blocked = await ports.whyBlocked(url)
    if (blocked) return failure({ kind: blocked, url })
    return failure(orOffline({ kind: 'unreachable', url, detail: String(error) }, ports))
  }
}
