/** Several tabs' parts played in one page: Web Locks and channels treat two objects as they treat two tabs. */
import { afterEach, expect, test } from 'vitest'
import { BrowserEngineLock, ENGINE_LOCK, type EngineHolder, type EngineLockOptions } from '#data/engine-lock'
import { BrowserRunLocks } from '#data/run-lock'
import type { RunId } from '#core/run/types'

const HOLDER: EngineHolder = { model: 'One', since: 5, measuring: true }
/** For tabs that shall be overruled. */
const QUICK = { answerMs: 100, yieldMs: 1_000, handoverMs: 50 }
/** For tabs that shall be heard, however busy the machine is. */
const PATIENT = { answerMs: 1_000, yieldMs: 30_000 }

let tabs: BrowserEngineLock[] = []

function newTab(options: EngineLockOptions = {}): BrowserEngineLock & { log: string[] } {
  const lock = new BrowserEngineLock(navigator.locks, { ...QUICK, ...options })
  const tab = Object.assign(lock, { log: [] as string[] })
  tab.describe = () => HOLDER
  tab.onAsked = () => Promise.resolve(void tab.log.push('asked'))
  tab.onLost = () => tab.log.push('lost')
  tabs.push(tab)
  return tab
}

async function isFree(): Promise<boolean> {
  const { held = [] } = await navigator.locks.query()
  return held.every(({ name }) => name !== ENGINE_LOCK)
}

afterEach(async () => {
  await Promise.all(tabs.map((tab) => tab.release()))
  tabs.forEach((tab) => tab.close())
  tabs = []
  expect(await isFree()).toBe(true)
})

test('one tab at a time has the engine, and says so when asked', async () => {
  const [one, two] = [newTab(), newTab(PATIENT)]
  expect(await one.tryAcquire()).toBe(true)
  expect(await one.tryAcquire()).toBe(true)
  expect(await two.tryAcquire()).toBe(false)
  await expect.poll(() => two.whoHolds()).toEqual(HOLDER)
  await one.release()
  expect(one.held).toBe(false)
  expect(await two.tryAcquire()).toBe(true)
})

test('is not held any more from the moment that it is given back', async () => {
  const one = newTab()
  await one.tryAcquire()
  const released = one.release()
  expect(one.held).toBe(false)
  expect(await one.tryAcquire()).toBe(true)
  await released
})

test('a tab that is asked unloads first, then the other has the engine, and no third one in between', async () => {
  const [one, two, third] = [newTab(), newTab(PATIENT), newTab()]
  await one.tryAcquire()
  let unload: () => void = () => undefined
  one.onAsked = () => new Promise<void>((resolve) => (unload = resolve))
  const taken = two.takeOver()
  await expect.poll(() => one.held).toBe(false)
  // Longer than a tab may take to answer: it has answered, and is unloading.
  await new Promise((resolve) => setTimeout(resolve, 1.2 * PATIENT.answerMs))
  expect(two.held).toBe(false)
  expect(await third.tryAcquire()).toBe(false)
  unload()
  await taken
  expect(two.held).toBe(true)
  expect(await third.tryAcquire()).toBe(false)
  expect(one.log).toEqual([])
})

test('a tab that does not answer is overruled, and learns of it', async () => {
  const [frozen, two] = [newTab(), newTab()]
  await frozen.tryAcquire()
  frozen.close()
  await two.takeOver()
  expect(two.held).toBe(true)
  expect(frozen.held).toBe(false)
  expect(frozen.log).toEqual(['lost'])
})

test('a tab that answers but does not end its work is overruled in the end', async () => {
  const [stuck, two] = [newTab(), newTab()]
  await stuck.tryAcquire()
  stuck.onAsked = () => new Promise(() => undefined)
  await two.takeOver()
  expect(two.held).toBe(true)
})

test.each(['does not answer', 'is frozen'])('with a tab that %s, its run is freed too', async (how) => {
  const run = 'frozen-run' as RunId
  const locks = new BrowserRunLocks(navigator.locks)
  const measured = await locks.acquire(run)
  const [frozen, two] = [newTab({ asleep: () => true }), newTab()]
  await frozen.tryAcquire()
  if (how === 'does not answer') frozen.close()
  expect(await locks.acquire(run)).toMatchObject({ kind: 'busy' })
  await two.takeOver()
  const again = await locks.acquire(run)
  expect(again.kind).toBe('held')
  // The tab that woke up frees what it does not have any more.
  if (measured.kind === 'held') await measured.release()
  expect(await locks.heldRuns()).toEqual([run])
  if (again.kind === 'held') await again.release()
})

test('an engine that nobody has is taken without asking', async () => {
  const one = newTab()
  await one.takeOver()
  expect(one.held).toBe(true)
})

test('a tab that was asked for the engine by one that is gone gives it back after a while', async () => {
  const [one, two, third] = [newTab(), newTab(), newTab()]
  await one.tryAcquire()
  const channel = new BroadcastChannel('somnus-engine')
  channel.postMessage({ kind: 'take-over', token: 'gone' })
  await expect.poll(() => one.log).toEqual(['asked'])
  await expect.poll(() => third.tryAcquire()).toBe(true)
  channel.close()
  expect(two.held).toBe(false)
})
