/** The engine stores of several tabs: who loads, who waits, who gives way. */
import { afterEach, expect, test } from 'vitest'
import { EngineStore, type LosableEngine } from '#app/engine.svelte'
import type { EngineDescription, EngineResult, Generation, LoadRequest } from '#core/engine'
import { failure, success } from '#core/result'
import { BrowserEngineLock } from '#data/engine-lock'
import { NO_HASHES } from '../run-defaults'

const DESCRIPTION: EngineDescription = {
  engine: 'scripted',
  engineVersion: '1',
  device: 'test',
  fingerprint: 'f'.repeat(64),
  contextTokens: 10,
  ...NO_HASHES,
}
const REQUEST: LoadRequest = {
  engine: 'scripted',
  source: { kind: 'scripted', replies: ['A'], tokensPerSecond: 1 },
  contextTokens: 10,
  ...NO_HASHES,
}
const ASK = { messages: [], maxTokens: 1, temperature: 0, topP: 1, seed: 0 }
const one = { id: 'one', name: 'One' }
const two = { id: 'two', name: 'Two' }
const never = new AbortController().signal

/** An engine that notes what it is told; replies and, if wanted, loads last until they are aborted. */
class FakeEngine implements LosableEngine {
  readonly calls: string[] = []
  endless = false
  onLost: LosableEngine['onLost'] = () => undefined

  async load(
    _request: LoadRequest,
    _onProgress: unknown,
    signal: AbortSignal,
  ): Promise<EngineResult<EngineDescription>> {
    this.calls.push('load')
    if (this.endless) await aborted(signal)
    return signal.aborted ? failure({ kind: 'aborted' }) : success(DESCRIPTION)
  }
  async generate(_: unknown, _onEvent: unknown, signal: AbortSignal): Promise<EngineResult<Generation>> {
    await aborted(signal)
    return failure({ kind: 'aborted' })
  }
  scoreLetters = () => Promise.resolve(failure({ kind: 'not-loaded' } as const))
  scoreReward = () => Promise.resolve(failure({ kind: 'not-loaded' } as const))
  renderPrompt = () => Promise.resolve(failure({ kind: 'not-loaded' } as const))
  unload = () => Promise.resolve(void this.calls.push('unload'))
  kill = () => void this.calls.push('kill')
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve()
    signal.addEventListener('abort', () => resolve())
  })
}

/** Heard, however busy the machine is. */
const ANSWER_MS = 5_000
/** Where nobody answers. */
const SILENCE_MS = 200

class Tab {
  readonly engine = new FakeEngine()
  visible = true
  sleeps = false
  wake: () => void = () => undefined
  readonly lock: BrowserEngineLock
  readonly store: EngineStore

  constructor(answerMs: number) {
    const asleep = () => this.sleeps
    this.lock = new BrowserEngineLock(navigator.locks, { answerMs, handoverMs: 50, asleep })
    this.store = new EngineStore(this.engine, {
      lock: this.lock,
      visible: () => this.visible,
      sleep: {
        asleep,
        awake: () => (this.sleeps ? new Promise((go) => (this.wake = go)) : Promise.resolve()),
      },
      now: () => 7,
    })
  }
}

let tabs: Tab[] = []
function newTabs(count: number, answerMs = ANSWER_MS): Tab[] {
  return (tabs = Array.from({ length: count }, () => new Tab(answerMs)))
}

afterEach(async () => {
  for (const tab of tabs) await tab.store.unload()
  tabs.forEach((tab) => tab.lock.close())
})

const kindOf = (tab: Tab) => tab.store.state.kind

async function loadedAndWaiting(answerMs?: number) {
  const [a, b] = newTabs(2, answerMs) as [Tab, Tab]
  a.store.isMeasuring = () => true
  await a.store.load(one, REQUEST)
  const loading = b.store.load(two, REQUEST)
  await expect.poll(() => b.store.state).toMatchObject({ kind: 'elsewhere', holder: { model: 'One' } })
  return { a, b, loading }
}

test('a second tab learns who has the engine, and loads nothing', async () => {
  const { b } = await loadedAndWaiting()
  expect(b.store.state).toEqual({
    kind: 'elsewhere',
    model: two,
    holder: { model: 'One', since: 7, measuring: true },
    reason: 'waiting',
  })
  expect(b.engine.calls).toEqual([])
})

test('"use it here" ends the reply of the other tab, unloads its model, and loads', async () => {
  const { a, b, loading } = await loadedAndWaiting()
  const reply = a.store.generate(ASK, () => undefined, never)
  await b.store.useHere()
  expect(await loading).toEqual(success(DESCRIPTION))
  expect(await reply).toEqual(failure({ kind: 'taken-over' }))
  expect(a.engine.calls).toEqual(['load', 'unload'])
  expect(a.store.state).toEqual({ kind: 'elsewhere', model: one, holder: null, reason: 'taken' })
  expect(b.store.state).toEqual({ kind: 'ready', model: two, description: DESCRIPTION })
  // What is asked of a tab that has lost its model says why.
  expect(await a.store.generate(ASK, () => undefined, never)).toEqual(failure({ kind: 'taken-over' }))
})

test('"take it back" loads the model again that was taken', async () => {
  const { a, b, loading } = await loadedAndWaiting()
  await b.store.useHere()
  await loading
  await a.store.useHere()
  expect(a.store.state).toMatchObject({ kind: 'ready', model: one })
  expect(b.store.state).toMatchObject({ kind: 'elsewhere', model: two, reason: 'taken' })
})

test('a load under way gives way too', async () => {
  const [a, b] = newTabs(2) as [Tab, Tab]
  a.engine.endless = true
  const given = a.store.load(one, REQUEST)
  await expect.poll(() => kindOf(a)).toBe('loading')
  void b.store.load(two, REQUEST)
  await expect.poll(() => kindOf(b)).toBe('elsewhere')
  await b.store.useHere()
  expect(await given).toEqual(failure({ kind: 'taken-over' }))
  await expect.poll(() => kindOf(b)).toBe('ready')
})

test('a load that waits begins when the other tab unloads, but only where its user is', async () => {
  const { a, b, loading } = await loadedAndWaiting(SILENCE_MS)
  b.visible = false
  await a.store.unload()
  await new Promise((resolve) => setTimeout(resolve, 1_500))
  expect(b.engine.calls).toEqual([])
  b.visible = true
  expect(await loading).toMatchObject({ ok: true })
})

test('a load that waits can be given up, and so can the model that was taken', async () => {
  const { a, b, loading } = await loadedAndWaiting()
  b.store.leaveElsewhere()
  expect(await loading).toEqual(failure({ kind: 'aborted' }))
  expect(kindOf(b)).toBe('idle')
  expect(kindOf(a)).toBe('ready')
  const again = b.store.load(two, REQUEST)
  await expect.poll(() => kindOf(b)).toBe('elsewhere')
  await b.store.useHere()
  await again
  a.store.leaveElsewhere()
  expect(kindOf(a)).toBe('idle')
})

test('one load replaces another that waits', async () => {
  const { b, loading } = await loadedAndWaiting()
  const other = b.store.load(one, REQUEST)
  expect(await loading).toEqual(failure({ kind: 'aborted' }))
  await expect.poll(() => b.store.state).toMatchObject({ kind: 'elsewhere', model: one })
  await b.store.useHere()
  expect(await other).toMatchObject({ ok: true })
})

test('an engine that is lost or could not load is free for others', async () => {
  const [a, b] = newTabs(2) as [Tab, Tab]
  await a.store.load(one, REQUEST)
  a.engine.onLost({ kind: 'device-lost', detail: 'reset' })
  expect(a.store.state).toMatchObject({ kind: 'failed', failure: { kind: 'device-lost' } })
  expect(await a.store.generate(ASK, () => undefined, never)).toMatchObject(failure({ kind: 'device-lost' }))
  expect(await b.store.load(two, REQUEST)).toMatchObject({ ok: true })
})

test('a frozen tab ends its worker, which could not unload', async () => {
  const { a, b, loading } = await loadedAndWaiting()
  a.sleeps = true
  const heard: string[] = []
  void a.store
    .generate(ASK, () => undefined, never)
    .then((reply) => {
      heard.push(reply.ok ? 'reply' : reply.failure.kind)
    })
  await b.store.useHere()
  expect(await loading).toMatchObject({ ok: true })
  expect(a.engine.calls).toEqual(['load', 'kill'])
  // Nothing is done with it before the page wakes up: its database stands still.
  expect(heard).toEqual([])
  a.wake()
  await expect.poll(() => heard).toEqual(['taken-over'])
})

test('a tab that was overruled while it slept unloads when it wakes', async () => {
  const [a, b] = newTabs(2, SILENCE_MS) as [Tab, Tab]
  await a.store.load(one, REQUEST)
  // As long as it sleeps it hears nothing.
  a.lock.close()
  void b.store.load(two, REQUEST)
  await expect.poll(() => kindOf(b)).toBe('elsewhere')
  await b.store.useHere()
  await expect.poll(() => kindOf(b)).toBe('ready')
  expect(a.store.state).toMatchObject({ kind: 'elsewhere', reason: 'taken' })
  expect(a.engine.calls).toEqual(['load', 'unload'])
})
