import { describe, expect, it } from 'vitest'
import { EngineStore, type LosableEngine, type UncheckedLoad } from '#app/engine.svelte'
import type { EngineDescription, EngineResult, LoadRequest } from '#core/engine'
import type { SelfTestReport } from '#core/numerics/types'
import { failure, success } from '#core/result'
import { onGpu, report } from '../../numerics'

const loaded = onGpu({ mergeBarrier: 'inserted', selfTest: null })
const tested = (selfTest: SelfTestReport) => onGpu({ mergeBarrier: 'inserted', selfTest })
const request: LoadRequest = {
  engine: 'webllm',
  source: { kind: 'scripted', replies: ['A'], tokensPerSecond: 1 },
  contextTokens: 10,
}
const one = { id: 'one', name: 'One' }
const never = new AbortController().signal
const asked = { messages: [], maxTokens: 1, temperature: 0, topP: 1, seed: 0 }

interface OpenCheck {
  known: SelfTestReport | null
  report(fraction: number): void
  end(result: EngineResult<SelfTestReport>): void
}

/** An engine that loads at once and whose checks end when the test says so; an aborted one ends by itself. */
function newStore(
  settleNumbers?: (load: UncheckedLoad) => Promise<void>,
  onCheckFailed: (loaded: EngineDescription) => void = () => undefined,
) {
  const checks: OpenCheck[] = []
  const engine: LosableEngine = {
    onLost: () => undefined,
    load: () => Promise.resolve(success(loaded)),
    generate: () => Promise.resolve(failure({ kind: 'engine-error', detail: 'x' })),
    scoreLetters: () => Promise.resolve(failure({ kind: 'engine-error', detail: 'x' })),
    scoreReward: () => Promise.resolve(failure({ kind: 'engine-error', detail: 'x' })),
    renderPrompt: () => Promise.resolve(failure({ kind: 'engine-error', detail: 'x' })),
    checkNumbers: (known, onProgress, signal) =>
      new Promise((end) => {
        signal.addEventListener('abort', () => end(failure({ kind: 'aborted' })))
        checks.push({ known, report: onProgress, end })
      }),
    unload: () => Promise.resolve(),
    kill: () => undefined,
  }
  return {
    store: new EngineStore(engine, { onCheckFailed, ...(settleNumbers && { settleNumbers }) }),
    engine,
    checks,
  }
}

const turn = () => new Promise((later) => setTimeout(later))
const testing = async ({ check }: UncheckedLoad) => void (await check(null))

describe('a load', () => {
  it('goes on with the test, and describes the model with its result', async () => {
    const { store, checks } = newStore(testing)
    const loading = store.load(one, request)
    await turn()
    checks[0]?.report(0.25)
    expect(store.state).toMatchObject({
      kind: 'loading',
      progress: { kind: 'checking-numbers', fraction: 0.25 },
    })
    checks[0]?.end(success(report()))
    expect(await loading).toEqual(success(tested(report())))
    expect(store.state).toEqual({ kind: 'ready', model: one, description: tested(report()) })
  })

  it('leaves a usable model that was not tested when the test is put off', async () => {
    const { store } = newStore(testing)
    const loading = store.load(one, request)
    await turn()
    store.cancelLoad()
    expect(await loading).toEqual(success(loaded))
    expect(store.state).toEqual({ kind: 'ready', model: one, description: loaded })
  })

  it('tests nothing where nobody asks for it, or the engine has no numbers to check', async () => {
    const { store, checks } = newStore()
    expect(await store.load(one, request)).toEqual(success(loaded))
    const other = newStore(testing)
    other.engine.load = () => Promise.resolve(success(onGpu()))
    expect(await other.store.load(one, request)).toEqual(success(onGpu()))
    expect([...checks, ...other.checks]).toEqual([])
  })

  it('fails when the model is lost in the middle of the test', async () => {
    const { store, engine, checks } = newStore(testing)
    const loading = store.load(one, request)
    await turn()
    engine.onLost({ kind: 'worker-lost', detail: 'x' })
    checks[0]?.end(failure({ kind: 'worker-lost', detail: 'x' }))
    expect(await loading).toEqual(failure({ kind: 'worker-lost', detail: 'x' }))
    expect(store.state).toMatchObject({ kind: 'failed', failure: { kind: 'worker-lost' } })
  })

  it('leaves a usable model where what was found before cannot be read, or the result cannot be stored', async () => {
    const unread = newStore(() => Promise.reject(new Error('The database was closed.')))
    expect(await unread.store.load(one, request)).toEqual(success(loaded))
    expect(unread.store.state).toMatchObject({ kind: 'ready', description: loaded })
    const unstored = newStore(async ({ check }) => {
      await check(null)
      throw new Error('The storage is full.')
    })
    const loading = unstored.store.load(one, request)
    await turn()
    unstored.checks[0]?.end(success(report()))
    expect(await loading).toEqual(success(tested(report())))
    expect(unstored.store.state).toMatchObject({ kind: 'ready', description: tested(report()) })
  })

  it('gives up the test for another load', async () => {
    const { store, checks } = newStore(testing)
    const first = store.load(one, request)
    await turn()
    const second = store.load({ id: 'two', name: 'Two' }, request)
    await turn()
    checks[1]?.end(success(report()))
    expect(await first).toEqual(failure({ kind: 'aborted' }))
    expect(await second).toEqual(success(tested(report())))
  })
})

describe('a test of the loaded model', () => {
  it('tells how far it is, and its result stands in what is stored of the model', async () => {
    const { store, checks } = newStore()
    await store.load(one, request)
    const checking = store.checkNumbers()
    checks[0]?.report(0.5)
    expect(store.checkedShare).toBe(0.5)
    checks[0]?.end(success(report()))
    expect(await checking).toEqual(success(report()))
    expect(store.checkedShare).toBeNull()
    expect(store.state).toMatchObject({ kind: 'ready', description: tested(report()) })
  })

  it('gives way to whatever the model is asked', async () => {
    const { store } = newStore()
    await store.load(one, request)
    const checking = store.checkNumbers()
    await store.generate(asked, () => undefined, never)
    expect(await checking).toEqual(failure({ kind: 'aborted' }))
    expect(store.state).toMatchObject({ kind: 'ready', description: loaded })
  })

  it('does not begin while the model answers or a benchmark runs', async () => {
    const { store, engine, checks } = newStore()
    await store.load(one, request)
    engine.generate = () => new Promise(() => undefined)
    void store.generate(asked, () => undefined, never)
    expect(await store.checkNumbers()).toEqual(failure({ kind: 'aborted' }))
    const other = newStore()
    await other.store.load(one, request)
    other.store.isMeasuring = () => true
    expect(await other.store.checkNumbers()).toEqual(failure({ kind: 'aborted' }))
    expect([...checks, ...other.checks]).toEqual([])
  })

  it('ends with the model', async () => {
    const { store } = newStore()
    await store.load(one, request)
    const checking = store.checkNumbers()
    await store.unload()
    expect(await checking).toEqual(failure({ kind: 'aborted' }))
    expect(store.state).toEqual({ kind: 'idle' })
  })
})

it('tells once for each load that a check failed in use', async () => {
  const told: EngineDescription[] = []
  const { store, engine } = newStore(undefined, (description) => told.push(description))
  const scores = { probabilities: [1], promptTokens: 9, elapsedMs: 1 }
  const path = { path: 'cold', tokensFed: 9, tokensReused: 0 } as const
  engine.scoreLetters = () =>
    Promise.resolve(success({ ...scores, reading: { ...path, reason: 'nothing-in-common' } }))
  const score = () => store.scoreLetters({ messages: [], letters: ['A'] }, never)
  await store.load(one, request)
  await score()
  expect(told).toEqual([])
  engine.scoreLetters = () =>
    Promise.resolve(success({ ...scores, reading: { ...path, reason: 'check-failed' } }))
  await score()
  await score()
  expect(told).toEqual([loaded])
  engine.load = () => Promise.resolve(success({ ...loaded }))
  await store.load(one, request)
  await score()
  expect(told).toHaveLength(2)
  engine.load = () => Promise.resolve(success({ ...loaded }))
  await store.load(one, request)
  engine.scoreLetters = () => Promise.resolve(failure({ kind: 'reuse-check-failed', detail: 'x' }))
  await score()
  await score()
  expect(told).toHaveLength(3)
})
