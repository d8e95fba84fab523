import { describe, expect, it, vi } from 'vitest'
import { EngineStore, type LosableEngine } from '#app/engine.svelte'
import { engineFailureText } from '#app/engine-failure-text'
import type { EngineDescription, EngineFailure, EngineResult, LoadProgress, LoadRequest } from '#core/engine'
import { failure, success } from '#core/result'
import { STILL_MS } from '../../../src/app/stillness.svelte'
import { Locale } from '#i18n/locale.svelte'
import { NO_HASHES } from '../../run-defaults'

const description: EngineDescription = {
  engine: 'scripted',
  engineVersion: '1',
  device: 'test',
  fingerprint: 'f'.repeat(64),
  contextTokens: 10,
  ...NO_HASHES,
}
const request: LoadRequest = {
  engine: 'scripted',
  source: { kind: 'scripted', replies: ['A'], tokensPerSecond: 1 },
  contextTokens: 10,
  ...NO_HASHES,
}
const one = { id: 'one', name: 'One' }
const two = { id: 'two', name: 'Two' }

/** An engine whose loads end when the test says so; an aborted one ends by itself. */
function newStore(generationFailure: EngineFailure = { kind: 'device-lost', detail: 'reset' }) {
  const ends: ((result: EngineResult<EngineDescription>) => void)[] = []
  const engine: LosableEngine = {
    onLost: () => undefined,
    load: (_request, onProgress, signal) =>
      new Promise((resolve) => {
        onProgress({ kind: 'downloading', loadedBytes: 1, totalBytes: 2 })
        signal.addEventListener('abort', () => resolve(failure({ kind: 'aborted' })))
        ends.push(resolve)
      }),
    generate: () => Promise.resolve(failure(generationFailure)),
    scoreLetters: () => Promise.resolve(failure({ kind: 'engine-error', detail: 'x' })),
    scoreReward: () => Promise.resolve(failure({ kind: 'engine-error', detail: 'x' })),
    renderPrompt: () => Promise.resolve(failure({ kind: 'engine-error', detail: 'x' })),
    unload: () => Promise.resolve(),
    kill: () => undefined,
  }
  return { store: new EngineStore(engine), engine, ends }
}

describe('EngineStore', () => {
  it('goes from idle through loading to ready, and back', async () => {
    const { store, ends } = newStore()
    expect(store.state).toEqual({ kind: 'idle' })
    const loading = store.load(one, request)
    expect(store.state).toMatchObject({ kind: 'loading', model: one, progress: { loadedBytes: 1 } })
    ends[0]?.(success(description))
    expect(await loading).toEqual(success(description))
    expect(store.state).toEqual({ kind: 'ready', model: one, description })
    await store.unload()
    expect(store.state).toEqual({ kind: 'idle' })
  })

  it('keeps the reason of a failed load', async () => {
    const { store, ends } = newStore()
    const loading = store.load(one, request)
    ends[0]?.(failure({ kind: 'storage-full', bytes: 5 }))
    await loading
    expect(store.state).toEqual({
      kind: 'failed',
      model: one,
      failure: { kind: 'storage-full', bytes: 5 },
    })
  })

  it('is idle after a cancelled load', async () => {
    const { store } = newStore()
    const loading = store.load(one, request)
    store.cancelLoad()
    expect(await loading).toEqual(failure({ kind: 'aborted' }))
    expect(store.state).toEqual({ kind: 'idle' })
  })

  it('gives up one load for another, whichever ends first', async () => {
    const { store, ends } = newStore()
    const first = store.load(one, request)
    const second = store.load(two, request)
    ends[1]?.(success(description))
    expect(await second).toMatchObject({ ok: true })
    expect(await first).toEqual(failure({ kind: 'aborted' }))
    expect(store.state).toMatchObject({ kind: 'ready', model: two })
  })

  it.each<EngineFailure>([{ kind: 'out-of-memory', detail: '' }, { kind: 'not-loaded' }])(
    'needs a new load after $kind',
    async (reason) => {
      const { store, ends } = newStore(reason)
      const loading = store.load(one, request)
      ends[0]?.(success(description))
      await loading
      const asked = { messages: [], maxTokens: 1, temperature: 0, topP: 1, seed: 0 }
      await store.generate(asked, () => undefined, new AbortController().signal)
      expect(store.state).toEqual({ kind: 'failed', model: one, failure: reason })
    },
  )

  it('says that a step is slow when nothing is heard of it for long, and takes it back at the next word', async () => {
    vi.useFakeTimers()
    try {
      let report: (progress: LoadProgress) => void = () => undefined
      const { store, engine, ends } = newStore()
      const load = engine.load.bind(engine)
      engine.load = (asked, onProgress, signal) => {
        report = onProgress
        return load(asked, onProgress, signal)
      }
      const loading = store.load(one, request)
      vi.advanceTimersByTime(STILL_MS - 1)
      expect(store.slow).toBe(false)
      report({ kind: 'preparing', step: 'compile-shaders', fraction: 0 })
      vi.advanceTimersByTime(STILL_MS - 1)
      expect(store.slow).toBe(false)
      vi.advanceTimersByTime(1)
      expect(store.slow).toBe(true)
      report({ kind: 'preparing', step: 'compile-shaders', fraction: 0.5 })
      expect(store.slow).toBe(false)
      ends[0]?.(success(description))
      await loading
      vi.advanceTimersByTime(STILL_MS)
      expect(store.slow).toBe(false)
    } finally {
      vi.useRealTimers()
    }
  })

  it('fails when the worker or the device is lost', async () => {
    const { store, engine, ends } = newStore()
    const ready = async () => {
      const loading = store.load(one, request)
      ends.at(-1)?.(success(description))
      await loading
    }
    await ready()
    engine.onLost({ kind: 'worker-lost', detail: '' })
    expect(store.state).toMatchObject({ kind: 'failed', failure: { kind: 'worker-lost' } })
    await ready()
    const asked = { messages: [], maxTokens: 1, temperature: 0, topP: 1, seed: 0 }
    await store.generate(asked, () => undefined, new AbortController().signal)
    expect(store.state).toMatchObject({ kind: 'failed', failure: { kind: 'device-lost' } })
    await ready()
    await store.scoreLetters({ messages: [], letters: ['A'] }, new AbortController().signal)
    expect(store.state.kind).toBe('ready')
  })
})

describe('engineFailureText', () => {
  const failures: EngineFailure[] = [
    { kind: 'aborted' },
    { kind: 'not-loaded' },
    { kind: 'webgpu-unavailable', reason: 'no-api' },
    { kind: 'webgpu-unavailable', reason: 'no-adapter' },
    { kind: 'webgpu-unavailable', reason: 'insecure-origin' },
    { kind: 'feature-missing', feature: 'shader-f16' },
    { kind: 'download-failed', url: 'https://huggingface.co/a/b', detail: 'x' },
    { kind: 'download-failed', url: 'https://huggingface.co/a/b', status: 404, detail: 'x' },
    { kind: 'storage-full', bytes: 1e9 },
    { kind: 'checksum-mismatch', url: 'https://huggingface.co/a/b', expected: 'a', actual: 'b' },
    { kind: 'model-invalid', detail: 'x' },
    { kind: 'model-too-large', bytes: 5e9, limitBytes: 3.5e9 },
    { kind: 'out-of-memory', detail: 'x' },
    { kind: 'device-lost', detail: 'x' },
    { kind: 'context-exceeded', promptTokens: 5000, contextTokens: 4096, ...NO_HASHES },
    { kind: 'worker-lost', detail: 'x' },
    { kind: 'taken-over' },
    { kind: 'engine-error', detail: 'x' },
  ]

  it.each(['en', 'zh'] as const)('has a sentence and a next step for every failure (%s)', (language) => {
    const texts = failures.map((one) => engineFailureText(one, new Locale(language)))
    for (const { problem, nextStep } of texts) {
      expect(problem).toMatch(/[.。]$/)
      expect(nextStep).toMatch(/[.。]$/)
    }
    expect(new Set(texts.map(({ problem }) => problem)).size).toBe(failures.length)
  })

  it('writes numbers and hosts for readers', () => {
    const english = new Locale('en')
    expect(
      engineFailureText(
        { kind: 'context-exceeded', promptTokens: 5000, contextTokens: 4096, ...NO_HASHES },
        english,
      ).problem,
    ).toContain('5,000')
    expect(
      engineFailureText({ kind: 'download-failed', url: 'https://huggingface.co/a', detail: 'why' }, english),
    ).toMatchObject({ problem: expect.stringContaining('huggingface.co') as string, detail: 'why' })
  })
})
