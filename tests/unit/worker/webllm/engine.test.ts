/** Our engine over the real WebLLM and the toy: barrier, self-test, and what follows from it. */
import { readFileSync } from 'node:fs'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EngineResult, LoadRequest } from '#core/engine'
import { goldenLettersFrom, type GoldenLetters } from '#core/numerics/golden-letters'
import type { SelfTestReport } from '#core/numerics/types'
import { failure } from '#core/result'
import { WebLlmEngine } from '../../../../src/worker/webllm'
import type { WebLlmPackage } from '../../../../src/worker/webllm-load'
import { openToy, VOCABULARY, type ToyModel } from './model'

const KERNEL = readFileSync(
  new URL('../../../fixtures/webgpu/merge-state-inplace.wgsl', import.meta.url),
  'utf8',
)
const never = new AbortController().signal
const ignore = () => undefined
const letters = {
  messages: [{ role: 'user' as const, content: 'Which of these is right?' }],
  letters: ['A', 'B'],
  reusePrompt: true,
}
const FILES = { fingerprint: 'f'.repeat(64), librarySha256: '1'.repeat(64) }
const KNOWN: SelfTestReport = {
  ...{ version: 1, at: 1, tokens: 40, tolerance: 1e-3, letters: null, elapsedMs: 1 },
  differences: { 'two-chunks': 0, 'one-by-one': 0, 'after-pop': 0 },
}

let toy: ToyModel
let config: Record<string, unknown>
let shaders: string[]
let loseDevice: (info: { message: string }) => void
let engine: WebLlmEngine

class FakeAdapter {
  features = new Set(['shader-f16'])
  limits = new Proxy({}, { get: () => 2 ** 40 })
  info = { vendor: 'test', architecture: 'paper', isFallbackAdapter: false }
  requestDevice() {
    return Promise.resolve({
      createShaderModule: ({ code }: { code: string }) => void shaders.push(code),
      lost: new Promise((resolve) => (loseDevice = resolve)),
      ...{ addEventListener: ignore, popErrorScope: ignore, destroy: ignore },
    })
  }
}

/** WebLLM whose loading gives the toy, and compiles the one kernel that matters. */
class ToyPackage {
  constructor() {
    toy = openToy({ release: '0.2.86', config })
    return Object.assign(toy.engine, {
      reload: async () => {
        const adapter = (await navigator.gpu.requestAdapter()) as GPUAdapter
        const device = await adapter.requestDevice()
        device.createShaderModule({ code: KERNEL })
      },
      unload: () => Promise.resolve(),
    })
  }
}

beforeEach(() => {
  config = {}
  shaders = []
  vi.stubGlobal('GPUAdapter', FakeAdapter)
  vi.stubGlobal('GPUOutOfMemoryError', class extends Error {})
  vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.resolve(new FakeAdapter()) } })
  engine = new WebLlmEngine({
    version: '9.9.9',
    MLCEngine: ToyPackage as unknown as WebLlmPackage['MLCEngine'],
  })
})

afterEach(() => vi.unstubAllGlobals())

function valueOf<Value>(result: EngineResult<Value>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

async function load(change: Partial<LoadRequest> = {}, requiresShaderF16 = false) {
  const files = { files: [], library: new File([''], 'library.wasm'), tokenizerSha256: null, ...FILES }
  const source = { kind: 'mlc', modelId: 'toy', requiresShaderF16, ...files } as const
  return valueOf(
    await engine.load({ engine: 'webllm', source, contextTokens: 256, ...change }, ignore, never),
  )
}

async function reading() {
  return valueOf(await engine.scoreLetters(letters, never)).reading
}

describe('WebLlmEngine', () => {
  it('says what became of the barrier', async () => {
    expect(await load()).toMatchObject({ numerics: { mergeBarrier: 'inserted', selfTest: null } })
    expect(shaders[0]).toContain('workgroupBarrier')
    expect(await load({ mergeBarrier: false })).toMatchObject({ numerics: { mergeBarrier: 'switched-off' } })
    expect(shaders[1]).toBe(KERNEL)
  })

  it('reuses nothing before the numbers were checked, and then what they allow', async () => {
    expect(await engine.checkNumbers(null, ignore, never)).toEqual(failure({ kind: 'not-loaded' }))
    await load()
    expect(await reading()).toMatchObject({ path: 'cold', reason: 'not-tested' })
    const progress: number[] = []
    const report = valueOf(await engine.checkNumbers(null, (done) => progress.push(done), never))
    expect(report).toMatchObject({ version: 1, tolerance: 1e-3, letters: null })
    expect(progress.at(-1)).toBe(1)
    for (const difference of Object.values(report.differences)) expect(difference).toBeLessThan(1e-3)
    expect(await reading()).toMatchObject({ path: 'cold', reason: 'nothing-in-common' })
  })

  it('takes over what is known without a pass', async () => {
    await load()
    expect(valueOf(await engine.checkNumbers(KNOWN, ignore, never))).toBe(KNOWN)
    expect(toy.runtime.passes).toBe(0)
    expect(await reading()).toMatchObject({ reason: 'nothing-in-common' })
    const failed = { ...KNOWN, differences: { ...KNOWN.differences, 'after-pop': null } }
    await engine.checkNumbers(failed, ignore, never)
    expect(await reading()).toMatchObject({ path: 'cold', reason: 'self-test-failed' })
  })

  it('keeps what it knew when a test is aborted', async () => {
    await load()
    await engine.checkNumbers(KNOWN, ignore, never)
    const end = new AbortController()
    toy.runtime.onForward = () => end.abort()
    expect(await engine.checkNumbers(null, ignore, end.signal)).toEqual(failure({ kind: 'aborted' }))
    expect(toy.runtime.passes).toBe(1)
    expect(await reading()).toMatchObject({ path: 'cold', reason: 'nothing-in-common' })
    expect(await engine.checkNumbers(null, ignore, AbortSignal.abort())).toEqual(failure({ kind: 'aborted' }))
  })

  it('ends a test when the device is lost', async () => {
    await load()
    toy.runtime.onForward = () => {
      if (toy.runtime.passes === 7) loseDevice({ message: 'reset' })
    }
    const lost = failure({ kind: 'device-lost', detail: 'reset' })
    expect(await engine.checkNumbers(null, ignore, never)).toEqual(lost)
    expect(await engine.scoreLetters(letters, never)).toEqual(failure({ kind: 'not-loaded' }))
    await new Promise((resolve) => setTimeout(resolve))
    expect(toy.runtime.passes).toBeLessThan(10)
  })

  it('says that it cannot test a model whose inside it does not know', async () => {
    config = { sliding_window_size: 64, context_window_size: -1, attention_sink_size: 0 }
    await load()
    expect(await engine.checkNumbers(null, ignore, never)).toMatchObject({
      failure: { kind: 'engine-error' },
    })
    expect(await reading()).toMatchObject({ path: 'cold', reason: 'sliding-window' })
  })

  it('tests reward models, and half precision by its own measure', async () => {
    const rows = (token: number) => [{ token, factor: 1 }]
    const classes = [3, VOCABULARY - 3].map((token) => ({ bias: 0, rows: rows(token) }))
    config = { somnus: { rewardHead: { version: 1, classes } } }
    expect(await load({}, true)).toMatchObject({ isRewardModel: true })
    const report = valueOf(await engine.checkNumbers(null, ignore, never))
    expect(report).toMatchObject({ tolerance: 0.25, letters: null })
    expect(report.differences['after-pop']).toBeLessThan(1e-3)
  })

  it('compares letters with another device that had the same files, and with no other', async () => {
    await load()
    const { probabilities } = valueOf(await engine.scoreLetters(letters, never))
    const item = { messages: letters.messages, letters: letters.letters, probabilities }
    const golden = goldenLettersFrom({ device: 'WebGPU (another)', ...FILES }, [item]) as GoldenLetters
    const lettersFor = async (goldenLetters: GoldenLetters) => {
      await load({ goldenLetters })
      return valueOf(await engine.checkNumbers(null, ignore, never)).letters
    }
    expect(await lettersFor(golden)).toMatchObject({ items: 1, sameLetter: 1 })
    expect(await lettersFor({ ...golden, fingerprint: '0'.repeat(64) })).toBeNull()
  })
})
