/** The engine as the app uses it: the self-test decides over reuse; losses, interrupts and loads again leave no trap. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import type { EngineFailure, LoadRequest } from '#core/engine'
import { TOLERANCE_F16 } from '#core/numerics/self-test'
import type { SelfTestReport } from '#core/numerics/types'
import { WebLlmEngine } from '../../../../src/worker/webllm'
import { openToy, ownMethods, putToy, type ToyOptions } from './model'
import { packageOf, type Release } from './package'
import { LETTERS, letters as plainLetters } from './requests'

const never = new AbortController().signal
const ignore = () => undefined
const question = (content: string) => [
  { role: 'system' as const, content: 'answer with one letter only, please' },
  { role: 'user' as const, content },
]

const request: LoadRequest = {
  engine: 'webllm',
  source: {
    kind: 'mlc',
    modelId: 'toy',
    files: [],
    library: new File([], 'library.wasm'),
    fingerprint: 'f'.repeat(64),
    librarySha256: null,
    tokenizerSha256: null,
    requiresShaderF16: false,
  },
  contextTokens: 256,
}

/** Devices that the last adapter gave, to be lost. */
let loseDevice: () => void

class FakeAdapter {
  features = new Set<string>()
  limits = new Proxy({}, { get: () => 2 ** 40 })
  info = { vendor: 'test', architecture: 'toy', isFallbackAdapter: false }
  requestDevice() {
    const lost = new Promise((resolve) => (loseDevice = () => resolve({ message: 'gone' })))
    const [createShaderModule, addEventListener, popErrorScope, destroy] = [ignore, ignore, ignore, ignore]
    return Promise.resolve({ createShaderModule, addEventListener, popErrorScope, destroy, lost })
  }
}

beforeEach(() => {
  vi.stubGlobal('GPUAdapter', FakeAdapter)
  vi.stubGlobal('navigator', { gpu: { requestAdapter: () => Promise.resolve(new FakeAdapter()) } })
})
afterEach(() => void vi.unstubAllGlobals())

/** Our engine over WebLLM, whose loads give toys; `toys` are those, in order. */
function engineOn(release: Release, options: Partial<ToyOptions> = {}) {
  const toys: ReturnType<typeof putToy>[] = []
  const { MLCEngine } = packageOf(release)
  class ToyEngine extends MLCEngine {
    override async reload(modelId: string | string[]): Promise<void> {
      const adapter = await navigator.gpu.requestAdapter()
      await GPUAdapter.prototype.requestDevice.call(adapter!)
      toys.push(putToy(this, String(modelId), { release, ...options }))
    }
  }
  const engine = new WebLlmEngine({ version: release, MLCEngine: ToyEngine })
  const score = (content: string) =>
    engine.scoreLetters({ messages: question(content), letters: LETTERS, reusePrompt: true }, never)
  const load = () => engine.load(request, ignore, never)
  return { engine, toys, score, load }
}

async function coldProbabilities(release: Release, content: string): Promise<number[]> {
  const scores = await plainLetters(openToy({ release }), question(content), false)
  if (!scores.ok) throw new Error('There were no scores.')
  return scores.value.probabilities
}

describe.each(['0.2.79', '0.2.86'] as const)('the engine over WebLLM %s', (release) => {
  it('reuses prompts after a sound self-test, and only then', async () => {
    const { engine, toys, score, load } = engineOn(release)
    await load()
    expect(await score('a')).toMatchObject({ value: { reading: { reason: 'not-tested' } } })
    expect(await engine.checkNumbers(null, ignore, never)).toMatchObject({ ok: true })
    const paths = []
    for (const content of ['a', 'b', 'c', 'd', 'e']) {
      const scores = await score(content)
      if (!scores.ok) throw new Error(JSON.stringify(scores.failure))
      paths.push(scores.value.reading?.path)
      const cold = await coldProbabilities(release, content)
      cold.forEach((probability, at) => expect(scores.value.probabilities[at]).toBeCloseTo(probability, 4))
    }
    expect(paths).toEqual(['cold', 'cold', 'cold', 'reused', 'reused'])
    // The test may be run again meanwhile, and nothing of it is taken for a prompt.
    await engine.checkNumbers(null, ignore, never)
    expect(ownMethods(toys[0]!)).toEqual([])
    expect(await score('f')).toMatchObject({ value: { reading: { reason: 'nothing-in-common' } } })
  })

  it('reuses nothing after a self-test that failed', async () => {
    const { engine, toys, score, load } = engineOn(release)
    await load()
    toys[0]!.runtime.popCount = (count) => count - 1
    const report = await engine.checkNumbers(null, ignore, never)
    expect(report).toMatchObject({ ok: true })
    for (const content of ['a', 'b', 'c'])
      expect(await score(content)).toMatchObject({
        value: { reading: { path: 'cold', reason: 'self-test-failed' } },
      })
    expect(ownMethods(toys[0]!)).toEqual([])
  })

  it('holds reuse to what the device itself differs by, not to the tolerance of its test', async () => {
    const { engine, toys, score, load } = engineOn(release)
    await load()
    const tested = await engine.checkNumbers(null, ignore, never)
    if (!tested.ok) throw new Error(tested.failure.kind)
    await engine.checkNumbers({ ...tested.value, tolerance: TOLERANCE_F16 }, ignore, never)
    const { runtime } = toys[0]!
    const { toy } = runtime
    const append = toy.append.bind(toy)
    toy.append = (ids) => {
      const isAppended = runtime.tokens.length > 0
      return append(ids).map((logit, at) => (isAppended && at === 3 ? logit + TOLERANCE_F16 / 4 : logit))
    }
    const scores = []
    for (const content of ['a', 'b', 'c']) scores.push(await score(content))
    expect(scores[2]).toMatchObject({ value: { reading: { path: 'cold', reason: 'check-failed' } } })
  })

  it('tells of a device that is lost during a check, and begins anew after loading again', async () => {
    const { engine, toys, score, load } = engineOn(release)
    const lost: EngineFailure[] = []
    engine.onLost = (failure) => lost.push(failure)
    await load()
    const report = await engine.checkNumbers(null, ignore, never)
    await score('a')
    await score('b')
    // The third is read on and compared: its pass over the whole prompt never ends.
    const { runtime } = toys[0]!
    runtime.onForward = () => {
      if (runtime.tokens.length > 0) return
      loseDevice()
      throw new Error('The device was lost.')
    }
    expect(await score('c')).toMatchObject({ ok: false, failure: { kind: 'device-lost' } })
    await expect.poll(() => lost).toMatchObject([{ kind: 'device-lost' }])
    expect(await score('c')).toMatchObject({ ok: false, failure: { kind: 'not-loaded' } })
    await load()
    expect(await score('c')).toMatchObject({ value: { reading: { reason: 'not-tested' } } })
    await engine.checkNumbers((report as { value: SelfTestReport }).value, ignore, never)
    expect(await score('d')).toMatchObject({ value: { reading: { reason: 'nothing-in-common' } } })
    expect(toys).toHaveLength(2)
  })

  it('keeps two models apart', async () => {
    const stands = [engineOn(release, { seed: 1 }), engineOn(release, { seed: 2 })]
    for (const { engine, load } of stands) {
      await load()
      await engine.checkNumbers(null, ignore, never)
    }
    const first: (number[] | false)[] = []
    for (const content of ['a', 'b', 'c', 'd', 'e', 'f']) {
      const [one, other] = [await stands[0]!.score(content), await stands[1]!.score(content)]
      expect(one.ok && one.value.reading?.path).toBe(other.ok && other.value.reading?.path)
      first.push(one.ok && one.value.probabilities)
      expect(one).not.toMatchObject({ value: { reading: { reason: 'check-failed' } } })
      expect(other).not.toMatchObject({ value: { reading: { reason: 'check-failed' } } })
    }
    const cold = await coldProbabilities(release, 'f')
    cold.forEach((probability, at) => expect((first.at(-1) as number[])[at]).toBeCloseTo(probability, 4))
  })

  it('is not put off by an interrupt that came while it was idle', async () => {
    const { engine, toys, score, load } = engineOn(release)
    await load()
    await engine.checkNumbers(null, ignore, never)
    const ask = (signal: AbortSignal) =>
      engine.generate(
        { messages: question('a'), maxTokens: 6, temperature: 0, topP: 1, seed: 1, reusePrompt: true },
        ignore,
        signal,
      )
    const whole = await ask(never)
    const end = new AbortController()
    const again = await ask(end.signal)
    end.abort()
    const third = await ask(never)
    for (const reply of [again, third])
      expect(reply).toMatchObject({
        value: { text: whole.ok && whole.value.text, reading: { path: 'reused' } },
      })
    expect(await score('a')).toMatchObject({ value: { reading: { path: 'reused' } } })
    expect(toys).toHaveLength(1)
  })
})
