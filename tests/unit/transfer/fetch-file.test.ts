import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { Hub, type HubBehaviour } from '../../hub/server'
import { md5, seededBytes, sha256 } from '../../hub/content'
import { gitBlobHash } from '../../hub/repository'
import { fetchInto, memorySink, testPorts, type FetchOptions } from './fixtures'

const SIZE = 300_000
const content = seededBytes(SIZE, 1)
const expected = { algorithm: 'sha256', hex: sha256(content) } as const
const known = { bytes: SIZE, expected }

let hub: Hub
let counter = 0
beforeAll(async () => {
  hub = await Hub.start()
})
afterAll(() => hub.close())

/** Serves the content at a new path with this behaviour and fetches it. */
async function fetching(behaviour: HubBehaviour, options: FetchOptions = known) {
  counter += 1
  const path = `/owner/model/resolve/main/file-${counter}.bin`
  const url = hub.serve(path, content, behaviour)
  const fetched = await fetchInto(url, options)
  const ranges = hub.requestsFor(path).map(({ range }) => range)
  return { ...fetched, path, url, ranges, sent: hub.sentBytes(path) }
}

const whole = { ok: true, value: { bytes: SIZE, sha256: expected.hex } }

describe('a good host', () => {
  it('gives the file, its SHA-256 and its entity tag', async () => {
    const { result, sink, ranges, sent, etags } = await fetching({})
    expect(result).toMatchObject(whole)
    expectBytes(sink.bytes, content)
    expect([ranges, sent]).toEqual([[null], SIZE])
    expect(etags).toEqual([result.ok ? result.value.etag : ''])
    expect(etags[0]).toMatch(/^"/)
  })

  it.each([
    ['md5', md5(content)],
    ['git-sha1', gitBlobHash(content)],
  ] as const)('is checked by %s where that is what the source names', async (algorithm, hex) => {
    expect((await fetching({}, { bytes: SIZE, expected: { algorithm, hex } })).result).toMatchObject(whole)
    const wrong = { algorithm, hex: hex.replace(/^./, (digit) => (digit === '0' ? '1' : '0')) }
    const { result, sink } = await fetching({}, { bytes: SIZE, expected: wrong })
    expect(result).toMatchObject({ failure: { kind: 'checksum-mismatch', expected: wrong, actual: hex } })
    expect(sink.size).toBe(0)
  })

  it('needs neither size nor hash', async () => {
    const { result, sink } = await fetching({ length: false }, {})
    expect(result).toMatchObject(whole)
    expectBytes(sink.bytes, content)
  })

  it('has empty files, too', async () => {
    const url = hub.serve('/empty', '')
    expect((await fetchInto(url, { bytes: 0 })).result).toMatchObject({ ok: true, value: { bytes: 0 } })
    expect((await fetchInto(url)).result).toMatchObject({ ok: true, value: { bytes: 0 } })
  })
})

describe('going on where the stored bytes end', () => {
  it.each([[null], [expected]])('fetches only the rest (hash: %j)', async (hash) => {
    const first = await fetching({ cut: { at: 100_000, times: 99 } }, { bytes: SIZE, expected: hash })
    expect(first.result).toMatchObject({
      failure: { kind: 'interrupted', receivedBytes: 100_000, totalBytes: SIZE },
    })
    const etag = first.etags[0] ?? null
    const { result, sink, ranges, sent, etags } = await fetching(
      {},
      { bytes: SIZE, expected: hash, etag, sink: memorySink(first.sink.bytes) },
    )
    expect(result).toMatchObject({ ...whole, value: { etag } })
    expectBytes(sink.bytes, content)
    expect([ranges, sent, etags]).toEqual([['bytes=100000-'], 200_000, []])
  })

  it('only verifies what has its size already', async () => {
    const { result, ranges } = await fetching({}, { ...known, sink: memorySink(content) })
    expect([result, ranges]).toMatchObject([whole, []])
  })

  it('fetches a file anew whose stored bytes were wrong', async () => {
    const wrong = Uint8Array.from(content)
    wrong[7] = (wrong[7] as number) ^ 1
    const complete = await fetching({}, { ...known, sink: memorySink(wrong) })
    expect([complete.result, complete.ranges]).toMatchObject([whole, [null]])
    const part = await fetching({}, { ...known, sink: memorySink(wrong.slice(0, 1000)) })
    expect([part.result, part.ranges]).toMatchObject([whole, ['bytes=1000-', null]])
    expectBytes(part.sink.bytes, content)
  })

  it('throws away more bytes than the file has', async () => {
    const long = new Uint8Array(SIZE + 1)
    const { result, ranges } = await fetching({}, { ...known, sink: memorySink(long) })
    expect([result, ranges]).toMatchObject([whole, [null]])
  })

  it('takes the whole from a host without ranges', async () => {
    const { result, sink, ranges, sent } = await fetching(
      { ranges: false },
      { ...known, sink: memorySink(content.slice(0, 1000)) },
    )
    expect(result).toMatchObject(whole)
    expectBytes(sink.bytes, content)
    expect([ranges, sent]).toEqual([['bytes=1000-'], SIZE])
  })

  it('understands that there is nothing beyond (416)', async () => {
    const sink = () => memorySink(content)
    expect((await fetching({}, { expected, sink: sink() })).result).toMatchObject(whole)
    expect((await fetching({}, { sink: sink() })).result).toMatchObject(whole)
    const unreadable = await fetching({}, { sink: memorySink(seededBytes(SIZE + 5, 2)) })
    expect([unreadable.result, unreadable.ranges]).toMatchObject([whole, [`bytes=${SIZE + 5}-`, null]])
  })
})

describe('a file that changed between two visits', () => {
  const changed = seededBytes(SIZE, 3)
  it('is fetched anew where only its entity tag tells', async () => {
    const options = { bytes: SIZE, etag: '"of the old one"', sink: memorySink(content.slice(0, 1000)) }
    const { result, sink, ranges, etags } = await fetching({}, options)
    expect(result).toMatchObject(whole)
    expectBytes(sink.bytes, content)
    expect(ranges).toEqual(['bytes=1000-', null])
    expect(etags).toHaveLength(1)
  })

  it('is never put together from two versions, though the connection broke in between', async () => {
    const { result, sink, etags } = await fetching({ cut: { at: 5000, times: 1 }, changed }, { bytes: SIZE })
    expect(result).toMatchObject({ ok: true, value: { sha256: sha256(changed) } })
    expectBytes(sink.bytes, changed)
    expect(new Set(etags).size).toBe(2)
  })

  it('is refused where the hash is pinned', async () => {
    const { result, sink } = await fetching({ cut: { at: 5000, times: 1 }, changed })
    expect(result).toMatchObject({
      failure: { kind: 'checksum-mismatch', expected, actual: sha256(changed) },
    })
    expect(sink.size).toBe(0)
  })

  it('is noticed by its size', async () => {
    const longer = seededBytes(SIZE + 10, 3)
    const grown = await fetching({ cut: { at: 5000, times: 1 }, changed: longer })
    expect(grown.result).toMatchObject({ failure: { kind: 'wrong-size', expectedBytes: SIZE } })
    const shorter = await fetching({ cut: { at: 5000, times: 1 }, changed: longer.slice(0, SIZE - 10) })
    expect(shorter.result).toMatchObject({
      failure: { kind: 'wrong-size', expectedBytes: SIZE, actualBytes: SIZE - 10 },
    })
  })
})

describe('hosts with faults', () => {
  it('redirects to another host, each time from the original address', async () => {
    const { result, path, url } = await fetching({ redirect: true, cut: { at: 1000, times: 2 } })
    expect(result).toMatchObject({ ...whole })
    const hosts = hub.requestsFor(path).map(({ host }) => host)
    expect(hosts).toEqual(['first', 'second', 'first', 'second', 'first', 'second'])
    expect(url).toContain(hub.origin)
  })

  it('cuts, again and again: each attempt goes on and the patience begins anew', async () => {
    const { result, sink, sent, ports } = await fetching({ cutEvery: 20_000 })
    expect(result).toMatchObject(whole)
    expectBytes(sink.bytes, content)
    expect(sent).toBe(SIZE)
    expect(ports.waits).toEqual(Array.from({ length: SIZE / 20_000 - 1 }, () => 1000))
  })

  it('cuts at the same byte without end', async () => {
    const { result, sink, ranges, ports, waiting } = await fetching({ cut: { at: 1000, times: Infinity } })
    expect(result).toMatchObject({
      failure: { kind: 'interrupted', receivedBytes: 1000, totalBytes: SIZE },
    })
    expect(sink.size).toBe(1000)
    expect(ranges).toHaveLength(8)
    expect(ports.waits).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000].slice(0, ports.waits.length))
    expect(waiting.at(-1)).toBeNull()
  })

  it('cuts and has no ranges: the same bytes over and over are no progress', async () => {
    const { result, ranges } = await fetching({ ranges: false, cut: { at: 1000, times: Infinity } })
    expect(result).toMatchObject({ failure: { kind: 'interrupted' } })
    expect(ranges).toHaveLength(8)
  })

  it('stalls', async () => {
    const { result, ranges, waiting } = await fetching(
      { stall: { at: 1000, times: 1 } },
      { ...known, stallMs: 300 },
    )
    expect(result).toMatchObject(whole)
    expect(ranges).toEqual([null, 'bytes=1000-'])
    expect(waiting).toEqual(['interrupted', null])
  })

  it('sends a wrong byte: the whole is thrown away', async () => {
    const { result, sink, sent } = await fetching({ wrongByte: { at: 1234, times: 1 } })
    expect(result).toMatchObject({ failure: { kind: 'checksum-mismatch', path: 'file.bin', expected } })
    expect([sink.size, sent]).toEqual([0, SIZE])
  })

  it('sends a wrong byte in one of two parts: the whole is fetched once more', async () => {
    const { result, sent } = await fetching({ cut: { at: 1000, times: 1 }, wrongByte: { at: 10, times: 1 } })
    expect(result).toMatchObject(whole)
    expect(sent).toBe(2 * SIZE)
  })

  it('sends fewer bytes than the source named, and ends properly', async () => {
    const { result, sink } = await fetching({}, { bytes: SIZE + 1, expected })
    expect(result).toMatchObject({
      failure: { kind: 'wrong-size', expectedBytes: SIZE + 1, actualBytes: SIZE },
    })
    expect(sink.size).toBe(0)
  })

  it('sends more bytes than the source named', async () => {
    const { result } = await fetching({}, { bytes: SIZE - 1, expected })
    expect(result).toMatchObject({ failure: { kind: 'wrong-size', expectedBytes: SIZE - 1 } })
  })

  it('compresses: the length it names is not that of the file', async () => {
    const text = new TextEncoder().encode('{"key": "value"}\n'.repeat(10_000))
    const url = hub.serve('/gzip.json', text, { gzip: true, cut: { at: 100, times: 1 } })
    const { result, sink } = await fetchInto(url, { bytes: text.length })
    expect(result).toMatchObject({ ok: true, value: { sha256: sha256(text) } })
    expectBytes(sink.bytes, text)
    expect(hub.sentBytes('/gzip.json')).toBeLessThan(text.length)
  })

  it('is never asked by HEAD', async () => {
    const { result, path } = await fetching({ head: false })
    expect(result).toMatchObject(whole)
    expect(hub.requestsFor(path).map(({ method }) => method)).toEqual(['GET'])
  })

  it.each([
    [403, 'access-denied'],
    [401, 'access-denied'],
    [404, 'not-found'],
    [418, 'refused'],
  ])('answers %i: no second attempt', async (status, kind) => {
    const { result, ranges, url } = await fetching({ refuse: { status, times: 1 } })
    expect(result).toEqual({ ok: false, failure: { kind, url, status } })
    expect(ranges).toHaveLength(1)
  })

  it.each([[429], [503]])('answers %i: waits as long as it is asked to', async (status) => {
    const { result, ports, waiting } = await fetching({ refuse: { status, times: 2, retryAfter: '20' } })
    expect(result).toMatchObject(whole)
    expect(ports.waits).toEqual([20_000, 20_000])
    expect(waiting).toEqual(['host-busy', null, 'host-busy', null])
  })

  it('answers 503 for ever', async () => {
    const { result, ranges } = await fetching({ refuse: { status: 503, times: Infinity } })
    expect(result).toMatchObject({ failure: { kind: 'host-busy', status: 503 } })
    expect(ranges).toHaveLength(8)
  })
})

describe('no answer at all', () => {
  it('is told after few attempts', async () => {
    const { result, ports } = await fetchInto('http://127.0.0.1:1/file', known)
    expect(result).toMatchObject({ failure: { kind: 'unreachable', url: 'http://127.0.0.1:1/file' } })
    expect(ports.waits).toHaveLength(3)
  })

  it('without a network waits until it is back, however often', async () => {
    let failing = 20
    const ports = testPorts({
      fetch: (url, init) => (failing-- > 0 ? Promise.reject(new TypeError('no network')) : fetch(url, init)),
      whenOnline: () => Promise.resolve(void (ports.online = failing <= 0)),
    })
    ports.online = false
    const { result, waiting } = await fetching({}, { ...known, ports })
    expect(result).toMatchObject(whole)
    expect(waiting.filter((reason) => reason === 'offline')).toHaveLength(20)
    expect(ports.waits).toEqual([])
  })

  it.each(['blocked-by-policy', 'insecure-address'] as const)('because of the browser: %s', async (kind) => {
    const ports = testPorts({
      fetch: () => Promise.reject(new TypeError('Failed to fetch')),
      whyBlocked: () => Promise.resolve(kind),
    })
    const url = 'http://elsewhere.invalid/file'
    const { result } = await fetchInto(url, { ports })
    expect(result).toEqual({ ok: false, failure: { kind, url } })
    expect(ports.waits).toEqual([])
  })
})

describe('ending early', () => {
  it('keeps what is stored when it is aborted', async () => {
    const stop = new AbortController()
    const { result, sink } = await fetching(
      { bytesPerSecond: 200_000 },
      { ...known, signal: stop.signal, onStored: (bytes) => bytes > 20_000 && stop.abort() },
    )
    expect(result).toEqual({ ok: false, failure: { kind: 'aborted' } })
    expect(sink.size).toBeGreaterThan(20_000)
    expectBytes(sink.bytes, content.slice(0, sink.size))
  })

  it('also while it waits', async () => {
    const stop = new AbortController()
    const ports = testPorts({ wait: () => Promise.resolve(stop.abort()) })
    const options = { ...known, ports, signal: stop.signal }
    expect((await fetching({ refuse: { status: 503, times: 1 } }, options)).result).toMatchObject({
      failure: { kind: 'aborted' },
    })
  })

  it('says how much room is missing', async () => {
    const { result, sink } = await fetching({}, { ...known, sink: memorySink(undefined, 100_000) })
    expect(result).toMatchObject({ failure: { kind: 'storage-full', neededBytes: SIZE - sink.size } })
    expect(sink.size).toBeGreaterThan(0)
  })
})

/** toEqual takes a second for this. */
function expectBytes(actual: Uint8Array, wanted: Uint8Array) {
  expect(actual.length).toBe(wanted.length)
  expect(Buffer.compare(actual, wanted)).toBe(0)
}
