/** What only a real browser can get wrong: permissions of other sites (CORS), redirects, compression, a lost network. */
import type { BrowserContext, Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Stores } from '#app/stores'
import type { FileHash, ModelFile, ModelPlan, StoredModelId } from '#core/model/stored'
import { seededBytes, sha256 } from '../hub/content'
import { Hub, type HubBehaviour } from '../hub/server'
import { openSite, type Site } from './site'

declare const somnusStores: Stores

const SIZE = 3_000_000
const ID = 'own/hub' as StoredModelId
const content = seededBytes(SIZE, 1)
const expected: FileHash = { algorithm: 'sha256', hex: sha256(content) }

let site: Site
let hub: Hub
let context: BrowserContext
let page: Page
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())
beforeEach(async () => {
  hub = await Hub.start()
  context = await site.browser.newContext({ serviceWorkers: 'block' })
  page = await context.newPage()
  await page.goto(`${site.url}?evaluate`)
  await page.waitForFunction(() => 'somnusStores' in globalThis)
})
afterEach(async () => {
  // Preflights would be refused by real hubs: no request may need one.
  expect(hub.requests.filter(({ method }) => method !== 'GET')).toEqual([])
  await context.close()
  await hub.close()
})

const PATH = '/file.bin'
/** Stands still once as much was sent: nothing is at its end before the test has come to it. */
const STALL = { stall: { at: 2_000_000, times: 1 } }
/** With patience for a busy machine. */
const POLL = { interval: 20, timeout: 30_000 }

/** Serves the content with a behaviour and downloads it in the app, from the beginning or going on. */
function download(behaviour: HubBehaviour | null, changes: Partial<ModelFile> = {}, bytes = content) {
  if (behaviour) hub.serve(PATH, bytes, behaviour)
  const file: ModelFile = {
    path: 'file.bin',
    role: 'weights',
    bytes: bytes.length,
    expected,
    url: hub.url(PATH),
    ...changes,
  }
  const plan: ModelPlan = {
    id: ID,
    name: 'Hub',
    catalog: null,
    architecture: 'qwen2',
    quantization: 'Q8_0',
    parameters: null,
    contextTokens: 4096,
    memoryMB: 1000,
    runtime: { engine: 'wllama' },
    origin: { kind: 'remote', address: hub.origin, revision: null },
    files: [file],
  }
  return page.evaluate((plan) => {
    const { modelStore } = somnusStores
    return modelStore.find(plan.id) ? modelStore.resume(plan.id) : modelStore.add(plan)
  }, plan)
}

const ranges = () => hub.requestsFor(PATH).map(({ range }) => range)

async function pauseAfter(bytes: number): Promise<void> {
  await expect.poll(() => hub.sentBytes(PATH), POLL).toBeGreaterThan(bytes)
  await page.evaluate((id) => somnusStores.modelStore.pause(id), ID)
}

const waiting = () =>
  page.evaluate((id) => {
    const progress = somnusStores.modelStore.job(id)?.progress
    return progress?.kind === 'downloading' ? (progress.waiting?.reason.kind ?? null) : undefined
  }, ID)

const verified = (bytes = content) => ({
  ok: true,
  value: { files: [{ path: 'file.bin', state: 'verified', sha256: sha256(bytes), bytes: bytes.length }] },
})

test('a redirect to another host, with headers that a page may not read, and a cut', async () => {
  const cut = { at: 1_000_000, times: 2 }
  await page.evaluate((origin) => somnusStores.privacy.choose(origin), hub.storageOrigin)
  expect(await download({ redirect: true, exposed: false, cut })).toMatchObject(verified())
  expect(ranges()[0]).toBeNull()
  expect(ranges().at(-1)).toBe('bytes=1000000-')
})

test('a pause: the rest is fetched, and not more', async () => {
  const first = download({ bytesPerSecond: 2_000_000, ...STALL })
  await pauseAfter(STALL.stall.at - 1)
  expect(await first).toMatchObject({ failure: { kind: 'aborted' } })
  const sent = hub.sentBytes()
  expect(await download(null)).toMatchObject(verified())
  const from = Number(/bytes=(\d+)-/.exec(ranges().at(-1) ?? '')?.[1])
  expect(from).toBeGreaterThan(500_000)
  expect(hub.sentBytes() - sent).toBe(SIZE - from)
})

test('a reload: the new page goes on at once', async () => {
  void download({ bytesPerSecond: 2_000_000, ...STALL }).catch(() => undefined)
  await expect.poll(() => hub.sentBytes(PATH), POLL).toBeGreaterThan(1_000_000)
  await page.reload()
  await page.waitForFunction(() => 'somnusStores' in globalThis)
  expect(await download(null)).toMatchObject(verified())
  expect(ranges()).toEqual([null, expect.stringMatching(/^bytes=/)])
})

test('compression: the rest of a compressed file is asked for uncompressed', async () => {
  const text = new TextEncoder().encode('{"key": "value"}\n'.repeat(200_000))
  const hash: FileHash = { algorithm: 'sha256', hex: sha256(text) }
  const behaviour = { gzip: true, cut: { at: 3000, times: 1 } } as const
  expect(await download(behaviour, { expected: hash }, text)).toMatchObject(verified(text))
})

test('another version at the second visit, told by its entity tag alone', async () => {
  const first = download({ bytesPerSecond: 2_000_000, ...STALL }, { expected: null })
  await pauseAfter(1_000_000)
  await first
  const changed = seededBytes(SIZE, 2)
  hub.serve(PATH, changed)
  expect(await download(null, { expected: null })).toMatchObject(verified(changed))
  expect(ranges().slice(1)).toEqual([expect.stringMatching(/^bytes=/), null])
})

test('no permission for other sites', async () => {
  expect(await download({ cors: false })).toMatchObject({
    failure: { kind: 'unreachable', url: hub.url(PATH) },
  })
  expect(await download({})).toMatchObject(verified())
})

test('a busy host is waited for', async () => {
  const result = download({ refuse: { status: 429, times: 1, retryAfter: '2' } })
  await expect.poll(waiting, POLL).toBe('host-busy')
  expect(await result).toMatchObject(verified())
})

test('one wrong byte', async () => {
  expect(await download({ wrongByte: { at: 2_000_000, times: 1 } })).toMatchObject({
    failure: { kind: 'checksum-mismatch', path: 'file.bin' },
  })
  expect(await download(null)).toMatchObject(verified())
})

test('a lost network: it waits, and goes on by itself', async () => {
  const result = download({ bytesPerSecond: 1_000_000, ...STALL })
  await expect.poll(() => hub.sentBytes(PATH), POLL).toBeGreaterThan(500_000)
  await context.setOffline(true)
  hub.cutAll()
  await expect.poll(waiting, POLL).toMatch(/offline|interrupted|unreachable/)
  hub.serve(PATH, content)
  await context.setOffline(false)
  expect(await result).toMatchObject(verified())
  expect(ranges().at(-1)).toMatch(/^bytes=/)
})
