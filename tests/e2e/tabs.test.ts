/** Several tabs, one engine; tabs in the background; tabs that are closed, frozen or killed. */
import { fileURLToPath } from 'node:url'
import type { CDPSession, Page } from 'playwright'
import { preview, type PreviewServer } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import {
  chooseFiles,
  expectEachAnsweredOnce,
  openBenchmark,
  startSample,
  storedEvents,
  waitForFinish,
} from './benchmark'
import { readCsv } from '../unit/export/read-csv'
import { dripUntil, pacedEngine, type PacedEngine } from './paced-engine'
import { openRealTabs, type RealTabs } from './real-tabs'

const ENGLISH_EXAM = fileURLToPath(new URL('../../public/datasets/formulary_en.json', import.meta.url))

let server: PreviewServer
let url: string
let tabs: RealTabs

beforeAll(async () => {
  server = await preview({ logLevel: 'warn', preview: { port: 0, host: '127.0.0.1' } })
  url = server.resolvedUrls!.local[0]!
})
afterAll(() => server.close())
beforeEach(async () => {
  tabs = await openRealTabs()
})
afterEach(() => tabs.close())

async function openTab(page = 'models'): Promise<Page> {
  const tab = await tabs.context.newPage()
  await tab.goto(`${url}#/${page}`)
  return tab
}

const loaded = (tab: Page) => tab.getByText('Loaded.', { exact: true })
const taken = (tab: Page) => tab.getByText('Another tab has taken over the engine.', { exact: false }).first()
const loadBuiltIn = (tab: Page) => tab.getByRole('button', { name: 'Load Formulary' }).click()

async function answered(page: Page): Promise<number> {
  return (await storedEvents(page)).filter(({ kind }) => kind === 'answered').length
}

/**
 * Freezes the tab of `session`. Browsers freeze no page in the middle of a database transaction, which would lock
 * the other tabs out; the protocol does, so that is undone and tried again.
 */
async function freezeBetweenTransactions(session: CDPSession, other: Page): Promise<void> {
  await expect
    .poll(
      async () => {
        await session.send('Page.setWebLifecycleState', { state: 'frozen' })
        const free = await other.evaluate(canWrite)
        if (!free) await session.send('Page.setWebLifecycleState', { state: 'active' })
        return free
      },
      { timeout: 60_000, interval: 50 },
    )
    .toBe(true)
}

/** In a page: whether a transaction over all stores gets its turn. */
function canWrite(): Promise<boolean> {
  const PATIENCE_MS = 2_000
  return new Promise((resolve) => {
    setTimeout(() => resolve(false), PATIENCE_MS)
    const opening = indexedDB.open('somnus')
    opening.onsuccess = () => {
      const database = opening.result
      const transaction = database.transaction([...database.objectStoreNames], 'readwrite')
      transaction.oncomplete = () => {
        database.close()
        resolve(true)
      }
      transaction.objectStore('preferences').get('')
    }
  })
}

/** A run that is held at its third question. */
async function startRun(tab: Page, size: number): Promise<PacedEngine> {
  const engine = await pacedEngine(tab)
  await engine.holdAfter({ requests: 2, tokens: 1, repliesOnly: true })
  await openBenchmark(tab)
  await chooseFiles(tab, ENGLISH_EXAM)
  await startSample(tab, size)
  await expect.poll(() => answered(tab), { timeout: 60_000, interval: 100 }).toBe(2)
  return engine
}

test('a second tab says who has the engine, takes it over, and the first can take it back', async () => {
  const first = await openTab()
  await loadBuiltIn(first)
  await loaded(first).waitFor()

  const second = await openTab()
  await loadBuiltIn(second)
  const answer = second.getByText('Another tab has “Formulary” loaded', { exact: false })
  await answer.waitFor()
  // The button that was pressed lies far below.
  await expect.poll(async () => (await answer.boundingBox())?.y).toBeGreaterThanOrEqual(0)
  expect(await loaded(second).count()).toBe(0)
  await second.getByRole('button', { name: 'Use it here' }).click()
  await loaded(second).waitFor()

  await first.bringToFront()
  await taken(first).waitFor()
  expect(await loaded(first).count()).toBe(0)
  await first.getByRole('button', { name: 'Take it back' }).click()
  await loaded(first).waitFor()
  await second.bringToFront()
  await taken(second).waitFor()
})

test('taking over pauses a benchmark with its reason; nothing is lost, and it goes on', async () => {
  const SIZE = 12
  const first = await openTab('benchmark')
  const engine = await startRun(first, SIZE)

  const second = await openTab()
  await loadBuiltIn(second)
  await second.getByText('A benchmark is running there.', { exact: false }).waitFor()
  await second.getByRole('button', { name: 'Use it here' }).click()
  // The request under way ends with its next token.
  await dripUntil(() => loaded(second).isVisible(), engine, { everyMs: 100, timeout: 60_000 })
  await engine.letGo()

  await first.bringToFront()
  await first.getByText('Paused: another tab has taken over the engine.').waitFor()
  await taken(first).waitFor()
  expect(await answered(first)).toBeLessThan(SIZE)
  // Resuming needs the engine: the tab asks for it, and goes on by itself once it has it.
  await first.getByRole('button', { name: /^Resume/ }).click()
  await first.getByRole('button', { name: 'Use it here' }).click()
  await waitForFinish(first, 120_000)
  expectEachAnsweredOnce(await storedEvents(first), SIZE)
})

test.each(['closed', 'crashed'])('a tab that is %s frees the engine for one that waits', async (how) => {
  const first = await openTab()
  await loadBuiltIn(first)
  await loaded(first).waitFor()
  const second = await openTab()
  await loadBuiltIn(second)
  await second.getByText('Another tab has “Formulary” loaded', { exact: false }).waitFor()
  if (how === 'closed') await first.close()
  else {
    const session = await tabs.context.newCDPSession(first)
    void session.send('Page.crash').catch(() => undefined)
  }
  await loaded(second).waitFor()
})

test('a frozen tab is overruled, with its benchmark, and gives way when it wakes', async () => {
  const SIZE = 8
  const frozen = await openTab('benchmark')
  const engine = await startRun(frozen, SIZE)
  const second = await openTab()
  const session = await tabs.context.newCDPSession(frozen)
  await freezeBetweenTransactions(session, second)

  await loadBuiltIn(second)
  await second.getByRole('button', { name: 'Use it here' }).click()
  await loaded(second).waitFor()
  await openBenchmark(second)
  await second.getByRole('button', { name: /^Resume/ }).click()
  await waitForFinish(second, 120_000)

  await session.send('Page.setWebLifecycleState', { state: 'active' })
  await frozen.bringToFront()
  await engine.letGo()
  await taken(frozen).waitFor()
  expectEachAnsweredOnce(await storedEvents(second), SIZE)
})

test('a run goes on in the background; its throttled answers are marked in data, results and export', async () => {
  const SIZE = 8
  const tab = await openTab('benchmark')
  const engine = await startRun(tab, SIZE)
  const other = await openTab('home')
  await expect.poll(() => tab.evaluate(() => document.visibilityState)).toBe('hidden')
  await engine.letGo()
  await expect.poll(() => answered(other), { timeout: 60_000, interval: 100 }).toBe(SIZE)
  await tab.bringToFront()
  await waitForFinish(tab, 120_000)

  const marks = (await storedEvents(tab)).flatMap(({ answer }) => (answer ? [answer.hidden] : []))
  expect(marks).toEqual(Array.from({ length: SIZE }, (_, index) => index >= 2))

  await tab.getByRole('link', { name: 'See the result' }).click()
  await tab.getByText('The tab was hidden; these timings may be too slow.').waitFor()
  const csv = await exportedCsv(tab)
  const [names = [], ...rows] = readCsv(csv)
  const column = names.indexOf('in_background')
  expect(rows.map((cells) => cells[column])).toEqual(marks.map(String))
})

/** The file that the page hands to the browser. */
async function exportedCsv(tab: Page): Promise<string> {
  await tab.evaluate(() => {
    const create = URL.createObjectURL.bind(URL)
    URL.createObjectURL = (file: Blob) => {
      Object.assign(globalThis, { exported: file })
      return create(file)
    }
  })
  await tab.getByRole('button', { name: /CSV/ }).first().click()
  await tab.waitForFunction(() => 'exported' in globalThis)
  return tab.evaluate(() => (globalThis as unknown as { exported: Blob }).exported.text())
}
