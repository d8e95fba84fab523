/** The CPU engine for real where the browser lacks 64-bit WebAssembly memory or JSPI. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EngineClient } from '#app/engine-client'
import type { EngineResult, LetterScores } from '#core/engine'
import { failure } from '#core/result'
import { builtIn, endless, greedy, ignore, load, never, newEngine, question } from './engine-fixture'

/** What the two builds may differ by: they round in another order. */
const SAME_PROBABILITY = 2e-3

const usual = newEngine()
const without64Bit = newEngine({
  spawn: () => new Worker(new URL('engine-without-memory64.ts', import.meta.url), { type: 'module' }),
})
const withoutJspi = newEngine({
  spawn: () => new Worker(new URL('engine-without-jspi.ts', import.meta.url), { type: 'module' }),
})

function valueOf<Value>(result: EngineResult<Value>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

async function score(engine: EngineClient): Promise<LetterScores> {
  return valueOf(await engine.scoreLetters({ messages: question, letters: ['A', 'B', 'C', 'D'] }, never))
}

let expected: { scores: LetterScores; text: string }
beforeAll(async () => {
  valueOf(await load(usual.engine))
  expected = {
    scores: await score(usual.engine),
    text: valueOf(await usual.engine.generate(greedy, ignore, never)).text,
  }
})
afterAll(async () => {
  for (const { engine } of [usual, without64Bit, withoutJspi]) await engine.unload()
  usual.workers.forEach((worker) => worker.terminate())
})

describe.each([
  ['64-bit memory and JSPI', without64Bit.engine, 'CPU (WASM SIMD, 1 thread, compatible build)'],
  ['JSPI', withoutJspi.engine, 'CPU (WASM SIMD, 1 thread)'],
] as const)('without %s', (_, engine, device) => {
  test('loads and says which build runs', async () => {
    expect(valueOf(await load(engine, builtIn))).toMatchObject({ engine: 'wllama', device })
  })

  test('gives the letters the same probabilities', async () => {
    const { probabilities, promptTokens } = await score(engine)
    expect(promptTokens).toBe(expected.scores.promptTokens)
    probabilities.forEach((probability, letter) => {
      const difference = Math.abs(probability - (expected.scores.probabilities[letter] ?? NaN))
      expect(difference).toBeLessThan(SAME_PROBABILITY)
    })
  })

  test('writes the same greedy reply', async () => {
    expect(valueOf(await engine.generate(greedy, ignore, never)).text).toBe(expected.text)
  })

  test('can be aborted and goes on', async () => {
    const stop = new AbortController()
    const reply = await engine.generate({ ...endless, seed: 3 }, () => stop.abort(), stop.signal)
    expect(reply).toMatchObject({ ok: true })
    expect(await engine.generate(greedy, ignore, AbortSignal.abort())).toEqual(failure({ kind: 'aborted' }))
    expect(valueOf(await engine.generate(greedy, ignore, never)).text).toBe(expected.text)
  })
})

test('fetches the compatible build from this site', async () => {
  const { compatibleBuild } = await import('../../src/worker/wllama-compatible')
  expect(new URL(compatibleBuild.wasm, location.href).origin).toBe(location.origin)
  const { status, headers } = await fetch(compatibleBuild.wasm, { method: 'HEAD' })
  expect([status, headers.get('content-type')]).toEqual([200, 'application/wasm'])
})
