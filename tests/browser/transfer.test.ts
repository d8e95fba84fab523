/** Downloads in a real worker, over a real connection, into the browser's real private file system. */
import { wrap, type Remote } from 'comlink'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { StoredFile, StoredModelId } from '#core/model/stored'
import { ModelFiles } from '#data/model-files'
import type { TransferWorker } from './transfer-worker'
import workerUrl from './transfer-worker?worker&url'

const URL_OF_MODEL = new URL('/models/formulary.gguf', location.origin).href
const content = new Uint8Array(await (await fetch(URL_OF_MODEL)).arrayBuffer())
const sha256 = hex(await crypto.subtle.digest('SHA-256', content))

const files = new ModelFiles()
let id: StoredModelId
let workers: Worker[]
beforeEach(() => {
  id = `own/test ${crypto.randomUUID()}` as StoredModelId
  workers = []
})
afterEach(async () => {
  for (const worker of workers) worker.terminate()
  expect(await files.remove(id)).toMatchObject({ ok: true })
})

function start(): { api: Remote<TransferWorker>; worker: Worker } {
  const worker = new Worker(new URL('./transfer-worker.ts', import.meta.url), { type: 'module' })
  workers.push(worker)
  return { api: wrap<TransferWorker>(worker), worker }
}

const file = (changes: Partial<StoredFile> = {}): StoredFile => ({
  path: 'weights/model.gguf',
  role: 'weights',
  bytes: content.length,
  expected: { algorithm: 'sha256', hex: sha256 },
  url: URL_OF_MODEL,
  state: 'absent',
  sha256: null,
  etag: null,
  ...changes,
})

async function stored(path = 'weights/model.gguf'): Promise<string | undefined> {
  const blob = await files.file(id, path)
  return blob ? hex(await crypto.subtle.digest('SHA-256', await blob.arrayBuffer())) : undefined
}

describe('a download', () => {
  it('lies in the private file system, is listed, and its space is freed', async () => {
    const { api } = start()
    const { result, files: records } = await api.transfer(id, [file()])
    expect(result).toEqual({ ok: true, value: undefined })
    expect(records).toMatchObject([{ state: 'verified', sha256 }])
    expect(await stored()).toBe(sha256)
    expect(await files.list()).toContain(id)
    expect([...(await files.storedBytes(id))]).toEqual([['weights/model.gguf', content.length]])
    expect(await files.removeFile(id, 'weights/model.gguf')).toMatchObject({ ok: true })
    expect(await files.file(id, 'weights/model.gguf')).toBeNull()
    expect(await files.remove(id)).toMatchObject({ ok: true })
    expect(await files.list()).not.toContain(id)
    expect(await files.remove(id)).toMatchObject({ ok: true })
  })

  it('goes on at the byte where its worker was killed', async () => {
    const before = start()
    void before.api.transfer(id, [file()], 100_000)
    await expect.poll(async () => (await files.storedBytes(id)).get('weights/model.gguf')).toBe(100_000)
    before.worker.terminate()
    const { api } = start()
    const { result, ranges } = await api.transfer(id, [file()])
    expect(result).toMatchObject({ ok: true })
    expect(ranges).toEqual(['bytes=100000-'])
    expect(await stored()).toBe(sha256)
  })

  it('is refused, with its bytes freed, when they are not the expected ones', async () => {
    const wrong = { algorithm: 'sha256', hex: '0'.repeat(64) } as const
    const { result } = await start().api.transfer(id, [file({ expected: wrong })])
    expect(result).toMatchObject({ failure: { kind: 'checksum-mismatch', actual: sha256 } })
    expect([...(await files.storedBytes(id))]).toEqual([['weights/model.gguf', 0]])
  })

  it('tells an address that the site forbids from a host that is down', async () => {
    const host = 'http://127.0.0.1:1/model.gguf'
    const down = await start().api.transfer(id, [file({ url: host })])
    expect(down.result).toMatchObject({ failure: { kind: 'unreachable', url: host } })
    const forbidden = await (await startForbidden()).transfer(id, [file({ url: host })])
    expect(forbidden.result).toEqual({ ok: false, failure: { kind: 'blocked-by-policy', url: host } })
    expect(forbidden.ranges).toHaveLength(1)
  })
})

describe('a file being written', () => {
  it('is held by one worker; when that one ends, it is free', async () => {
    const [one, other] = [start(), start()]
    expect(await one.api.open(id, 'a.bin')).toEqual({ ok: true, size: 0 })
    expect(await other.api.open(id, 'a.bin')).toEqual({ ok: false, failure: { kind: 'busy-elsewhere' } })
    await one.api.append('a.bin', 'abc')
    one.worker.terminate()
    await expect.poll(() => other.api.open(id, 'a.bin')).toEqual({ ok: true, size: 3 })
  })

  it('is appended to, read and cut', async () => {
    const { api } = start()
    await api.open(id, 'deep/er/a.bin')
    expect(await api.append('deep/er/a.bin', 'abcdef')).toEqual({ ok: true, value: undefined })
    await api.append('deep/er/a.bin', 'ghi')
    expect(await api.read('deep/er/a.bin', 4, 3)).toBe('efg')
    expect(await api.read('deep/er/a.bin', 7, 100)).toBe('hi')
    await api.truncate('deep/er/a.bin', 2)
    await api.append('deep/er/a.bin', 'X')
    await api.close('deep/er/a.bin')
    expect(await (await files.file(id, 'deep/er/a.bin'))?.text()).toBe('abX')
  })

  it.each(['../a', '/a', 'a//b', 'a/', '', 'a\\b'])('is not at %j', async (path) => {
    expect(await start().api.open(id, path)).toMatchObject({ failure: { kind: 'file-invalid', path } })
    expect(await files.file(id, path)).toBeNull()
    expect(await files.removeFile(id, path)).toMatchObject({ failure: { kind: 'file-invalid' } })
  })

  it('needs a browser with a private file system', async () => {
    const refusing = new ModelFiles(() => Promise.reject(new DOMException('denied', 'SecurityError')))
    expect(await refusing.openSink(id, 'a')).toEqual({
      ok: false,
      failure: { kind: 'storage-refused', detail: 'denied' },
    })
    expect([await refusing.list(), [...(await refusing.storedBytes(id))]]).toEqual([[], []])
  })
})

/** A worker made from a blob obeys the policy of the document that made it. */
async function startForbidden(): Promise<Remote<TransferWorker>> {
  const frame = document.createElement('iframe')
  frame.srcdoc = `<meta http-equiv="Content-Security-Policy" content="connect-src 'self' blob: ws:"><p></p>`
  await new Promise((resolve) => {
    frame.onload = resolve
    document.body.append(frame)
  })
  const inside = frame.contentWindow as unknown as typeof globalThis
  const address = new URL(workerUrl, location.origin).href
  const blob = new inside.Blob([`import ${JSON.stringify(address)}`], { type: 'text/javascript' })
  const worker = new inside.Worker(URL.createObjectURL(blob), { type: 'module' })
  workers.push(worker)
  return wrap<TransferWorker>(worker)
}

function hex(digest: ArrayBuffer): string {
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
