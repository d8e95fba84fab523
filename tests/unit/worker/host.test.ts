import { describe, expect, it } from 'vitest'
import type { Engine, EngineFailure, GenerationRequest, LoadRequest } from '#core/engine'
import { failure, success } from '#core/result'
import type { RequestId, WorkerEvents } from '../../../src/worker/api'
import { EngineHost } from '../../../src/worker/host'
import { ScriptedEngine } from '../../../src/worker/scripted'

const id = (value: number) => value as RequestId
const script = (...replies: string[]): LoadRequest => ({
  engine: 'scripted',
  source: { kind: 'scripted', replies, tokensPerSecond: 1000 },
  contextTokens: 100,
})
const ask: GenerationRequest = {
  messages: [{ role: 'user', content: 'one two three' }],
  maxTokens: 100,
  temperature: 0,
  topP: 1,
  seed: 0,
}

function newHost(createEngine = (): Partial<Engine> => new ScriptedEngine()) {
  const events: WorkerEvents[] = []
  const host = new EngineHost(() => Promise.resolve(createEngine() as Engine))
  host.listen((happened) => void events.push(happened))
  return { host, events }
}

describe('EngineHost', () => {
  it('answers "not loaded" before a model is there, and after it was unloaded', async () => {
    const { host } = newHost()
    expect(await host.generate(id(1), ask)).toEqual(failure({ kind: 'not-loaded' }))
    await host.load(id(2), script('A'))
    await host.unload()
    expect(await host.scoreLetters(id(3), { messages: [], letters: ['A', 'B'] })).toEqual(
      failure({ kind: 'not-loaded' }),
    )
  })

  it('gives the scores of a reward model, and says where there is none', async () => {
    const { host } = newHost()
    const request = { messages: ask.messages, prefixes: ['Step 1: a\n\n', 'Step 1: a\n\nStep 2: b\n\n'] }
    expect(await host.scoreReward(id(1), request)).toEqual(failure({ kind: 'not-loaded' }))
    await host.load(id(2), script('A'))
    expect(await host.scoreReward(id(3), request)).toEqual(failure({ kind: 'not-a-reward-model' }))
    await host.load(id(4), script('0.75', '0.5'))
    expect(await host.scoreReward(id(5), request)).toMatchObject(success({ probabilities: [0.75, 0.5] }))
  })

  it('gives the whole reply in events before it gives the result', async () => {
    const { host, events } = newHost()
    await host.load(id(1), script('The answer is B.'))
    const result = await host.generate(id(2), ask)
    const texts = events
      .flatMap((happened) => (happened.kind === 'generation' ? happened.events : []))
      .flatMap((event) => (event.kind === 'text' ? [event.text] : []))
    expect(texts.join('')).toBe('The answer is B.')
    expect(result).toMatchObject(
      success({ text: 'The answer is B.', finish: 'stop', promptTokens: 3, completionTokens: 4 }),
    )
  })

  it('groups the events of a fast model', async () => {
    const text = 'word '.repeat(50)
    // Faster than any machine: not a moment between two words.
    const { host, events } = newHost(() => ({
      load: () => Promise.resolve(failure({ kind: 'not-loaded' } as const)),
      generate: (_, onEvent) => {
        for (let completionTokens = 1; completionTokens <= 50; completionTokens += 1)
          onEvent({ kind: 'text', text: 'word ', completionTokens })
        const times = { promptTokens: 3, timeToFirstTokenMs: 0, decodeMs: 0 }
        return Promise.resolve(success({ text, finish: 'stop' as const, completionTokens: 50, ...times }))
      },
    }))
    await host.load(id(1), script(text))
    await host.generate(id(2), ask)
    const generation = events.filter((happened) => happened.kind === 'generation')
    expect(generation.map((happened) => happened.events)).toEqual([
      [{ kind: 'text', text, completionTokens: 50 }],
    ])
  })

  it('answers one request at a time, in order', async () => {
    const { host } = newHost()
    await host.load(id(1), script('first', 'second', 'third'))
    const replies = await Promise.all([2, 3, 4].map((request) => host.generate(id(request), ask)))
    expect(replies.map((reply) => reply.ok && reply.value.text)).toEqual(['first', 'second', 'third'])
  })

  it('cancels the running request and keeps what was said', async () => {
    const { host, events } = newHost()
    await host.load(id(1), script('word '.repeat(1000)))
    const reply = host.generate(id(2), { ...ask, maxTokens: 1000 })
    await expect.poll(() => events.some(({ kind }) => kind === 'generation'), { interval: 1 }).toBe(true)
    host.cancel(id(2))
    const result = await reply
    expect(result).toMatchObject(success({ finish: 'abort' }))
    expect(result.ok && result.value.completionTokens).toBeGreaterThan(0)
  })

  it('cancels a waiting request at once, without touching the running one', async () => {
    const { host } = newHost()
    await host.load(id(1), script('word '.repeat(100), 'next'))
    const order: string[] = []
    const running = host.generate(id(2), ask).then(() => order.push('running'))
    const waiting = host.generate(id(3), ask).then((result) => {
      order.push('waiting')
      expect(result).toEqual(failure({ kind: 'aborted' }))
    })
    host.cancel(id(3))
    await Promise.all([running, waiting])
    expect(order).toEqual(['waiting', 'running'])
    expect(await host.generate(id(4), ask)).toMatchObject(success({ text: 'next' }))
  })

  it('turns what an engine throws into a failure and goes on', async () => {
    const broken: Partial<Engine> = {
      load: () => Promise.reject(new Error('no')),
      unload: () => Promise.resolve(),
    }
    const host = new EngineHost((kind) =>
      Promise.resolve(kind === 'wllama' ? (broken as Engine) : new ScriptedEngine()),
    )
    expect(await host.load(id(1), { ...script('A'), engine: 'wllama' })).toMatchObject(
      failure({ kind: 'engine-error' }),
    )
    expect(await host.load(id(2), script('A'))).toMatchObject({ ok: true })
  })

  it('passes on that a model is lost while nothing is asked, with the load it came from', async () => {
    const engine = new ScriptedEngine() as Engine
    const host = new EngineHost(() => Promise.resolve(engine))
    const events: WorkerEvents[] = []
    host.listen((happened) => void events.push(happened))
    await host.load(id(7), script('A'))
    const reason: EngineFailure = { kind: 'device-lost', detail: 'reset' }
    engine.onLost?.(reason)
    expect(events.at(-1)).toEqual({ kind: 'model-lost', load: 7, failure: reason })
  })

  it('says that an engine could not be fetched', async () => {
    const host = new EngineHost(() => Promise.reject(new TypeError('Failed to fetch module')))
    expect(await host.load(id(1), script('A'))).toEqual(
      failure({ kind: 'engine-error', detail: 'TypeError: Failed to fetch module' }),
    )
  })
})
