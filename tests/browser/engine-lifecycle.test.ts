/** What happens to an engine besides answering: bad models, cancelled loads, unloading, a dead worker. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { EngineClient } from '#app/engine-client'
import type { EngineFailure, ModelSource } from '#core/engine'
import { failure } from '#core/result'
import { builtIn, endless, greedy, ignore, load, model, never, newEngine } from './engine-fixture'

let engine: EngineClient
let workers: Worker[]

beforeEach(() => {
  ;({ engine, workers } = newEngine())
})
afterEach(() => workers.forEach((worker) => worker.terminate()))

const file = (...parts: BlobPart[]): ModelSource => ({
  kind: 'gguf-file',
  file: new File(parts, 'model.gguf'),
})
const urlOf = (blob: Blob, wanted: { bytes: number; sha256?: string }): ModelSource => ({
  kind: 'gguf-url',
  url: URL.createObjectURL(blob),
  ...wanted,
})
const OTHER_SHA256 = 'a'.repeat(64)

/** Each engine worker holds a lock as long as it lives. */
async function engineWorkerLocks(): Promise<number> {
  const { held = [] } = await navigator.locks.query()
  return held.filter(({ name }) => name?.startsWith('somnus-engine-')).length
}

describe('a model that cannot be loaded', () => {
  test.each<[string, ModelSource, Partial<EngineFailure>]>([
    ['junk', file('not a model at all'), { kind: 'model-invalid' }],
    ['a GGUF header with junk behind it', file('GGUF', 'junk'.repeat(1000)), { kind: 'model-invalid' }],
    ['a truncated file', file(model.slice(0, model.size / 2)), { kind: 'model-invalid' }],
    ['an empty file', file(), { kind: 'model-invalid' }],
    [
      'a download that ends early',
      urlOf(model.slice(0, 1000), { bytes: model.size }),
      { kind: 'download-failed' },
    ],
    [
      'another file than the one wanted',
      urlOf(model, { bytes: model.size, sha256: OTHER_SHA256 }),
      { kind: 'checksum-mismatch', expected: OTHER_SHA256 },
    ],
    [
      'an address that nobody answers',
      { kind: 'gguf-url', url: 'http://localhost:1/model.gguf', bytes: 1 },
      { kind: 'download-failed' },
    ],
    [
      'a file beyond the memory of WebAssembly',
      { kind: 'gguf-url', url: '/models/never-asked-for.gguf', bytes: 5e9 },
      { kind: 'model-too-large', bytes: 5e9 },
    ],
    [
      'a model of another engine',
      {
        kind: 'mlc',
        modelId: 'm',
        files: [],
        library: new File([], 'library.wasm'),
        fingerprint: OTHER_SHA256,
        librarySha256: null,
        tokenizerSha256: null,
        requiresShaderF16: false,
      },
      { kind: 'model-invalid' },
    ],
  ])('is refused: %s', async (_, source, expected) => {
    expect(await load(engine, source)).toMatchObject(failure(expected))
    expect(await engine.generate(greedy, ignore, never)).toEqual(failure({ kind: 'not-loaded' }))
  })

  test('says in the engine’s words what is wrong with it', async () => {
    const result = await load(engine, file(model.slice(0, model.size / 2)))
    expect(result).toMatchObject({ failure: { detail: expect.stringContaining('incomplete') as string } })
  })

  test('leaves the engine able to load a good one', async () => {
    await load(engine, file('GGUF', 'junk'.repeat(1000)))
    expect(await load(engine)).toMatchObject({ ok: true })
  })
})

describe('load and unload', () => {
  test('a load is cancelled, during the download and after, and can be started again', async () => {
    for (const moment of ['downloading', 'preparing'] as const) {
      const stop = new AbortController()
      const onProgress = ({ kind }: { kind: string }) => {
        if (kind === moment) stop.abort()
      }
      expect(await load(engine, builtIn, onProgress, stop.signal)).toEqual(failure({ kind: 'aborted' }))
      expect(await engine.generate(greedy, ignore, never)).toEqual(failure({ kind: 'not-loaded' }))
    }
    expect(await load(engine)).toMatchObject({ ok: true })
    expect(workers).toHaveLength(1)
  })

  test('an unloaded model is gone; a file of the user loads in its place', async () => {
    await load(engine)
    await engine.unload()
    expect(await engine.generate(greedy, ignore, never)).toEqual(failure({ kind: 'not-loaded' }))
    expect(await load(engine, file(model))).toMatchObject({ ok: true })
    expect(await engine.generate(greedy, ignore, never)).toMatchObject({ ok: true })
  })

  test('the worker goes with an unloaded model, and its memory with it; nobody hears of a loss', async () => {
    const losses: EngineFailure[] = []
    engine.onLost = (reason) => losses.push(reason)
    // Those of the tests before are on their way out.
    await expect.poll(engineWorkerLocks).toBe(0)
    await load(engine)
    expect(await engineWorkerLocks()).toBe(1)
    await engine.unload()
    await expect.poll(engineWorkerLocks).toBe(0)
    expect(losses).toEqual([])
  })

  test('a load that comes during an unload is not disturbed by it', async () => {
    await load(engine)
    const unloaded = engine.unload()
    const loaded = load(engine)
    await unloaded
    expect(await loaded).toMatchObject({ ok: true })
    expect(await engine.generate(greedy, ignore, never)).toMatchObject({ ok: true })
  })

  test('a file whose checksum is known is not read for it', async () => {
    const source: ModelSource = { kind: 'gguf-file', file: new File([model], 'm.gguf'), sha256: OTHER_SHA256 }
    const steps: string[] = []
    const loaded = await load(engine, source, (step) =>
      steps.push(step.kind === 'preparing' ? step.step : ''),
    )
    expect(loaded).toMatchObject({ value: { fingerprint: OTHER_SHA256 } })
    expect(steps).not.toContain('verify')
  })
})

describe('a lost worker', () => {
  test('is noticed in the middle of a reply, and replaced by the next load', async () => {
    const losses: EngineFailure[] = []
    engine.onLost = (reason) => losses.push(reason)
    await load(engine)
    const reply = engine.generate(endless, () => workers[0]?.terminate(), never)
    expect(await reply).toMatchObject(failure({ kind: 'worker-lost' }))
    expect(losses).toMatchObject([{ kind: 'worker-lost' }])

    expect(await engine.generate(greedy, ignore, never)).toEqual(failure({ kind: 'not-loaded' }))
    expect(await load(engine)).toMatchObject({ ok: true })
    expect(await engine.generate(greedy, ignore, never)).toMatchObject({ ok: true })
    expect(workers).toHaveLength(2)
  })

  test('is noticed when its script cannot run', async () => {
    const script = URL.createObjectURL(new Blob(['throw new Error("broken")'], { type: 'text/javascript' }))
    const broken = newEngine({ spawn: () => new Worker(script, { type: 'module' }) })
    expect(await load(broken.engine)).toMatchObject(failure({ kind: 'worker-lost' }))
  })

  test('is given up when it does not unload', async () => {
    const script = URL.createObjectURL(new Blob(['for (;;);'], { type: 'text/javascript' }))
    const deaf = newEngine({ spawn: () => new Worker(script, { type: 'module' }), requestGraceMs: 100 })
    const loading = load(deaf.engine)
    await deaf.engine.unload()
    expect(await loading).toMatchObject(failure({ kind: 'worker-lost' }))
  })

  test('is given up when it does not obey a cancellation', async () => {
    const script = URL.createObjectURL(new Blob(['for (;;);'], { type: 'text/javascript' }))
    const deaf = newEngine({ spawn: () => new Worker(script, { type: 'module' }), loadGraceMs: 100 })
    const losses: EngineFailure[] = []
    deaf.engine.onLost = (reason) => losses.push(reason)
    const signal = AbortSignal.timeout(50)
    expect(await load(deaf.engine, builtIn, ignore, signal)).toEqual(failure({ kind: 'aborted' }))
    expect(losses).toMatchObject([{ kind: 'worker-lost' }])
  })

  test('is given longer to end a pass of the self-test, but not for ever', async () => {
    const script = URL.createObjectURL(new Blob(['for (;;);'], { type: 'text/javascript' }))
    const patient = { loadGraceMs: 1e9, requestGraceMs: 1e9 }
    const deaf = newEngine({
      spawn: () => new Worker(script, { type: 'module' }),
      ...patient,
      checkGraceMs: 100,
    })
    const checked = await deaf.engine.checkNumbers(null, ignore, AbortSignal.timeout(50))
    expect(checked).toEqual(failure({ kind: 'aborted' }))
  })
})
