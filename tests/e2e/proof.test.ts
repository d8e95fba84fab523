/** What the app says of itself, seen from outside: a proxy around the browser, and a server that waits for canaries. */
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { PrivacyReport } from '#core/privacy/report'
import { storedEvents, waitForFinish } from './benchmark'
import { openBareSite, openCanaryServer, type CanaryServer } from './canary-server'
import { openProxy, type LoggingProxy } from './logging-proxy'
import { openSite, visit, type Site } from './site'

/** `npm run prove`: the whole demo. Its first answers are asked for in the same way as all. */
const WHOLE_DEMO = process.env.SOMNUS_PROVE === '1'
const SOME_ANSWERS = 3
const DEMO_LIMIT_MS = 400_000
const TEST_LIMIT_MS = 60_000

/** Hosts with ports that the proxy lets through. */
const open = new Set<string>()

let site: Site
let proxy: LoggingProxy
let canaries: CanaryServer

beforeAll(async () => {
  canaries = await openCanaryServer()
  proxy = await openProxy((host) => open.has(host))
  site = await openSite(proxy.browserArgs)
  for (const { url } of [site, canaries]) open.add(new URL(url).host)
})
afterAll(async () => {
  await site.close()
  proxy.close()
  canaries.close()
})

/**
 * Chromium asks these for itself: updates, its own sign-in, and how to fill in fields. No page can prevent that (see
 * docs/privacy-check.md), and none of the app's addresses are at them.
 */
const BROWSERS_OWN = [
  'update.googleapis.com',
  'update.googleapis.com:443',
  'accounts.google.com:443',
  'content-autofill.googleapis.com:443',
]

/** Other hosts than the site's that the browser asked the proxy for. */
function asked(): string[] {
  const known = [new URL(site.url).host, ...BROWSERS_OWN]
  return [...new Set(proxy.log.map((line) => hostOf(line)))].filter((host) => !known.includes(host))
}

function hostOf(line: string): string {
  const [, address = ''] = line.split(' ')
  return address.includes('://') ? new URL(address).host : address
}

async function underServiceWorker(page: Page): Promise<void> {
  await page.waitForFunction(() => navigator.serviceWorker.controller !== null, null, {
    timeout: TEST_LIMIT_MS,
  })
  await page.goto(`${site.url}#/privacy`)
  await page.reload()
}

async function runSelfTest(page: Page, target?: string): Promise<PrivacyReport> {
  if (target) await page.getByLabel('Address of your own logging server (optional)').fill(target)
  await page.getByRole('button', { name: 'Run the self-test' }).click()
  await page.getByRole('button', { name: 'Run it again' }).waitFor({ timeout: TEST_LIMIT_MS })
  const downloading = page.waitForEvent('download')
  await page.getByRole('button', { name: 'Save as JSON' }).click()
  return JSON.parse(await readFile(await (await downloading).path(), 'utf8')) as PrivacyReport
}

/** The canaries by what became of them, as "realm/id". */
function verdicts({ selfTest }: PrivacyReport) {
  const of = (wanted: (verdict: NonNullable<typeof selfTest>['canaries'][number]['verdict']) => boolean) =>
    (selfTest?.canaries ?? [])
      .filter(({ verdict }) => wanted(verdict))
      .map(({ realm, id }) => `${realm}/${id}`)
      .sort()
  return {
    refused: of(({ kind }) => kind === 'refused'),
    unproven: of(({ kind }) => kind === 'unproven'),
    through: of((verdict) => verdict.kind === 'through' && !verdict.byDesign),
    byDesign: of((verdict) => verdict.kind === 'through' && verdict.byDesign),
    untestable: of(({ kind }) => kind === 'untestable'),
  }
}

/** The ways out that a service worker sees. */
const SEEN = /^download-worker\/(fetch|keepalive|xhr|eventsource|blob-worker)$/

/** What no page can try without leaving or ending itself, or gets no word of. */
const UNTESTABLE = ['page/preconnect', 'page/webrtc-frame', 'page/window-open', 'page/worklet']

/** Requests to Somnus's own host that hold a text, which its log would hold then. */
const CARRIERS: readonly [string, string][] = [
  ['POST', './?a-text'],
  ['GET', 'a-text'],
  ['GET', 'assets/%ff?a-text'],
  ['GET', 'sw.js?a-text'],
  ['HEAD', 'index.html?a-text'],
]

/** What becomes of each, tried by the page; a beacon besides, whose fate no page is told. */
function carry(page: Page): Promise<string[]> {
  return page.evaluate((carriers) => {
    navigator.sendBeacon('./?a-text-in-a-beacon')
    const outcomes = carriers.map(([method, url]) =>
      fetch(url, { method }).then(
        () => 'sent',
        () => 'refused',
      ),
    )
    return Promise.all(outcomes)
  }, CARRIERS)
}

test(
  'locked: run, chat and self-test ask no other host, and every canary is refused',
  async () => {
    const { context, page } = await visit(site, { serviceWorker: true })
    await underServiceWorker(page)
    await page.getByRole('button', { name: 'Lock Somnus' }).click()
    await page.getByText('Somnus is locked').waitFor()
    await page.reload()
    await page.getByText('In force', { exact: true }).waitFor()

    await page.goto(`${site.url}#/`)
    await page.getByRole('button', { name: 'Run the demo' }).click()
    if (WHOLE_DEMO) await waitForFinish(page, DEMO_LIMIT_MS)
    else {
      await expect
        .poll(async () => (await storedEvents(page)).filter(({ kind }) => kind === 'answered').length, {
          timeout: TEST_LIMIT_MS,
        })
        .toBeGreaterThan(SOME_ANSWERS)
      await page.reload()
    }

    await page.goto(`${site.url}#/chat`)
    const load = page.getByRole('button', { name: 'Load the built-in model' })
    const question = page.getByRole('button', { name: 'Tell me about zorane.' })
    await load.or(question).waitFor()
    if (await load.isVisible()) await load.click()
    await question.click()
    await page
      .getByText(/tokens\/s/)
      .first()
      .waitFor()

    await page.goto(`${site.url}#/privacy`)
    // With https, so that the proxy is told of every connection, even one that is made in advance and never used.
    const report = await runSelfTest(page, canaries.url.replace('http:', 'https:'))
    const found = verdicts(report)
    expect(found).toMatchObject({ unproven: [], through: [], byDesign: [], untestable: UNTESTABLE })
    expect(found.refused).toHaveLength(51)
    expect(report.lock).toEqual({ locked: true, hosts: [], inForce: true })
    expect(report.app.buildHash).toMatch(/^[0-9a-f]{64}$/)
    expect(report.ledger.books).toEqual([])
    // From outside: nobody but the site was asked, by name or by number.
    expect(asked()).toEqual([])
    expect([...canaries.reached]).toEqual([])
    expect(await carry(page)).toEqual(CARRIERS.map(() => 'refused'))
    expect(await page.evaluate(() => fetch('index.html?a-text').then(({ ok }) => ok))).toBe(true)
    expect(proxy.log.filter((line) => line.includes('a-text'))).toEqual([])
    await context.close()
  },
  WHOLE_DEMO ? DEMO_LIMIT_MS + TEST_LIMIT_MS : TEST_LIMIT_MS * 2,
)

test(
  'open: only download workers reach a chosen host, and both books hold what was let out',
  async () => {
    const { context, page } = await visit(site, { serviceWorker: true })
    await underServiceWorker(page)
    const chosen = canaries.url
    await page.getByText('Add a host').click()
    await page.getByLabel('Address of the host').fill(chosen)
    await page.getByRole('button', { name: 'Add', exact: true }).click()
    await page.getByText('In force', { exact: true }).waitFor()

    const report = await runSelfTest(page, chosen)
    const found = verdicts(report)
    expect(found.through).toEqual([])
    expect(found.byDesign.filter((name) => !name.startsWith('download-worker/'))).toEqual(['page/navigation'])
    expect(found.byDesign).toContain('download-worker/fetch')
    expect(asked()).toEqual([new URL(chosen).host])
    expect([...canaries.reached].filter((name) => !name.startsWith('download-worker/'))).toEqual([])
    const [book, ...more] = report.ledger.books
    expect(more).toEqual([])
    expect(book).toMatchObject({ host: new URL(chosen).host, verdict: 'same' })
    expect(book?.seen).toBe(found.byDesign.filter((name) => SEEN.test(name)).length)
    await context.close()
  },
  TEST_LIMIT_MS * 2,
)

describe('without policies and without a service worker', () => {
  test(
    'the same self-test goes red, and the server sees what it says',
    async () => {
      const bare = await openBareSite('dist')
      open.add(new URL(bare.url).host)
      const context = await site.browser.newContext()
      const page = await context.newPage()
      canaries.reached.clear()
      await page.goto(`${bare.url}#/privacy`)
      const found = verdicts(await runSelfTest(page, canaries.url))
      const through = [...found.through, ...found.byDesign]
      expect(through).toEqual(
        expect.arrayContaining(
          [
            ...['fetch', 'keepalive', 'xhr', 'websocket', 'eventsource', 'import', 'blob-worker', 'beacon'],
            ...['image', 'css-image', 'stylesheet', 'css-import', 'script', 'inline-script', 'prefetch'],
            ...['frame', 'form', 'webrtc-frame', 'worklet', 'navigation'],
          ].map((id) => `page/${id}`),
        ),
      )
      expect(through).toContain('engine-worker/fetch')
      // The page's word is worth something: what it calls through did arrive.
      for (const id of ['fetch', 'xhr', 'websocket', 'image', 'css-import', 'script', 'form', 'beacon'])
        expect([...canaries.reached]).toContain(`page/${id}`)
      await context.close()
      bare.close()
    },
    TEST_LIMIT_MS * 2,
  )
})
