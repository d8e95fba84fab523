/** What the page remembers of self-tests, over an engine that answers at once. */
import { describe, expect, it } from 'vitest'
import { Numerics } from '#app/numerics.svelte'
import type { EngineDescription, LoadRequest } from '#core/engine'
import { goldenLettersFrom } from '#core/numerics/golden-letters'
import type { SelfTestReport } from '#core/numerics/types'
import { failure, success } from '#core/result'
import { DESKTOP } from '../../fixtures/device'
import { onGpu, report } from '../../numerics'

const loaded = onGpu({ mergeBarrier: 'inserted', selfTest: null })
const plain: LoadRequest = {
  engine: 'webllm',
  source: { kind: 'scripted', replies: ['A'], tokensPerSecond: 1 },
  contextTokens: 10,
}
const item = { messages: [{ role: 'user' as const, content: 'a' }], letters: ['A', 'B'] }
const golden: LoadRequest = {
  ...plain,
  goldenLetters: goldenLettersFrom(loaded, [{ ...item, probabilities: [0.5, 0.5] }])!,
}

function open() {
  const stored = new Map<string, unknown>()
  const told: EngineDescription[] = []
  const numerics = new Numerics({
    preferences: {
      get: (name) => Promise.resolve(stored.get(name)),
      set: (name, value) => Promise.resolve(void stored.set(name, structuredClone(value))),
    },
    engine: { state: { kind: 'idle' }, checkNumbers: () => Promise.resolve(failure({ kind: 'not-loaded' })) },
    device: () => DESKTOP,
    userAgent: 'Browser/1',
    tellOfFailedCheck: (description) => told.push(description),
  })
  /** What a load asks the engine: null is a test. */
  const load = async (request: LoadRequest, isPutOff = false) => {
    const asked: (SelfTestReport | null)[] = []
    const check = (known: SelfTestReport | null) => {
      asked.push(known)
      if (!known && isPutOff) return Promise.resolve(failure({ kind: 'aborted' } as const))
      return Promise.resolve(success(known ?? report()))
    }
    await numerics.settle({ loaded, request, check })
    return asked
  }
  return { numerics, load, told }
}

describe('the stored result of a device', () => {
  it('is forgotten when a check fails in use, and the user is told', async () => {
    const { numerics, load, told } = open()
    expect(await load(plain)).toEqual([null])
    expect(await load(plain)).toEqual([report()])
    await numerics.distrust(loaded)
    expect(told).toEqual([loaded])
    expect(await load(plain)).toEqual([null])
  })

  it('is completed by known letters once, also where those cannot be asked', async () => {
    const { load } = open()
    expect(await load(plain)).toEqual([null])
    expect(await load(golden)).toEqual([report(), null])
    expect(await load(golden)).toEqual([report()])
  })

  it('stands where the test that would complete it is put off', async () => {
    const { load } = open()
    await load(plain)
    expect(await load(golden, true)).toEqual([report(), null])
    expect(await load(golden, true)).toEqual([report(), null])
  })
})
