/** The model store: how fast a download from this machine becomes stored and verified, and what the page feels of it. */
import type { Page } from 'playwright'
import type { Stores } from '#app/stores'
import type { ModelPlan, StoredModelId } from '#core/model/stored'
import { md5, seededBytes } from '../../tests/hub/content'
import { Hub } from '../../tests/hub/server'

export interface StoreBench {
  bytes: number
  /** Fetched, hashed and written, all at once. */
  downloadMBPerSecond: number
  /** Read and hashed. */
  verifyMBPerSecond: number
  /** The longest time that the page's thread was busy in one piece; 0: never more than 50 ms. */
  longestTaskMs: number
  /** The longest delay of a timer due every 10 ms, minus those 10 ms. */
  longestDelayMs: number
}

interface StoreTimes {
  downloadMs: number
  verifyMs: number
  longestTaskMs: number
  longestDelayMs: number
}

const MEGABYTE = 1_000_000
const SHARDS = 10
const REPOSITORY = 'owner/bench-q4f32_1-MLC'
const ID = 'own/bench' as StoredModelId

type Scope = typeof globalThis & { somnusStores: Stores }

export async function benchStore(page: Page, totalBytes: number): Promise<StoreBench> {
  const hub = await Hub.start()
  try {
    const { downloadMs, verifyMs, ...felt } = await page.evaluate(downloadAndVerify, [
      serveModel(hub, totalBytes),
      hub.origin,
    ] as const)
    const rate = (milliseconds: number) => totalBytes / MEGABYTE / (milliseconds / 1000)
    return {
      bytes: totalBytes,
      downloadMBPerSecond: rate(downloadMs),
      verifyMBPerSecond: rate(verifyMs),
      ...felt,
    }
  } finally {
    await hub.close()
  }
}

/** Puts a model of random bytes on the server; nothing loads it, so it needs no configuration. */
function serveModel(hub: Hub, totalBytes: number): ModelPlan {
  const content = Object.fromEntries(
    Array.from({ length: SHARDS }, (_, index) => [
      `params_shard_${index}.bin`,
      seededBytes(Math.round(totalBytes / SHARDS), index + 1),
    ]),
  )
  const revision = hub.serveRepository(REPOSITORY, content)
  return {
    ...{ id: ID, name: 'Bench', catalog: null, architecture: 'qwen2', quantization: 'q4f32_1' },
    ...{ parameters: null, contextTokens: 4096, memoryMB: 1000 },
    runtime: { engine: 'webllm', requiresShaderF16: false, largestTensorBytes: 0 },
    origin: { kind: 'remote', address: REPOSITORY, revision },
    files: Object.entries(content).map(([path, bytes]) => ({
      path,
      role: 'weights',
      bytes: bytes.length,
      expected: { algorithm: 'md5', hex: md5(bytes) },
      url: `https://huggingface.co/${REPOSITORY}/resolve/${revision}/${path}`,
    })),
  }
}

/** In the page, on the Models page, which shows the progress. */
async function downloadAndVerify([plan, mirror]: readonly [ModelPlan, string]): Promise<StoreTimes> {
  const { modelStore } = (globalThis as Scope).somnusStores
  const must = <Value>(result: { ok: true; value: Value } | { ok: false; failure: unknown }) => {
    if (!result.ok) throw new Error(JSON.stringify(result.failure))
  }
  let longestTaskMs = 0
  const observer = new PerformanceObserver((list) => {
    for (const { duration } of list.getEntries()) longestTaskMs = Math.max(longestTaskMs, duration)
  })
  observer.observe({ type: 'longtask' })
  const tickMs = 10
  let longestDelayMs = 0
  let last = performance.now()
  const timer = setInterval(() => {
    const now = performance.now()
    longestDelayMs = Math.max(longestDelayMs, now - last - tickMs)
    last = now
  }, tickMs)
  await modelStore.setMirror(mirror)
  let began = performance.now()
  must(await modelStore.add(plan))
  const downloadMs = performance.now() - began
  clearInterval(timer)
  observer.disconnect()
  began = performance.now()
  must(await modelStore.verify(plan.id))
  const verifyMs = performance.now() - began
  must(await modelStore.remove(plan.id))
  return { downloadMs, verifyMs, longestTaskMs, longestDelayMs }
}
