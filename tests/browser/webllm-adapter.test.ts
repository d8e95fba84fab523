/**
 * The WebLLM adapter's own work: weights into the cache, order of calls, failures. WebLLM itself is stood in
 * for, because its libraries and weights are too large for a test; docs/webllm-exercise.md tells of the real one.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type {
  EngineResult,
  GenerationEvent,
  GenerationRequest,
  LoadProgress,
  LoadRequest,
} from '#core/engine'
import { failure, success } from '#core/result'
import type { LogitTap } from '../../src/worker/logit-tap'
import { obtainMlcWeights } from '../../src/worker/mlc-weights'
import { WebLlmEngine, type WebLlmPackage } from '../../src/worker/webllm'

const WEIGHTS_URL = new URL('/tests/fixtures/mlc/resolve/main/', location.href).href
const WEIGHTS_BYTES = 31
const MANIFEST = 'tensor-cache.json'
const MODEL_ID = 'model'
const never = new AbortController().signal
const ignore = () => undefined
const messages = [{ role: 'user', content: 'Which?' }] as const
const ask: GenerationRequest = { messages, maxTokens: 5, temperature: 0, topP: 1, seed: 3 }

afterEach(async () => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  await caches.delete('webllm/model')
})

describe('obtainMlcWeights', () => {
  const obtain = (manifest: string, signal = never, onProgress: (progress: LoadProgress) => void = ignore) =>
    obtainMlcWeights(WEIGHTS_URL, manifest, onProgress, signal)
  const cached = async () =>
    (await (await caches.open('webllm/model')).keys()).map(({ url }) => url.replace(WEIGHTS_URL, '')).sort()

  test('stores the manifest and every shard where WebLLM looks for them', async () => {
    const progress: LoadProgress[] = []
    const result = await obtain(MANIFEST, never, (step) => progress.push(step))
    const manifest = await (await fetch(WEIGHTS_URL + MANIFEST)).arrayBuffer()
    const digest = [...new Uint8Array(await crypto.subtle.digest('SHA-256', manifest))]
    expect(result).toEqual(success(digest.map((byte) => byte.toString(16).padStart(2, '0')).join('')))
    expect(await cached()).toEqual(['params_shard_0.bin', 'params_shard_1.bin', MANIFEST])
    expect(progress.at(-1)).toEqual({
      kind: 'downloading',
      loadedBytes: WEIGHTS_BYTES,
      totalBytes: WEIGHTS_BYTES,
    })
  })

  test('asks the network for nothing the second time', async () => {
    const first = await obtain(MANIFEST)
    const network = vi.spyOn(globalThis, 'fetch')
    expect(await obtain(MANIFEST)).toEqual(first)
    expect(network).not.toHaveBeenCalled()
  })

  test('does not keep a shard of another size than its manifest says', async () => {
    expect(await obtain('wrong-size.json')).toMatchObject(failure({ kind: 'download-failed' }))
    expect(await cached()).toEqual([])
  })

  /** The network as it is, but `change` is done to the bytes of the second shard. */
  function changeSecondShard(change: (bytes: Uint8Array) => void) {
    const network = globalThis.fetch
    return vi.spyOn(globalThis, 'fetch').mockImplementation(async (url, init) => {
      const response = await network(url, init)
      if (!(url as string).endsWith('params_shard_1.bin')) return response
      const bytes = new Uint8Array(await response.arrayBuffer())
      change(bytes)
      return new Response(bytes)
    })
  }

  test('does not keep a shard with a wrong byte, nor its manifest; the next try is made anew', async () => {
    const network = changeSecondShard((bytes) => bytes.set([bytes[3]! ^ 1], 3))
    expect(await obtain(MANIFEST)).toEqual(
      failure({
        kind: 'checksum-mismatch',
        url: WEIGHTS_URL + 'params_shard_1.bin',
        expected: 'a9f0e61a137d86aa9db53465e0801612',
        actual: expect.stringMatching(/^[0-9a-f]{32}$/) as string,
      }),
    )
    expect(await cached()).not.toContain('params_shard_1.bin')
    expect(await cached()).not.toContain(MANIFEST)
    network.mockRestore()
    expect(await obtain(MANIFEST)).toMatchObject({ ok: true })
    expect(await cached()).toEqual(['params_shard_0.bin', 'params_shard_1.bin', MANIFEST])
  })

  test('downloads a stored shard again that is of another version and the same size', async () => {
    const cache = await caches.open('webllm/model')
    const url = WEIGHTS_URL + 'params_shard_1.bin'
    const headers = { 'content-length': '6', 'x-md5': '0'.repeat(32) }
    await cache.put(url, new Response('edited', { headers }))
    expect(await obtain(MANIFEST)).toMatchObject({ ok: true })
    expect(await (await cache.match(url))?.text()).toBe(await (await fetch(url)).text())
  })

  test.each(['empty.json', 'params_shard_0.bin'])('refuses a manifest without weights: %s', async (name) => {
    expect(await obtain(name)).toMatchObject(failure({ kind: 'model-invalid' }))
    expect(await cached()).toEqual([])
  })

  test('stops when it is told to', async () => {
    expect(await obtain(MANIFEST, AbortSignal.abort())).toEqual(failure({ kind: 'aborted' }))
  })
})

describe('WebLlmEngine', () => {
  type Registry = Map<string, LogitTap>
  interface Settings {
    logitProcessorRegistry: Registry
    initProgressCallback: (report: { progress: number; text: string }) => void
  }
  /** What the stand-in was asked, in order. */
  let calls: string[]
  let loseDevice: (info: { reason: string; message: string }) => void
  let deltas: string[]
  let interrupted: boolean
  let hang: boolean
  let onReset: () => void

  class StandIn {
    readonly loadedModelIdToPipeline = new Map<string, object>()
    readonly settings: Settings
    readonly chat = { completions: { create: (request: Record<string, unknown>) => this.create(request) } }

    constructor(settings: Settings) {
      this.settings = settings
    }

    async reload(id: string) {
      await ((await navigator.gpu.requestAdapter()) as GPUAdapter).requestDevice()
      this.settings.initProgressCallback({ progress: 0.5, text: 'Loading GPU shader modules[1/2]' })
      const logitProcessor = this.settings.logitProcessorRegistry.get(id)
      this.loadedModelIdToPipeline.set(id, {
        tokenizer: { encode: (text: string) => Int32Array.of(text.charCodeAt(0) - 65) },
        getCurRoundPrefillTotalTokens: () => 7,
        logitProcessor,
      })
    }

    resetChat() {
      calls.push('reset')
      onReset()
      return Promise.resolve()
    }

    interruptGenerate() {
      calls.push('interrupt')
      interrupted = true
    }

    unload() {
      calls.push('unload')
      return Promise.resolve()
    }

    private create(request: Record<string, unknown>) {
      calls.push('create')
      // As 0.2.79 does: after an interrupt only a streamed request is answered.
      if (interrupted && request.stream !== true) return Promise.resolve({})
      interrupted = false
      if (hang) return new Promise(ignore)
      const pipeline = this.loadedModelIdToPipeline.get(MODEL_ID) as { logitProcessor?: LogitTap }
      pipeline.logitProcessor?.processLogits(Float32Array.of(0, Math.log(3), -50))
      return Promise.resolve(this.stream())
    }

    private async *stream() {
      for (const content of deltas) {
        if (interrupted) break
        yield { choices: [{ delta: { content }, finish_reason: null }] }
        await new Promise((resolve) => setTimeout(resolve, 5))
      }
      yield { choices: [{ delta: {}, finish_reason: interrupted ? 'abort' : 'stop' }] }
      yield { choices: [], usage: { completion_tokens: 1, prompt_tokens: 7 } }
    }
  }

  class FakeAdapter {
    features = new Set<string>()
    limits = new Proxy({}, { get: () => 2 ** 40 })
    info = { vendor: 'test', architecture: 'paper', isFallbackAdapter: false }
    requestDevice() {
      const lost = new Promise((resolve) => (loseDevice = resolve))
      return Promise.resolve({ createShaderModule: ignore, addEventListener: ignore, lost })
    }
  }

  const request: LoadRequest = {
    engine: 'webllm',
    source: {
      kind: 'mlc',
      modelId: MODEL_ID,
      weightsUrl: WEIGHTS_URL,
      libraryUrl: 'https://example.org/l.wasm',
      requiresShaderF16: false,
    },
    contextTokens: 64,
  }
  let engine: WebLlmEngine

  beforeEach(() => {
    calls = []
    deltas = ['The ', 'answer']
    interrupted = false
    hang = false
    onReset = ignore
    vi.stubGlobal('GPUAdapter', FakeAdapter)
    vi.spyOn(Navigator.prototype, 'gpu', 'get').mockReturnValue({
      requestAdapter: () => Promise.resolve(new FakeAdapter()),
    } as unknown as GPU)
    engine = new WebLlmEngine({
      version: '9.9.9',
      manifestName: MANIFEST,
      MLCEngine: StandIn as unknown as WebLlmPackage['MLCEngine'],
    })
  })

  function valueOf<Value>(result: EngineResult<Value>): Value {
    if (!result.ok) throw new Error(JSON.stringify(result.failure))
    return result.value
  }

  test('loads, tells its steps and describes the adapter', async () => {
    const progress: LoadProgress[] = []
    const description = valueOf(await engine.load(request, (step) => progress.push(step), never))
    expect(description).toMatchObject({
      engine: 'webllm',
      engineVersion: '9.9.9',
      device: 'WebGPU (test paper)',
      contextTokens: 64,
    })
    expect(description.fingerprint).toMatch(/^[0-9a-f]{64}$/)
    expect(progress.at(-1)).toEqual({ kind: 'preparing', step: 'compile-shaders', fraction: 0.5 })
  })

  test('refuses an adapter without half precision before it downloads anything', async () => {
    const network = vi.spyOn(globalThis, 'fetch')
    const source = { ...request.source, requiresShaderF16: true } as LoadRequest['source']
    expect(await engine.load({ ...request, source }, ignore, never)).toEqual(
      failure({ kind: 'feature-missing', feature: 'shader-f16' }),
    )
    expect(network).not.toHaveBeenCalled()
  })

  test('starts every request from an empty cache and counts tokens as the larger of two counts', async () => {
    await engine.load(request, ignore, never)
    const events: GenerationEvent[] = []
    const reply = valueOf(await engine.generate(ask, (event) => events.push(event), never))
    expect(calls).toEqual(['reset', 'create'])
    expect(reply).toMatchObject({ text: 'The answer', finish: 'stop', promptTokens: 7, completionTokens: 2 })
    expect(events.map(({ kind }) => kind)).toEqual(['prompt-processed', 'text', 'text'])
  })

  test('interrupts a running reply, and nothing when none runs', async () => {
    await engine.load(request, ignore, never)
    deltas = Array.from({ length: 100 }, () => 'word ')
    const stop = new AbortController()
    const reply = valueOf(await engine.generate(ask, () => stop.abort(), stop.signal))
    expect(reply.finish).toBe('abort')
    expect(reply.completionTokens).toBeLessThan(100)
    calls = []
    const late = new AbortController()
    deltas = ['x']
    await engine.generate(ask, ignore, late.signal)
    late.abort()
    expect(calls).not.toContain('interrupt')
  })

  test('stops a reply that was cancelled before it began', async () => {
    await engine.load(request, ignore, never)
    deltas = Array.from({ length: 100 }, () => 'word ')
    const stop = new AbortController()
    // The cache is being emptied, so WebLLM takes the interrupt for one of the request before.
    onReset = () => stop.abort()
    const reply = valueOf(await engine.generate(ask, ignore, stop.signal))
    expect(reply.finish).toBe('abort')
    expect(reply.completionTokens).toBe(1)
  })

  test('scores letters from the logits of one pass', async () => {
    await engine.load(request, ignore, never)
    const scores = valueOf(await engine.scoreLetters({ messages, letters: ['B', 'A'] }, never))
    expect(scores.probabilities[0]).toBeCloseTo(0.75)
    expect(scores.probabilities[1]).toBeCloseTo(0.25)
    expect(scores.promptTokens).toBe(7)
    // A reply in between must not read logits, and must not disturb the next scores.
    await engine.generate(ask, ignore, never)
    expect(
      valueOf(await engine.scoreLetters({ messages, letters: ['B', 'A'] }, never)).probabilities,
    ).toEqual(scores.probabilities)
  })

  test('scores letters after a reply was interrupted', async () => {
    await engine.load(request, ignore, never)
    deltas = Array.from({ length: 100 }, () => 'word ')
    const stop = new AbortController()
    await engine.generate(ask, () => stop.abort(), stop.signal)
    expect(await engine.scoreLetters({ messages, letters: ['A', 'B'] }, never)).toMatchObject({ ok: true })
  })

  test('ends a request when the device is lost, and needs a new load', async () => {
    await engine.load(request, ignore, never)
    hang = true
    const reply = engine.generate(ask, ignore, never)
    loseDevice({ reason: 'unknown', message: 'reset' })
    expect(await reply).toEqual(failure({ kind: 'device-lost', detail: 'reset' }))
    expect(await engine.generate(ask, ignore, never)).toEqual(failure({ kind: 'not-loaded' }))
    hang = false
    await engine.load(request, ignore, never)
    expect(await engine.generate(ask, ignore, never)).toMatchObject({ ok: true })
  })
})
