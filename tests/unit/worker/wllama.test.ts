import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { GGUF_LIMIT_BYTES } from '#core/catalog/wasm-build'
import type { LoadRequest } from '#core/engine'
import { failure } from '#core/result'

/** wllama crashes only on rare input; here it does so on command, and its loads end as told. */
const stand = vi.hoisted(() => ({
  crash: false,
  /** What is wrong with a result whose prompt's beginning was reused. */
  offBy: 0,
  /** Passes to come for which the cache holds nothing. */
  emptyFor: 0,
  passes: 0,
  loads: 0,
  exits: 0,
  metadata: {},
  /** What wllama was told of its other build. */
  compat: [] as unknown[],
  loading: undefined as undefined | ((log: Logger) => Promise<void>),
}))

interface Logger {
  error: (...parts: unknown[]) => void
}

vi.mock('@wllama/wllama/esm/wasm/wllama.wasm?url', () => ({ default: 'wllama.wasm' }))
vi.mock('@wllama/wllama/esm/index.js', () => ({
  LogLevel: { WARN: 3 },
  Wllama: class {
    readonly logger: Logger
    constructor(_paths: unknown, { logger }: { logger: Logger }) {
      this.logger = logger
    }
    static getLibllamaVersion = () => 'b1'
    setCompat(...args: unknown[]) {
      stand.compat = args
    }
    getNumThreads = () => 1
    getModelMetadata = () => ({ meta: stand.metadata })
    getLoadedContextInfo = () => ({ success: true, n_ctx: 64 })
    async loadModel() {
      stand.loads += 1
      await stand.loading?.(this.logger)
    }
    exit() {
      stand.exits += 1
      return Promise.resolve()
    }
    createChatCompletion(request: { onData?: (chunk: object) => void; cache_prompt: boolean }) {
      if (stand.crash) {
        this.logger.error('what(): invalid UTF-8 byte')
        return Promise.reject(Object.assign(new Error('unreachable'), { name: 'RuntimeError' }))
      }
      stand.passes += 1
      const cache_n = request.cache_prompt && stand.emptyFor <= 0 ? 2 : 0
      stand.emptyFor -= 1
      const timings = { prompt_n: 3 - cache_n, cache_n, predicted_n: 1 }
      if (!request.onData) {
        const first = 0.6 + (cache_n > 0 ? stand.offBy : 0)
        const probabilities = [first, 1 - first, 0, 0]
        const top_probs = probabilities.map((prob, at) => ({ token: 'ABCD'[at], prob }))
        return Promise.resolve({ choices: [{ logprobs: { content: [{ top_probs }] } }], timings })
      }
      request.onData({
        choices: [{ delta: { content: 'yes' }, finish_reason: 'stop' }],
        timings,
      })
      return Promise.resolve()
    }
  },
}))

const { WllamaEngine } = await import('../../../src/worker/wllama')
const { MOST_SAVED_BYTES } = await import('../../../src/worker/wllama-saved-prompts')

const never = new AbortController().signal
const ignore = () => undefined
const request: LoadRequest = {
  engine: 'wllama',
  source: { kind: 'gguf-file', file: new File(['GGUF and so on'], 'model.gguf') },
  contextTokens: 64,
}
const ask = { messages: [], maxTokens: 1, temperature: 0, topP: 1, seed: 0 }

beforeEach(() => {
  vi.stubGlobal('self', { crossOriginIsolated: false })
  // Older Node has no 64-bit WebAssembly memory; browsers that the engine serves do.
  vi.spyOn(WebAssembly, 'Memory').mockImplementation(function () {
    return { buffer: new ArrayBuffer(1) } as WebAssembly.Memory
  })
  Object.assign(stand, {
    crash: false,
    offBy: 0,
    emptyFor: 0,
    passes: 0,
    loads: 0,
    exits: 0,
    metadata: {},
    loading: undefined,
  })
})

afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
})

describe('WllamaEngine', () => {
  function without64BitMemory(): void {
    vi.mocked(WebAssembly.Memory).mockImplementation(function () {
      throw new TypeError('address must be i32')
    })
  }

  it('never lets wllama fetch its other build from a CDN', async () => {
    expect(await new WllamaEngine().load(request, ignore, never)).toMatchObject({ ok: true })
    expect(stand.compat).toEqual([null])
  })

  it('takes the compatible build of this site without 64-bit WebAssembly memory, in every browser', async () => {
    without64BitMemory()
    const result = await new WllamaEngine().load(request, ignore, never)
    expect(result).toMatchObject({
      ok: true,
      value: {
        device: 'CPU (WASM SIMD, 1 thread, compatible build)',
        engineVersion: expect.stringMatching(/^\d.* \(llama\.cpp b1, no flash attention\)$/) as string,
      },
    })
    const [files, mode] = stand.compat as [{ wasm: string; worker: { code: string } }, string]
    expect(files.wasm).toMatch(/^\/(?!\/).*wllama-compat/)
    expect(files.worker.code).toContain('WebAssembly')
    expect(mode).toBe('firefox_safari')
  })

  it('needs WebAssembly SIMD and says so before it reads a byte', async () => {
    vi.spyOn(WebAssembly, 'validate').mockReturnValue(false)
    expect(await new WllamaEngine().load(request, ignore, never)).toEqual(
      failure({ kind: 'feature-missing', feature: 'WebAssembly SIMD' }),
    )
    expect(stand.loads).toBe(0)
  })

  it.each([['default'], ['compatible']] as const)(
    'refuses a file that its %s build cannot hold',
    async (build) => {
      if (build === 'compatible') without64BitMemory()
      const limitBytes = GGUF_LIMIT_BYTES[build]
      const source = { kind: 'gguf-url', url: '/model.gguf', bytes: limitBytes + 1 } as const
      expect(await new WllamaEngine().load({ ...request, source }, ignore, never)).toEqual(
        failure({ kind: 'model-too-large', bytes: limitBytes + 1, limitBytes }),
      )
      expect(stand.loads).toBe(0)
    },
  )

  it('tells what a crash left in the log, and starts llama.cpp anew for the next request', async () => {
    const engine = new WllamaEngine()
    expect(await engine.load(request, ignore, never)).toMatchObject({ ok: true })
    stand.crash = true
    const crashed = await engine.generate(ask, ignore, never)
    expect(crashed).toMatchObject(failure({ kind: 'engine-error' }))
    expect(JSON.stringify(crashed)).toContain('invalid UTF-8 byte')
    expect(stand).toMatchObject({ loads: 1, exits: 1 })
    stand.crash = false
    expect(await engine.generate(ask, ignore, never)).toMatchObject({ ok: true, value: { text: 'yes' } })
    expect(stand.loads).toBe(2)
  })

  describe('with a cache of which a copy fills the memory', () => {
    const scoring = { messages: [], letters: ['A', 'B', 'C', 'D'] }

    beforeEach(() => {
      stand.metadata = {
        'general.architecture': 'qwen2',
        'qwen2.block_count': '1',
        'qwen2.embedding_length': String(MOST_SAVED_BYTES / 4),
        'qwen2.attention.head_count': '1',
      }
    })

    it.each(['scoreLetters', 'generate'] as const)(
      'starts llama.cpp anew before %s once a prompt made room for another',
      async (method) => {
        const engine = new WllamaEngine()
        await engine.load(request, ignore, never)
        const made = () =>
          method === 'generate' ? engine.generate(ask, ignore, never) : engine.scoreLetters(scoring, never)
        const loads: number[] = []
        for (let i = 0; i < 5; i += 1) {
          expect(await made()).toMatchObject({ ok: true })
          loads.push(stand.loads)
        }
        expect(loads).toEqual([1, 1, 2, 2, 3])
        expect(stand.exits).toBe(2)
      },
    )

    it('goes on while prompts go on from one another', async () => {
      const engine = new WllamaEngine()
      await engine.load(request, ignore, never)
      await engine.scoreLetters({ ...scoring, reusePrompt: true }, never)
      for (let i = 0; i < 5; i += 1) await engine.generate({ ...ask, reusePrompt: true }, ignore, never)
      // The first score was checked by a cold pass, which made the one copy.
      expect(stand.loads).toBe(2)
    })
  })

  describe('where the reuse of a prompt gives something else', () => {
    const scoring = { messages: [], letters: ['A', 'B', 'C', 'D'], reusePrompt: true }
    const failed = { path: 'cold', tokensReused: 0, reason: 'check-failed' }

    it.each(['scoreLetters', 'generate'] as const)(
      'finds out in %s before the result is given, and reuses nothing until the next load',
      async (method) => {
        const engine = new WllamaEngine()
        await engine.load(request, ignore, never)
        const score = () => engine.scoreLetters(scoring, never)
        const write = () => engine.generate({ ...ask, reusePrompt: true }, ignore, never)
        const made = method === 'generate' ? write : score
        stand.offBy = 0.01
        const first = await made()
        expect(first).toMatchObject({ ok: true, value: { promptTokens: 3, reading: failed } })
        if (method === 'scoreLetters')
          expect(first).toMatchObject({ value: { probabilities: [0.6, 0.4, 0, 0] } })
        stand.offBy = 0
        expect(await score()).toMatchObject({ ok: true, value: { reading: { ...failed, tokensFed: 3 } } })
        expect(await write()).toMatchObject({ ok: true, value: { reading: { ...failed, tokensFed: 3 } } })
        await engine.load(request, ignore, never)
        expect(await made()).toMatchObject({ ok: true, value: { reading: { path: 'reused' } } })
      },
    )
  })

  describe('where a reply’s prompt has nothing in common with what is cached', () => {
    const write = (engine: InstanceType<typeof WllamaEngine>) =>
      engine.generate({ ...ask, reusePrompt: true }, ignore, never)

    it('compares the pass that the reply goes on from, and does not check the next one in vain', async () => {
      const engine = new WllamaEngine()
      await engine.load(request, ignore, never)
      stand.emptyFor = 1
      const reading = { path: 'cold', tokensReused: 0, reason: 'nothing-in-common' }
      expect(await write(engine)).toMatchObject({ value: { reading } })
      expect(stand.passes).toBe(3)
      stand.emptyFor = 1
      expect(await write(engine)).toMatchObject({ value: { reading: { ...reading, tokensFed: 3 } } })
      expect(stand.passes).toBe(4)
      // The first reuse of an earlier prompt, then the second, which is probed and read cold as well.
      await write(engine)
      await write(engine)
      expect(stand.passes).toBe(8)
    })

    it('reads it anew where that gives something else', async () => {
      const engine = new WllamaEngine()
      await engine.load(request, ignore, never)
      Object.assign(stand, { emptyFor: 1, offBy: 0.01 })
      const reading = { path: 'cold', tokensReused: 0, reason: 'check-failed', tokensFed: 3 + 1 + 3 }
      expect(await write(engine)).toMatchObject({ value: { reading } })
    })
  })

  it('does not wait for ever when wllama’s own worker cannot start', async () => {
    stand.loading = ({ error }) => {
      error(Object.assign(new Event('error'), { message: 'blocked' }))
      return new Promise(ignore)
    }
    const result = await new WllamaEngine().load(request, ignore, never)
    expect(result).toMatchObject(failure({ kind: 'engine-error' }))
    expect(JSON.stringify(result)).toContain('blocked')
  })

  it('tells memory that ran out from a bad file', async () => {
    stand.loading = ({ error }) => {
      error('ggml_aligned_malloc: insufficient memory: failed to allocate 4096 MB')
      return Promise.reject(new Error('abort'))
    }
    expect(await new WllamaEngine().load(request, ignore, never)).toMatchObject(
      failure({ kind: 'out-of-memory' }),
    )
  })

  it('leaves the runtime behind when a load is aborted', async () => {
    const stop = new AbortController()
    stand.loading = () => {
      stop.abort()
      return new Promise(ignore)
    }
    const engine = new WllamaEngine()
    expect(await engine.load(request, ignore, stop.signal)).toEqual(failure({ kind: 'aborted' }))
    expect(stand.exits).toBe(1)
    expect(await engine.generate(ask, ignore, never)).toEqual(failure({ kind: 'not-loaded' }))
  })
})
