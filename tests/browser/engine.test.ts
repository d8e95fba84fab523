/** The CPU engine for real: worker, Comlink, wllama and the built-in model, in this browser. */
import wasmUrl from '@wllama/wllama/esm/wasm/wllama.wasm?url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { EngineResult, GenerationEvent, LoadProgress } from '#core/engine'
import { failure } from '#core/result'
import {
  builtIn,
  CONTEXT_TOKENS,
  endless,
  greedy,
  ignore,
  load,
  longText,
  model,
  never,
  newEngine,
  question,
} from './engine-fixture'

const { engine, workers } = newEngine()
const progress: LoadProgress[] = []
let loaded: Awaited<ReturnType<typeof load>>

beforeAll(async () => {
  loaded = await load(engine, builtIn, (step) => progress.push(step))
})
afterAll(() => workers.forEach((worker) => worker.terminate()))

function valueOf<Value>(result: EngineResult<Value>): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

async function sha256Of(bytes: ArrayBuffer): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', bytes)
  return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, '0')).join('')
}

describe('load', () => {
  test('describes the engine and fingerprints the whole file', async () => {
    const hex = await sha256Of(await model.arrayBuffer())
    expect(valueOf(loaded)).toMatchObject({
      engine: 'wllama',
      device: 'CPU (WASM SIMD, 1 thread)',
      fingerprint: hex,
      librarySha256: await sha256Of(await (await fetch(wasmUrl)).arrayBuffer()),
      tokenizerSha256: null,
      contextTokens: CONTEXT_TOKENS,
    })
    expect(valueOf(loaded).engineVersion).toMatch(/^3\.8\.1 \(llama\.cpp b\d+/)
  })

  test('reports every byte, then the preparation', () => {
    const bytes = progress.flatMap((step) => (step.kind === 'downloading' ? [step.loadedBytes] : []))
    expect(bytes.at(-1)).toBe(model.size)
    expect(bytes).toEqual(bytes.toSorted((a, b) => a - b))
    expect(progress.at(-1)).toMatchObject({ kind: 'preparing', step: 'initialise' })
  })
})

describe('generate', () => {
  test('streams the reply with its counts and timings', async () => {
    const events: GenerationEvent[] = []
    const reply = valueOf(await engine.generate(greedy, (event) => events.push(event), never))
    expect(reply.finish).toBe('stop')
    expect(reply.promptTokens).toBeGreaterThan(20)
    expect(reply.completionTokens).toBeGreaterThan(3)
    expect(reply.completionTokens).toBeLessThan(greedy.maxTokens)
    expect(reply.timeToFirstTokenMs).toBeGreaterThan(0)
    expect(reply.decodeMs).toBeGreaterThan(0)

    const [first, ...texts] = events
    expect(first).toEqual({
      kind: 'prompt-processed',
      promptTokens: reply.promptTokens,
      timeToFirstTokenMs: reply.timeToFirstTokenMs,
    })
    expect(texts.map((event) => (event.kind === 'text' ? event.text : '?')).join('')).toBe(reply.text)
    expect(reply.text.trim()).not.toBe('')
  })

  test('repeats a greedy reply exactly, whatever was asked in between', async () => {
    const first = valueOf(await engine.generate(greedy, ignore, never))
    await engine.generate({ ...greedy, messages: longText, maxTokens: 3 }, ignore, never)
    expect(valueOf(await engine.generate(greedy, ignore, never)).text).toBe(first.text)
  })

  test('samples the same reply from the same seed, another from another', async () => {
    const sample = async (seed: number) =>
      valueOf(await engine.generate({ ...endless, maxTokens: 20, seed }, ignore, never)).text
    const seven = await sample(7)
    expect(await sample(7)).toBe(seven)
    expect(await sample(8)).not.toBe(seven)
  })

  test('goes on from the beginning of a reply as if it had not stopped', async () => {
    const whole = valueOf(await engine.generate(greedy, ignore, never))
    for (const tokens of [1, 5, whole.completionTokens - 2]) {
      const begun = valueOf(await engine.generate({ ...greedy, maxTokens: tokens }, ignore, never))
      const events: GenerationEvent[] = []
      const rest = valueOf(
        await engine.generate({ ...greedy, replyStart: begun.text }, (event) => events.push(event), never),
      )
      expect([begun.text + rest.text, rest.finish]).toEqual([whole.text, 'stop'])
      expect(begun.completionTokens + rest.completionTokens).toBe(whole.completionTokens)
      expect(rest.promptTokens).toBe(whole.promptTokens + begun.completionTokens)
      expect(events.map((event) => (event.kind === 'text' ? event.text : '')).join('')).toBe(rest.text)
    }
  })

  test('stops at the token limit and says so', async () => {
    const reply = valueOf(await engine.generate({ ...greedy, maxTokens: 2 }, ignore, never))
    expect(reply).toMatchObject({ finish: 'length', completionTokens: 2 })
  })

  test('answers requests that come together one after the other', async () => {
    const alone = valueOf(await engine.generate(greedy, ignore, never)).text
    const [first, scores, second] = await Promise.all([
      engine.generate(greedy, ignore, never),
      engine.scoreLetters({ messages: question, letters: ['A', 'B'] }, never),
      engine.generate(greedy, ignore, never),
    ])
    expect([valueOf(first).text, valueOf(second).text]).toEqual([alone, alone])
    expect(scores.ok).toBe(true)
  })

  test('says when the prompt does not fit the context, and goes on working', async () => {
    const tooLong = longText.map((message) => ({ ...message, content: message.content.repeat(3) }))
    const result = await engine.generate({ ...greedy, messages: tooLong }, ignore, never)
    expect(result).toMatchObject(failure({ kind: 'context-exceeded', contextTokens: CONTEXT_TOKENS }))
    expect(await engine.scoreLetters({ messages: tooLong, letters: ['A', 'B'] }, never)).toMatchObject(
      failure({ kind: 'context-exceeded' }),
    )
    expect(await engine.generate(greedy, ignore, never)).toMatchObject({ ok: true })
  })
})

describe('abort', () => {
  test('ends a reply and keeps what was said', async () => {
    // Chance may end a sampled reply before the first event arrives; then another seed is tried.
    for (let seed = 1; seed <= 20; seed += 1) {
      const stop = new AbortController()
      const reply = valueOf(await engine.generate({ ...endless, seed }, () => stop.abort(), stop.signal))
      if (reply.finish !== 'abort') continue
      expect(reply.text).not.toBe('')
      expect(reply.completionTokens).toBeLessThan(endless.maxTokens)
      return
    }
    expect.fail('No reply lasted long enough to be aborted.')
  })

  test('ends the reading of a long prompt, of which the rest stays unread', async () => {
    // A busy machine may have read all of it before the abort arrives; then another prompt is tried.
    for (let attempt = 1; attempt <= 20; attempt += 1) {
      const messages = longText.map((message) => ({ ...message, content: `${attempt}. ${message.content}` }))
      const stop = new AbortController()
      const asked = engine.generate({ ...greedy, messages }, ignore, stop.signal)
      setTimeout(() => stop.abort())
      const reply = await asked
      if (reply.ok) continue
      expect(reply).toEqual(failure({ kind: 'aborted' }))
      const again = { messages, letters: ['A', 'B'], reusePrompt: true }
      const { reading, promptTokens } = valueOf(await engine.scoreLetters(again, never))
      expect(reading?.tokensReused).toBeLessThan(promptTokens / 2)
      return
    }
    expect.fail('Every prompt was read before it could be stopped.')
  })

  test('does not start what was aborted before', async () => {
    const stopped = AbortSignal.abort()
    expect(await engine.generate(greedy, ignore, stopped)).toEqual(failure({ kind: 'aborted' }))
    expect(await engine.generate(greedy, ignore, never)).toMatchObject({ ok: true })
  })
})

describe('renderPrompt', () => {
  test('writes the roles and marks of the model’s own chat template, up to where the reply begins', async () => {
    const messages = [
      { role: 'system', content: 'Be brief.' },
      { role: 'user', content: 'Which?\nA. one' },
    ] as const
    expect(valueOf(await engine.renderPrompt(messages, never))).toEqual({
      text: '<|im_start|>system\nBe brief.<|im_end|>\n<|im_start|>user\nWhich?\nA. one<|im_end|>\n<|im_start|>assistant\n',
      begins: false,
    })
  })
})

describe('scoreLetters', () => {
  test('gives probabilities in the order of the letters, the same every time', async () => {
    const score = async (letters: string[]) =>
      valueOf(await engine.scoreLetters({ messages: question, letters }, never))
    const forward = await score(['A', 'B', 'C', 'D'])
    expect(forward.probabilities).toHaveLength(4)
    expect(forward.probabilities.reduce((sum, value) => sum + value)).toBeCloseTo(1, 10)
    expect(Math.min(...forward.probabilities)).toBeGreaterThan(0)
    expect(forward.promptTokens).toBeGreaterThan(20)
    expect((await score(['D', 'C', 'B', 'A'])).probabilities.toReversed()).toEqual(forward.probabilities)
  })

  test('agrees with decoding: the greedy first token scores highest', async () => {
    const first = valueOf(await engine.generate({ ...greedy, maxTokens: 1 }, ignore, never)).text
    const { probabilities } = valueOf(
      await engine.scoreLetters({ messages: question, letters: ['A', 'B', 'C', 'D', first] }, never),
    )
    expect(Math.max(...probabilities)).toBe(probabilities[4])
  })

  test('scores every letter of 21 options, A to U', async () => {
    const letters = [...'ABCDEFGHIJKLMNOPQRSTU']
    const { probabilities } = valueOf(await engine.scoreLetters({ messages: question, letters }, never))
    expect(probabilities).toHaveLength(21)
    expect(Math.min(...probabilities)).toBeGreaterThan(0)
    expect(probabilities.reduce((sum, value) => sum + value)).toBeCloseTo(1, 10)
  })

  test('refuses what is not one token', async () => {
    expect(await engine.scoreLetters({ messages: question, letters: ['A', '§§'] }, never)).toMatchObject(
      failure({ kind: 'letters-not-tokens' }),
    )
  })
})
