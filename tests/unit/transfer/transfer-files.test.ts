import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { ModelFailure } from '#core/model/failure'
import type { StoredFile, StoredModelId } from '#core/model/stored'
import { failure, success } from '#core/result'
import { PARALLEL_TRANSFERS } from '#core/transfer/limits'
import type { FetchPorts } from '#worker/models/fetch-ports'
import { transferFiles, type TransferPorts } from '#worker/models/transfer-files'
import { seededBytes, sha256 } from '../../hub/content'
import { Hub, type HubBehaviour } from '../../hub/server'
import { memorySink, never, testPorts, type MemorySink } from './fixtures'

const id = 'own/test' as StoredModelId
const SIZE = 100_000
const contents = Array.from({ length: 10 }, (_, index) => seededBytes(SIZE + index, index))

let hub: Hub
beforeAll(async () => {
  hub = await Hub.start()
})
afterAll(() => hub.close())

/** What is on the disk, by path; `busy` files are open elsewhere. */
let disk: Map<string, MemorySink>
let busy: Set<string>
let records: Map<string, StoredFile>
let written: string[]
let progress: Parameters<TransferPorts['onProgress']>[0][]
beforeEach(() => {
  disk = new Map()
  busy = new Set()
  written = []
  progress = []
})

/** Serves ten shards, the named ones with faults, and gives their records. */
function shards(behaviours: Partial<Record<number, HubBehaviour>> = {}): StoredFile[] {
  const files = contents.map((content, index): StoredFile => {
    const path = `params_shard_${index}.bin`
    return {
      path,
      role: 'weights',
      bytes: content.length,
      expected: { algorithm: 'sha256', hex: sha256(content) },
      url: hub.serve(`/model/${path}`, content, behaviours[index]),
      state: 'absent',
      sha256: null,
      etag: null,
    }
  })
  records = new Map(files.map((file) => [file.path, file]))
  hub.requests.length = 0
  return files
}

function transfer(changes: Partial<TransferPorts> & { ports?: Partial<FetchPorts> } = {}, signal = never) {
  const { ports, ...others } = changes
  return transferFiles(
    { id, files: [...records.values()], addressOf: (url) => url },
    {
      ...testPorts(ports),
      files: {
        storedBytes: () => Promise.resolve(new Map([...disk].map(([path, { size }]) => [path, size]))),
        openSink(_, path) {
          if (busy.has(path)) return Promise.resolve(failure<ModelFailure>({ kind: 'busy-elsewhere' }))
          const sink = memorySink(disk.get(path)?.bytes)
          disk.set(path, sink)
          return Promise.resolve(success(sink))
        },
      },
      availableBytes: () => Promise.resolve(null),
      onFile(file) {
        written.push(`${file.path.replace(/\D/g, '')} ${file.state}`)
        records.set(file.path, file)
        return Promise.resolve()
      },
      onProgress: (event) => progress.push(event),
      ...others,
    },
    signal,
  )
}

const paths = () => hub.requests.map(({ path }) => path.replace(/\D/g, ''))
const allClosed = () => [...disk.values()].every(({ open }) => !open)

function expectComplete() {
  for (const [index, content] of contents.entries()) {
    const path = `params_shard_${index}.bin`
    expect(records.get(path)).toMatchObject({ state: 'verified', sha256: sha256(content) })
    expect(sha256(disk.get(path)?.bytes ?? new Uint8Array())).toBe(sha256(content))
  }
  expect(allClosed()).toBe(true)
}

describe('fetching the files of a model', () => {
  it('fetches each once, several at a time', async () => {
    shards()
    let [now, most] = [0, 0]
    const fetchCounted: FetchPorts['fetch'] = async (url, init) => {
      most = Math.max(most, ++now)
      const response = await fetch(url, init)
      const bytes = await response.arrayBuffer()
      now -= 1
      return new Response(bytes, response)
    }
    expect(await transfer({ ports: { fetch: fetchCounted } })).toEqual({ ok: true, value: undefined })
    expectComplete()
    expect(paths()).toHaveLength(10)
    expect(most).toBe(PARALLEL_TRANSFERS)
    const total = contents.reduce((sum, { length }) => sum + length, 0)
    expect(progress[0]).toMatchObject({ loadedBytes: 0, totalBytes: total })
    expect(progress.at(-1)).toEqual({
      kind: 'downloading',
      loadedBytes: total,
      totalBytes: total,
      waiting: null,
    })
  })

  it('records the entity tag before any byte, and the verified file before it ends', async () => {
    shards()
    records = new Map([...records].slice(0, 1))
    await transfer()
    expect(written).toEqual(['0 absent', '0 verified'])
    expect(records.get('params_shard_0.bin')?.etag).toMatch(/^"/)
  })

  it('leaves verified files alone and fetches damaged, missing and cut ones', async () => {
    shards()
    await transfer()
    hub.requests.length = 0
    const damaged = records.get('params_shard_3.bin')!
    records.set(damaged.path, { ...damaged, state: 'damaged' })
    disk.delete('params_shard_5.bin')
    disk.set('params_shard_7.bin', memorySink(contents[7]!.slice(0, 500)))
    written = []
    expect(await transfer()).toMatchObject({ ok: true })
    expectComplete()
    expect(paths().sort()).toEqual(['3', '5', '7'])
    expect(written).toContain('3 absent')
  })

  it('a repair that was cut off goes on where it was, and does not begin again', async () => {
    shards({ 3: { etag: false, cut: { at: 500, times: 8 } } })
    const damaged = { ...records.get('params_shard_3.bin')!, state: 'damaged' } as const
    records = new Map([[damaged.path, damaged]])
    disk.set(damaged.path, memorySink(contents[3]!.with(7, 0).with(8, 0)))
    expect(await transfer()).toMatchObject({ failure: { kind: 'interrupted', receivedBytes: 500 } })
    hub.requests.length = 0
    expect(await transfer()).toMatchObject({ ok: true })
    expect(hub.requests.map(({ range }) => range)).toEqual(['bytes=500-'])
  })

  it('a repair brings back what was verified here, also where the source names no hash', async () => {
    shards()
    const file = { ...records.get('params_shard_0.bin')!, expected: null }
    records = new Map([[file.path, { ...file, state: 'damaged', sha256: sha256(contents[1]!) }]])
    expect(await transfer()).toMatchObject({
      failure: { kind: 'checksum-mismatch', expected: { hex: sha256(contents[1]!) } },
    })
  })

  it('goes on after an abort with the bytes that are there', async () => {
    shards({ 0: { bytesPerSecond: 100_000 }, 1: { bytesPerSecond: 100_000 } })
    const stop = new AbortController()
    const stopping = transfer(
      { onProgress: ({ loadedBytes }) => loadedBytes > 350_000 && stop.abort() },
      stop.signal,
    )
    expect(await stopping).toEqual({ ok: false, failure: { kind: 'aborted' } })
    expect(allClosed()).toBe(true)
    const before = [...disk.values()].reduce((sum, { size }) => sum + size, 0)
    expect(before).toBeGreaterThan(350_000)
    const sent = hub.sentBytes()
    expect(await transfer()).toMatchObject({ ok: true })
    expectComplete()
    expect(progress[0]?.loadedBytes).toBe(before)
    const total = contents.reduce((sum, { length }) => sum + length, 0)
    expect(hub.sentBytes() - sent).toBe(total - before)
  })

  it('takes sizes that it learns into the record', async () => {
    shards()
    const file = { ...records.get('params_shard_4.bin')!, bytes: null, expected: null }
    records = new Map([[file.path, file]])
    expect(await transfer()).toMatchObject({ ok: true })
    expect(records.get(file.path)).toMatchObject({ bytes: contents[4]!.length, state: 'verified' })
  })

  it('asks the address that it is given for a file', async () => {
    shards()
    const request = { id, files: [...records.values()], addressOf: (url: string) => `${url}-moved` }
    const ports: TransferPorts = {
      ...testPorts(),
      files: {
        storedBytes: () => Promise.resolve(new Map()),
        openSink: () => Promise.resolve(success(memorySink())),
      },
      availableBytes: () => Promise.resolve(null),
      onFile: () => Promise.resolve(),
      onProgress: () => undefined,
    }
    expect(await transferFiles(request, ports, never)).toMatchObject({ failure: { kind: 'not-found' } })
    expect(hub.requests[0]?.path).toMatch(/-moved$/)
  })
})

describe('ending badly', () => {
  it('the first failure ends all, closes all and keeps what is stored', async () => {
    shards({ 2: { refuse: { status: 404, times: 1 } }, 0: { bytesPerSecond: 200_000 } })
    expect(await transfer()).toMatchObject({ failure: { kind: 'not-found', status: 404 } })
    expect(allClosed()).toBe(true)
    expect(await transfer()).toMatchObject({ ok: true })
    expectComplete()
  })

  it('one wrong shard is named and only that one is fetched again', async () => {
    shards({ 6: { wrongByte: { at: 10, times: 1 } } })
    expect(await transfer()).toMatchObject({
      failure: { kind: 'checksum-mismatch', path: 'params_shard_6.bin' },
    })
    const verified = [...records.values()].filter(({ state }) => state === 'verified')
    hub.requests.length = 0
    expect(await transfer()).toMatchObject({ ok: true })
    expectComplete()
    for (const { path } of verified) expect(paths()).not.toContain(path.replace(/\D/g, ''))
  })

  it('a file that another tab writes', async () => {
    shards()
    busy.add('params_shard_1.bin')
    expect(await transfer()).toEqual({ ok: false, failure: { kind: 'busy-elsewhere' } })
    expect(allClosed()).toBe(true)
  })

  it('no room: nothing is fetched, and what is stored counts', async () => {
    shards()
    disk.set('params_shard_0.bin', memorySink(contents[0]!.slice(0, 400)))
    const neededBytes = contents.reduce((sum, { length }) => sum + length, 0) - 400
    const room = (bytes: number) => ({ availableBytes: () => Promise.resolve(bytes) })
    expect(await transfer(room(neededBytes - 1))).toEqual({
      ok: false,
      failure: { kind: 'storage-full', neededBytes, availableBytes: neededBytes - 1 },
    })
    expect(paths()).toEqual([])
    expect(await transfer(room(neededBytes))).toMatchObject({ ok: true })
  })

  it('a missing file without an address is named', async () => {
    shards()
    records.set('params_shard_2.bin', { ...records.get('params_shard_2.bin')!, url: null })
    expect(await transfer()).toEqual({
      ok: false,
      failure: { kind: 'pack-incomplete', missing: ['params_shard_2.bin'] },
    })
  })

  it('an error of the record store is not swallowed, and all is closed', async () => {
    shards()
    await expect(transfer({ onFile: () => Promise.reject(new Error('database closed')) })).rejects.toThrow(
      'database closed',
    )
    expect(allClosed()).toBe(true)
  })

  it('says that it waits only while every file does', async () => {
    shards(
      Object.fromEntries(contents.map((_, index) => [index, { refuse: { status: 503, times: Infinity } }])),
    )
    expect(await transfer({ ports: { wait: waitTogether(PARALLEL_TRANSFERS) } })).toMatchObject({
      failure: { kind: 'host-busy' },
    })
    expect(progress.some(({ waiting }) => waiting?.reason.kind === 'host-busy')).toBe(true)
    expect(progress.at(-1)?.waiting).toBeNull()

    progress = []
    shards({ 0: { refuse: { status: 503, times: 2 } }, 1: { bytesPerSecond: 300_000 } })
    records = new Map([...records].slice(0, 2))
    disk.clear()
    await transfer()
    expect(progress.every(({ waiting }) => waiting === null)).toBe(true)
  })
})

/** A wait that ends when so many wait, or at the abort. */
function waitTogether(count: number): FetchPorts['wait'] {
  let waiting: (() => void)[] = []
  return (_, signal) =>
    new Promise((resolve) => {
      const end = () => {
        signal.removeEventListener('abort', end)
        resolve()
      }
      signal.addEventListener('abort', end)
      waiting.push(end)
      if (waiting.length < count) return
      for (const each of waiting) each()
      waiting = []
    })
}
