/** The copy of the site for offline use, and newer versions of it: offered, checked, and never a trap. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { parseSums } from '#core/site/build'
import { chromiumArgs, findChromium } from '../../scripts/chromium.mjs'
import { chooseFiles, openBenchmark, startSample, storedEvents } from './benchmark'
import { launchKillable, type KillableBrowser } from './killable-browser'
import { pacedEngine } from './paced-engine'
import { SiteVersions, type Fault } from './site-versions'
import { keptOffline } from './site'

const GGUF = 'public/models/formulary.gguf'
const ENGLISH_EXAM = 'public/datasets/formulary_en.json'

/** Installations take seconds; a busy machine may take this long. */
const PATIENCE_MS = 60_000

/** Starts the app, and says which version it is. */
const starting = (version: string) => (entry: string) =>
  `import '${entry}'; document.documentElement.dataset.version = '${version}'`

let site: SiteVersions
let browser: Browser
let context: BrowserContext

beforeAll(async () => {
  browser = await chromium.launch({ executablePath: findChromium() ?? '', args: chromiumArgs })
})
afterAll(() => browser.close())
beforeEach(async () => {
  context = await browser.newContext({ locale: 'en-US', reducedMotion: 'reduce' })
  context.setDefaultTimeout(PATIENCE_MS)
})
afterEach(async () => {
  await context.close()
  await site.close()
})

async function openTab(hash = ''): Promise<Page> {
  const page = await context.newPage()
  await page.goto(site.url + hash)
  return page
}

/** A tab with the page that tells about versions, whose copy of the site is whole. */
async function openVersions(): Promise<Page> {
  const page = await openTab('#/privacy')
  await page.getByText('Ready for offline use').waitFor()
  await keptOffline(page)
  return page
}

const update = (page: Page) => page.getByRole('button', { name: 'Update now' }).click()
const version = (page: Page) => page.evaluate(() => document.documentElement.dataset.version)
const shows = (page: Page, text: string) => page.getByText(text, { exact: false }).first().waitFor()
const onVersion = (page: Page, name: string) => page.locator(`html[data-version="${name}"] main h1`).waitFor()

const answers = async (page: Page) =>
  (await storedEvents(page)).filter(({ kind }) => kind === 'answered').length
const answersAbove = (page: Page, least: number) =>
  expect.poll(() => answers(page), { timeout: 30_000, interval: 200 }).toBeGreaterThan(least)

/** One for each kept build, and one for the note of which is in use. */
const siteCaches = (page: Page) =>
  page.evaluate(async () => (await caches.keys()).filter((name) => name.startsWith('somnus-site-')))

/** Every file of the kept build, as a page gets it: its hash, and whether it comes with its policy. */
function keptFiles(page: Page): Promise<{ sums: string; got: Record<string, string>; bare: string[] }> {
  return page.evaluate(async () => {
    const sums = await (await fetch('SHA256SUMS')).text()
    const got: Record<string, string> = {}
    const bare: string[] = []
    for (const path of sums.trimEnd().split('\n')) {
      const name = path.slice(66)
      // The browser's own, and the hosts'.
      if (['sw.js', '_headers', '.nojekyll'].includes(name)) continue
      const response = await fetch(name)
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', await response.arrayBuffer()))
      got[name] = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('')
      if (!response.headers.get('content-security-policy')) bare.push(name)
    }
    return { sums, got, bare }
  })
}

test('after one visit a killed browser without a network has every file, both languages and a stored model', async () => {
  site = await SiteVersions.open()
  const profile = mkdtempSync(join(tmpdir(), 'somnus-offline-'))
  let killable: KillableBrowser | undefined
  try {
    killable = await launchKillable(profile)
    let { page } = killable
    await page.goto(`${site.url}#/models`)
    await page.locator('input[accept=".gguf,.tar"]').setInputFiles(GGUF)
    const dialog = page.getByRole('dialog', { name: 'Add this model?' })
    await dialog.getByLabel('Name').fill('Brought along')
    await dialog.getByRole('button', { name: 'Import' }).click()
    await page.getByText(/^Complete, checked/).waitFor()
    await keptOffline(page)
    await killable.kill()
    await site.goOffline()

    killable = await launchKillable(profile)
    page = killable.page
    await page.goto(`${site.url}#/models`)
    await page.getByRole('button', { name: 'Load Brought along' }).click()
    await page.getByText('Loaded', { exact: true }).waitFor()
    expect(await page.evaluate(() => crossOriginIsolated)).toBe(true)
    await page.getByRole('button', { name: '中文' }).click()
    await page.getByRole('heading', { level: 1, name: '模型' }).waitFor()

    const { sums, got, bare } = await keptFiles(page)
    const listed = new Map(parseSums(sums)?.map(({ path, sha256 }) => [path, sha256]))
    expect(Object.keys(got).length).toBeGreaterThan(50)
    for (const [path, hash] of Object.entries(got)) expect(hash, path).toBe(listed.get(path))
    expect(bare).toEqual([])
    // The imported weights lie in the private file system alone.
    expect(await siteCaches(page)).toHaveLength(2)
    const { caches: bytes } = await page.evaluate(
      async () => ((await navigator.storage.estimate()) as { usageDetails: { caches: number } }).usageDetails,
    )
    expect(bytes).toBeLessThan(folderBytes(listed.keys()) * 1.05)
  } finally {
    await killable?.kill()
    rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  }
})

function folderBytes(paths: Iterable<string>): number {
  return [...paths].reduce((sum, path) => sum + readFileSync(join('dist', path)).length, 0)
}

test('a newer version is offered, waits for a run in another tab, and then every tab gets it', async () => {
  site = await SiteVersions.open()
  const working = await openVersions()
  const engine = await pacedEngine(working)
  await engine.holdAfter({ requests: 1, tokens: 1, repliesOnly: true })
  await openBenchmark(working)
  await chooseFiles(working, ENGLISH_EXAM)
  await startSample(working, 8)
  await answersAbove(working, 0)

  // More tabs than a version that does not start is given.
  const idle = await Promise.all([openTab(), openTab()])
  site.publish('two', starting('two'))
  const other = await openTab()
  await shows(other, 'A newer version of Somnus is ready.')
  expect(await version(other)).toBeUndefined()
  await other.getByRole('button', { name: 'Update', exact: true }).click()
  await shows(other, 'Somnus will update as soon as the work under way has ended.')
  const before = await answers(working)
  await engine.holdAfter({ requests: 1, tokens: 1, repliesOnly: true })
  await answersAbove(working, before)
  expect(await version(other)).toBeUndefined()

  await working.getByRole('button', { name: /^Pause/ }).click()
  await engine.letGo()
  await Promise.all([working, other, ...idle].map((page) => onVersion(page, 'two')))
  await working.getByRole('button', { name: /^Resume/ }).waitFor()
  // Only the new build is left, with the note of what is served.
  await expect.poll(() => siteCaches(other), { timeout: PATIENCE_MS }).toHaveLength(2)
})

/** Looks for a newer version, as browsers do from time to time. */
const seek = (page: Page) =>
  page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready
    await registration.update().catch(() => undefined)
  })

test('a full disk keeps nothing, says so, and has it all once there is room', async () => {
  site = await SiteVersions.open({ withoutEngines: true })
  const page = await context.newPage()
  const browserOf = await context.newCDPSession(page)
  const { origin } = new URL(site.url)
  await browserOf.send('Storage.overrideQuotaForOrigin', { origin, quotaSize: 1_000_000 })
  await page.goto(`${site.url}#/privacy`)
  await shows(page, 'The browser did not store the files')
  await expect.poll(() => siteCaches(page)).toEqual([])
  await browserOf.send('Storage.overrideQuotaForOrigin', { origin })
  await page.getByRole('button', { name: 'Try again' }).click()
  await shows(page, 'Ready for offline use')
})

test('what does not come whole changes nothing, what does not start gives way, and nobody is left behind', async () => {
  site = await SiteVersions.open({ withoutEngines: true })
  const page = await openVersions()
  const reasons: Partial<Record<Fault, string>> = {
    changed: 'What came as assets/start-bad-changed.js is not the file',
    missing: 'answered with error 404 for assets/start-bad-missing.js',
    cut: 'the connection broke off (at assets/start-bad-cut.js)',
  }
  for (const [fault, reason] of Object.entries(reasons) as [Fault, string][]) {
    site.publish(`bad-${fault}`, starting('bad'))
    site.faults.set(`assets/start-bad-${fault}`, fault)
    await seek(page)
    await shows(page, 'A newer version could not be fetched; this one keeps working')
    await shows(page, reason)
  }
  site.faults.clear()
  // A service worker that is no script: the browser refuses it.
  site.overwrite('bad-cut', 'sw.js', 'this is no script')
  await page.getByRole('button', { name: 'Look for a newer version' }).click()
  await shows(page, 'The version that you have keeps working.')
  await page.reload()
  await shows(page, 'Ready for offline use')
  expect(await version(page)).toBeUndefined()

  // Where the browser's storage fails, the host has the page still.
  const [worker] = context.serviceWorkers()
  await worker!.evaluate(() => {
    caches.match = () => Promise.reject(new Error('The storage is damaged.'))
  })
  await page.reload()
  await page.getByRole('heading', { level: 1, name: 'Privacy and data' }).waitFor()
  await worker!.evaluate(() => Reflect.deleteProperty(caches, 'match'))

  site.publish('broken', () => `document.documentElement.dataset.version = 'broken'; throw new Error('no')`)
  await seek(page)
  await update(page)
  await page.locator('html[data-version="broken"]').waitFor()
  await page.reload()
  await page.locator('html[data-version="broken"]').waitFor()
  await page.reload()
  await shows(page, 'The newer version did not start here')
  expect(await version(page)).toBeUndefined()

  site.publish('mended', starting('mended'))
  await seek(page)
  await update(page)
  await onVersion(page, 'mended')
  await shows(page, 'Ready for offline use')

  // A version older than what is stored cannot open it, and gets a newer one all the same.
  await page.evaluate(() => void indexedDB.open('somnus', 1_000))
  await shows(page, 'A newer version of Somnus was opened in another tab')
  site.publish('newest', starting('newest'))
  await page.reload()
  await shows(page, 'What is stored here is of a newer version')
  await page.getByRole('button', { name: 'Get the newest version' }).click()
  await onVersion(page, 'newest')
})
