/** What page, engine and download workers may reach, open and locked, and that the app never claims more than holds. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { BrowserContext, Page, Worker } from 'playwright'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import type { Stores } from '#app/stores'
import { chooseHost } from './choose-host'
import { keptOffline, openSite, watchFaults, type Site } from './site'

/** What `?evaluate` gives to scripts. */
declare const somnusStores: Stores

/** A host outside, and what it was asked for. */
interface Outside {
  url: string
  asked: string[]
  server: Server
}

let site: Site
let chosen: Outside
let other: Outside
let context: BrowserContext
let page: Page

beforeAll(async () => {
  site = await openSite()
  other = await openOutside()
  chosen = await openOutside(other.url)
  // One visitor: the first test is the first visit, which is when the service worker takes the site's files.
  context = await site.browser.newContext({ locale: 'en-US', reducedMotion: 'reduce' })
})
afterAll(async () => {
  await context.close()
  other.server.close()
  chosen.server.close()
  await site.close()
})
beforeEach(async () => {
  for (const { asked } of [chosen, other]) asked.length = 0
  page = await context.newPage()
})
afterEach(() => page.close())

/** Where there is an `elsewhere`, "/redirect…" leads to the same path there. */
async function openOutside(elsewhere = ''): Promise<Outside> {
  const asked: string[] = []
  const server = createServer((request, response) => {
    const path = request.url ?? ''
    asked.push(path)
    const cors = { 'access-control-allow-origin': '*' }
    if (elsewhere && path.startsWith('/redirect'))
      response.writeHead(302, { ...cors, location: elsewhere + path }).end()
    else response.writeHead(200, cors).end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, asked, server }
}

/** Before the page's own scripts: the service worker is registered when the test says so. */
function withholdServiceWorker(): void {
  const container = ServiceWorkerContainer.prototype as unknown as Record<
    'register',
    (this: ServiceWorkerContainer, ...address: unknown[]) => Promise<unknown>
  >
  const { register } = container
  const allowed = new Promise<void>((allow) => Object.assign(globalThis, { allowServiceWorker: allow }))
  container.register = async function (...address) {
    await allowed
    return register.apply(this, address)
  }
}

/** In a page or a worker: whether a request to another host is let out. */
function reach(url: string): Promise<'reached' | 'refused'> {
  return fetch(url).then(
    () => 'reached' as const,
    () => 'refused' as const,
  )
}

/** The newest worker whose address has this part. */
async function workerCalled(part: string): Promise<Worker> {
  const found = () => page.workers().findLast((worker) => worker.url().includes(part))
  return found() ?? page.waitForEvent('worker', (worker) => worker.url().includes(part))
}

/** Opens the app, so that the service worker answers for everything it loads. */
async function openControlled(hash = ''): Promise<void> {
  await page.goto(`${site.url}?evaluate`)
  await keptOffline(page)
  await page.goto(`${site.url}?evaluate${hash}`)
  if (hash) await page.reload()
  await page.waitForFunction(() => 'somnusStores' in globalThis)
}

const indicator = () => page.getByRole('banner').getByTitle('Privacy and data')

/** Looks at a model file as the page does when "Look" is pressed; gives the hosts that count as chosen then. */
function look(address: string): Promise<{ failure: string | null; hosts: readonly string[] }> {
  return page.evaluate(async (file) => {
    const { modelStore, privacy } = somnusStores
    const source = { address: file, libraryUrl: null, family: null, token: null }
    const found = await modelStore.look(source, () => undefined, new AbortController().signal)
    return { failure: found.ok ? null : found.failure.kind, hosts: privacy.hosts }
  }, address)
}

async function loadEngine(): Promise<Worker> {
  const engine = workerCalled('/assets/engine-')
  await page.getByRole('link', { name: 'Models', exact: true }).click()
  await page.getByRole('button', { name: 'Load Formulary' }).click()
  return engine
}

test('before the service worker is there, the host’s headers hold page and engine, and the app itself the downloads', async () => {
  await page.addInitScript(withholdServiceWorker)
  await page.goto(`${site.url}?evaluate#/models`)
  await page.waitForFunction(() => 'somnusStores' in globalThis)
  expect(await page.evaluate(() => navigator.serviceWorker.controller)).toBeNull()
  const redirect = await look(`${chosen.url}/redirect.gguf`)
  expect(redirect).toEqual({ failure: 'redirect-not-chosen', hosts: [chosen.url] })
  // Without a service worker a redirect is noticed when it was followed.
  expect(other.asked.splice(0)).toEqual(['/redirect.gguf'])
  expect(await page.evaluate(reach, `${other.url}/page`)).toBe('refused')
  expect(await (await loadEngine()).evaluate(reach, `${other.url}/engine`)).toBe('refused')
  expect(other.asked).toEqual([])

  // A worker that is older than the service worker's control goes on, and is held by it from then on.
  const downloads = await workerCalled('/downloads/models-')
  await page.evaluate('allowServiceWorker()')
  await keptOffline(page)
  expect(await downloads.evaluate(reach, `${chosen.url}/file`)).toBe('reached')
  expect(await downloads.evaluate(reach, `${other.url}/file`)).toBe('refused')
  expect(other.asked).toEqual([])
})

test('open, only the workers that download reach other hosts, and only those that were chosen', async () => {
  await openControlled()
  const faults = watchFaults(site, page)
  await chooseHost(page, chosen.url)
  expect(await indicator().textContent()).toContain('Open')

  await (await loadEngine()).evaluate(reach, `${chosen.url}/engine`)
  await page.evaluate(reach, `${chosen.url}/page`)
  expect(chosen.asked).toEqual([])

  const downloads = await workerCalled('/downloads/models-')
  expect(await downloads.evaluate(reach, `${chosen.url}/file`)).toBe('reached')
  expect(await downloads.evaluate(reach, `${other.url}/file`)).toBe('refused')
  expect(await downloads.evaluate(reach, `${chosen.url}/redirect`)).toBe('refused')
  expect(other.asked).toEqual([])

  expect(await look(`${chosen.url}/redirect.gguf`)).toMatchObject({ failure: 'redirect-not-chosen' })
  expect(other.asked).toEqual([])
  // Pressing "Look" on an address is choosing its host, which a worker of another policy then reaches.
  expect(await look(`${other.url}/model.gguf`)).toEqual({
    failure: 'file-invalid',
    hosts: [chosen.url, other.url],
  })
  expect(other.asked).toEqual(['/model.gguf'])
  // Other faults: the page's own attempt above, and that is all.
  expect(faults.filter((fault) => !/Content Security Policy|violates|request:/.test(fault))).toEqual([])
})

test('locked, nothing gets out, after a reload neither, and a reload past the service worker says so', async () => {
  await openControlled('#/models')
  expect(await look(`${chosen.url}/model.gguf`)).toMatchObject({ failure: 'file-invalid' })
  chosen.asked.length = 0
  const open = await workerCalled('/downloads/models-')
  await indicator().click()
  await page.getByRole('button', { name: 'Lock Somnus' }).click()
  await page.getByText('Somnus is locked', { exact: true }).waitFor()

  // The policy of this worker still names the host; the service worker refuses, unless the worker has ended by then.
  expect(await open.evaluate(reach, `${chosen.url}/late`).catch(() => 'refused')).toBe('refused')
  expect(await look(`${chosen.url}/model.gguf`)).toMatchObject({ failure: 'locked' })

  await page.reload()
  await page.getByRole('banner').getByText('Locked').waitFor()
  await page.getByText('In force', { exact: true }).waitFor()
  expect(await page.evaluate(() => 'RTCPeerConnection' in globalThis)).toBe(false)
  await (await loadEngine()).evaluate(reach, `${chosen.url}/engine`)
  await (await workerCalled('/downloads/models-')).evaluate(reach, `${chosen.url}/download`)
  await page.evaluate(reach, `${chosen.url}/page`)

  // Neither a link nor a script leads away, and the address can be copied.
  await page.evaluate((url) => {
    const link = Object.assign(document.createElement('a'), { href: `${url}/link`, textContent: 'Away' })
    document.querySelector('h1')!.after(link)
  }, chosen.url)
  await page.getByRole('link', { name: 'Away' }).click()
  await page.getByText(`links to other sites do not open: ${chosen.url}/link`).waitFor()
  await page.evaluate((url) => location.assign(`${url}/script`), chosen.url)
  await page.evaluate((url) => void window.open(`${url}/window`), chosen.url)
  expect(page.url()).toContain(site.url)
  expect(chosen.asked).toEqual([])

  const devtools = await context.newCDPSession(page)
  await devtools.send('Page.reload', { ignoreCache: true })
  await page.getByRole('banner').getByText('Not in force').waitFor()
  await indicator().click()
  await page.getByText('This page was loaded past the service worker').waitFor()
  await page.getByRole('button', { name: 'Reload the page' }).click()
  await page.getByRole('banner').getByText('Locked').waitFor()
  await page.getByRole('button', { name: 'Unlock Somnus' }).click()
  expect(await look(`${chosen.url}/model.gguf`)).toMatchObject({ failure: 'file-invalid' })
})
