/** A download in the built app survives whatever happens to the browser. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { preview, type PreviewServer } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Stores } from '#app/stores'
import type { ModelPlan, StoredModelId } from '#core/model/stored'
import { randomBelow } from '#core/run/random'
import { md5, seededBytes, sha256 } from '../hub/content'
import { Hub } from '../hub/server'
import { launchKillable, type KillableBrowser } from './killable-browser'

declare const somnusStores: Stores

const MEGABYTE = 1_000_000

/** SOMNUS_TEST_FULL=1: what we promise (90 s); else less of it, with as many bytes for each kill. */
const FULL = process.env.SOMNUS_TEST_FULL === '1'
const TOTAL_BYTES = (FULL ? 300 : 45) * MEGABYTE
const KILLS = FULL ? 20 : 3
const SEED = Number(process.env.SOMNUS_TEST_SEED ?? 1)
/** Of all bytes: what a killed browser had received and not stored. */
const MOST_FETCHED = 1.1 * TOTAL_BYTES
/** For each of the parallel connections. */
const BYTES_PER_SECOND = (FULL ? 5 : 2) * MEGABYTE
const SHARDS = 10

const REPOSITORY = 'owner/model-q4f32_1-MLC'
const ID = 'own/killed' as StoredModelId

let site: PreviewServer
let hub: Hub
let profile: string
let browser: KillableBrowser | undefined
let plan: ModelPlan
let hashes: Map<string, string>

beforeAll(async () => {
  site = await preview({ logLevel: 'warn', preview: { port: 0, host: '127.0.0.1' } })
  hub = await Hub.start()
  profile = mkdtempSync(join(tmpdir(), 'somnus-downloads-'))
  const names = Array.from({ length: SHARDS }, (_, index) => `params_shard_${index}.bin`)
  const content = Object.fromEntries(
    names.map((name, index) => [name, seededBytes(TOTAL_BYTES / SHARDS, SEED + index)]),
  )
  hashes = new Map(names.map((name) => [name, sha256(content[name]!)]))
  const throttled = Object.fromEntries(names.map((name) => [name, { bytesPerSecond: BYTES_PER_SECOND }]))
  const commit = hub.serveRepository(REPOSITORY, content, throttled)
  plan = {
    id: ID,
    name: 'Killed',
    catalog: null,
    architecture: 'qwen2',
    quantization: 'q4f32_1',
    parameters: null,
    contextTokens: 4096,
    memoryMB: 1000,
    runtime: { engine: 'webllm', requiresShaderF16: false, largestTensorBytes: 0 },
    origin: { kind: 'remote', address: REPOSITORY, revision: commit },
    files: names.map((path) => ({
      path,
      role: 'weights',
      bytes: content[path]!.length,
      expected: { algorithm: 'md5', hex: md5(content[path]!) },
      url: `https://huggingface.co/${REPOSITORY}/resolve/${commit}/${path}`,
    })),
  }
})
afterAll(async () => {
  await browser?.kill()
  await hub.close()
  await site.close()
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
})

async function openApp(): Promise<KillableBrowser['page']> {
  browser = await launchKillable(profile)
  await browser.page.goto(`${site.resolvedUrls?.local[0]}?evaluate`)
  await browser.page.waitForFunction(() => 'somnusStores' in globalThis)
  return browser.page
}

/** Begins the download or goes on with it; gives its end, and never ends when the browser is killed. */
function download(page: KillableBrowser['page']) {
  return page.evaluate(
    async ({ plan, mirror }) => {
      const { modelStore } = somnusStores
      await modelStore.setMirror(mirror)
      return modelStore.models.some(({ id }) => id === plan.id)
        ? modelStore.resume(plan.id)
        : modelStore.add(plan)
    },
    { plan, mirror: hub.origin },
  )
}

/** The SHA-256 of what lies in the private file system, by path. */
function storedHashes(page: KillableBrowser['page']): Promise<[string, string][]> {
  return page.evaluate(async (id) => {
    const root = await navigator.storage.getDirectory()
    const models = await root.getDirectoryHandle('models')
    const folder = await models.getDirectoryHandle(encodeURIComponent(id))
    const found: [string, string][] = []
    for await (const [name, handle] of folder.entries()) {
      const file = await (handle as FileSystemFileHandle).getFile()
      const digest = await crypto.subtle.digest('SHA-256', await file.arrayBuffer())
      const bytes = Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0'))
      found.push([name, bytes.join('')])
    }
    return found
  }, ID)
}

test(
  `${KILLS} kills of the browser during a download of ${TOTAL_BYTES / MEGABYTE} MB`,
  { timeout: 600_000 },
  async () => {
    const below = randomBelow(SEED, 2)
    // Random moments of the download; those that have passed while the browser starts come a random time later.
    const moments = Array.from({ length: KILLS }, () => below(TOTAL_BYTES)).sort((a, b) => a - b)
    const started = performance.now()
    for (const moment of moments) {
      const page = await openApp()
      const ended = download(page).then(
        (result) => result,
        () => 'killed' as const,
      )
      if (hub.sentBytes() > moment) await new Promise((resolve) => setTimeout(resolve, below(500)))
      else await expect.poll(() => hub.sentBytes(), { timeout: 60_000, interval: 5 }).toBeGreaterThan(moment)
      await browser?.kill()
      expect(await ended).toBe('killed')
    }
    const page = await openApp()
    const result = await download(page)
    expect(result).toMatchObject({ ok: true, value: { id: ID } })
    expect(new Map(await storedHashes(page))).toEqual(hashes)
    const fetched = hub.sentBytes()
    const seconds = Math.round((performance.now() - started) / 1000)
    console.info(
      `${KILLS} kills, ${TOTAL_BYTES} bytes, ${fetched} fetched (${fetched / TOTAL_BYTES}), ${seconds} s`,
    )
    expect(fetched).toBeLessThanOrEqual(MOST_FETCHED)
    expect(fetched).toBeGreaterThanOrEqual(TOTAL_BYTES)
  },
)
