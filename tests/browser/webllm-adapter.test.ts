/**
 * The WebLLM adapter's own work: order of calls, failures. WebLLM itself is stood in
 * for, because its libraries and weights are too large for a test; docs/test-webgpu.md tells of the real one.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type {
  EngineResult,
  GenerationEvent,
  GenerationRequest,
  LoadProgress,
  LoadRequest,
} from '#core/engine'
import { failure } from '#core/result'
import type { LogitTap } from '../../src/worker/logit-tap'
import { WebLlmEngine } from '../../src/worker/webllm'
import type { WebLlmPackage } from '../../src/worker/webllm-load'

const MODEL_ID = 'model'
const never = new AbortController().signal
const ignore = () => undefined
const messages = [{ role: 'user', content: 'Which?' }] as const
const ask: GenerationRequest = { messages, maxTokens: 5, temperature: 0, topP: 1, seed: 3 }

afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
})

const CHATML = {
  system_template: '',
  system_message: '',
  add_role_after_system_message: true,
  render_empty_system_message: false,
  roles: { user: '<user>', assistant: '<assistant>' },
  seps: ['<end>'],
  role_content_sep: '',
  role_empty_sep: '',
}

describe('WebLlmEngine', () => {
  type Registry = Map<string, LogitTap>
  interface Settings {
    logitProcessorRegistry: Registry
    appConfig: { model_list: { model: string; model_lib: string }[] }
    initProgressCallback: (report: { progress: number; text: string }) => void
  }
  /** What the stand-in was asked, in order. */
  let calls: string[]
  let loseDevice: (info: { reason: string; message: string }) => void
  let deltas: string[]
  let asked: Record<string, unknown>
  let prefixIds: number[] | null
  /** What mlc-chat-config.json has beyond what WebLLM knows. */
  let ownConfig: Record<string, unknown>
  let interrupted: boolean
  let hang: boolean
  let onReset: () => void
  /** What it asks the cache for, and what it got. */
  let wanted: string[]
  let read: string[]

  class StandIn {
    readonly loadedModelIdToPipeline = new Map<string, object>()
    readonly settings: Settings
    readonly completions = { create: (request: Record<string, unknown>) => this.create(request) }
    readonly chat = { completions: this.completions }

    constructor(settings: Settings) {
      this.settings = settings
    }

    /** As tvmjs does it: from the cache, else into the cache. */
    private async read(path: string) {
      const [record] = this.settings.appConfig.model_list
      const url = path === 'library' ? record!.model_lib : new URL(path, record!.model).href
      const cache = await caches.open('webllm/config')
      if (!(await cache.match(url))) await cache.add(url)
      read.push(await (await cache.match(url))!.text())
    }

    async reload(id: string) {
      for (const path of wanted) await this.read(path)
      await ((await navigator.gpu.requestAdapter()) as GPUAdapter).requestDevice()
      this.settings.initProgressCallback({ progress: 0.5, text: 'Loading GPU shader modules[1/2]' })
      const logitProcessor = this.settings.logitProcessorRegistry.get(id)
      this.loadedModelIdToPipeline.set(id, {
        tokenizer: {
          encode: (text: string) => Int32Array.of(text.charCodeAt(0) - 65),
          decode: ([id]: Int32Array) => String.fromCharCode(65 + (id ?? 0)),
        },
        config: { conv_template: { ...CHATML, system_prefix_token_ids: prefixIds }, ...ownConfig },
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
      asked = request
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
        const said = 'prompt' in asked ? { text: content } : { delta: { content } }
        yield { choices: [{ ...said, finish_reason: null }] }
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
      const [createShaderModule, addEventListener, popErrorScope, destroy] = [ignore, ignore, ignore, ignore]
      return Promise.resolve({ createShaderModule, addEventListener, popErrorScope, destroy, lost })
    }
  }

  const request: LoadRequest = {
    engine: 'webllm',
    source: {
      kind: 'mlc',
      modelId: MODEL_ID,
      files: [{ path: 'mlc-chat-config.json', file: new File(['{}'], 'mlc-chat-config.json') }],
      library: new File(['wasm'], 'library.wasm'),
      fingerprint: 'f'.repeat(64),
      librarySha256: '1'.repeat(64),
      tokenizerSha256: '2'.repeat(64),
      requiresShaderF16: false,
    },
    contextTokens: 64,
  }
  let engine: WebLlmEngine

  beforeEach(() => {
    calls = []
    deltas = ['The ', 'answer']
    asked = {}
    prefixIds = null
    ownConfig = {}
    interrupted = false
    hang = false
    onReset = ignore
    wanted = ['mlc-chat-config.json', 'library']
    read = []
    vi.stubGlobal('GPUAdapter', FakeAdapter)
    vi.spyOn(Navigator.prototype, 'gpu', 'get').mockReturnValue({
      requestAdapter: () => Promise.resolve(new FakeAdapter()),
    } as unknown as GPU)
    engine = new WebLlmEngine({
      version: '9.9.9',
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
    expect(description).toMatchObject({
      fingerprint: 'f'.repeat(64),
      librarySha256: '1'.repeat(64),
      tokenizerSha256: '2'.repeat(64),
    })
    expect(read).toEqual(['{}', 'wasm'])
    expect(progress.at(-1)).toEqual({ kind: 'preparing', step: 'compile-shaders', fraction: 0.5 })
  })

  test('names a file that the model lacks, fetches nothing and puts the real caches back', async () => {
    const network = vi.spyOn(globalThis, 'fetch')
    wanted = ['tokenizer.json']
    expect(await engine.load(request, ignore, never)).toMatchObject(
      failure({ kind: 'model-invalid', detail: expect.stringContaining('"tokenizer.json"') as string }),
    )
    expect(network).not.toHaveBeenCalled()
    expect(globalThis.caches).toBeInstanceOf(CacheStorage)
  })

  test('refuses an adapter without half precision before it reads anything', async () => {
    const source = { ...request.source, requiresShaderF16: true } as LoadRequest['source']
    expect(await engine.load({ ...request, source }, ignore, never)).toEqual(
      failure({ kind: 'feature-missing', feature: 'shader-f16' }),
    )
    expect(read).toEqual([])
  })

  test('starts every request from an empty cache and counts tokens as the larger of two counts', async () => {
    await engine.load(request, ignore, never)
    const events: GenerationEvent[] = []
    const reply = valueOf(await engine.generate(ask, (event) => events.push(event), never))
    expect(calls).toEqual(['reset', 'create'])
    expect(reply).toMatchObject({ text: 'The answer', finish: 'stop', promptTokens: 7, completionTokens: 2 })
    expect(events.map(({ kind }) => kind)).toEqual(['prompt-processed', 'text', 'text'])
  })

  test.each([
    ['', null],
    ['C', [2]],
  ])('goes on from the beginning of a reply, after the prefix "%s"', async (prefix, ids) => {
    prefixIds = ids
    await engine.load(request, ignore, never)
    const reply = valueOf(await engine.generate({ ...ask, replyStart: 'So ' }, ignore, never))
    expect(asked.prompt).toBe(`${prefix}<user>Which?<end><assistant>So `)
    expect(asked).toMatchObject({ max_tokens: 5, seed: 3, stream: true })
    expect(reply).toMatchObject({ text: 'The answer', finish: 'stop' })
  })

  test('says so where the text of the prefix would be read as other tokens', async () => {
    prefixIds = [2, 3]
    await engine.load(request, ignore, never)
    expect(await engine.generate({ ...ask, replyStart: 'So ' }, ignore, never)).toMatchObject(
      failure({ kind: 'engine-error' }),
    )
    expect(calls).toEqual([])
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

  test('scores each prefix of a reply with the head that the model’s configuration names', async () => {
    expect(valueOf(await engine.load(request, ignore, never))).not.toHaveProperty('isRewardModel')
    const prefixes = ['Step 1', 'Step 1\n\nStep 2']
    expect(await engine.scoreReward({ messages, prefixes }, never)).toEqual(
      failure({ kind: 'not-a-reward-model' }),
    )
    const rows = (token: number) => [{ token, factor: 1 }]
    const classes = [
      { bias: Math.log(2), rows: rows(0) },
      { bias: 0, rows: rows(1) },
    ]
    ownConfig = { somnus: { rewardHead: { version: 1, classes } } }
    expect(valueOf(await engine.load(request, ignore, never))).toMatchObject({ isRewardModel: true })
    calls = []
    const scores = valueOf(await engine.scoreReward({ messages, prefixes }, never))
    expect(scores.probabilities.map((value) => value.toFixed(6))).toEqual(['0.600000', '0.600000'])
    expect(scores.promptTokens).toBe(14)
    expect(calls).toEqual(['reset', 'create', 'reset', 'create'])
    expect(asked).toMatchObject({ max_tokens: 1, prompt: '<user>Which?<end><assistant>Step 1\n\nStep 2' })
    const refused = failure({ kind: 'only-a-reward-model' })
    expect(await engine.generate(ask, ignore, never)).toEqual(refused)
    expect(await engine.scoreLetters({ messages, letters: ['A', 'B'] }, never)).toEqual(refused)
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
