/** The built site, served with its own headers, and a browser to visit it with. */
import { chromium, type Browser, type BrowserContext, type Page } from 'playwright'
import { preview, type PreviewServer } from 'vite'
import { chromiumArgs, findChromium } from '../../scripts/chromium.mjs'

export interface Site {
  url: string
  browser: Browser
  close(): Promise<void>
}

/** `browserArgs` are added to those that every test's browser gets. */
export async function openSite(browserArgs: readonly string[] = []): Promise<Site> {
  const server: PreviewServer = await preview({
    logLevel: 'warn',
    // A name that tests give to this computer (see device.test).
    preview: { port: 0, host: '127.0.0.1', allowedHosts: ['somnus.test'] },
  })
  const url = server.resolvedUrls?.local[0]
  if (!url) throw new Error('The preview server has no address.')
  const executablePath = findChromium()
  const browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [...chromiumArgs, ...browserArgs],
  })
  return {
    url,
    browser,
    async close() {
      await browser.close()
      await server.close()
    },
  }
}

export interface Visit {
  context: BrowserContext
  page: Page
  /** Console errors, uncaught exceptions and requests that left the site. */
  faults: string[]
}

export interface VisitOptions {
  language?: 'en-US' | 'zh-CN'
  width?: number
  height?: number
  colorScheme?: 'light' | 'dark'
  /** Lets the service worker keep all files, as users have it; costs about a second for each visitor. */
  serviceWorker?: boolean
}

/** A fresh visitor: empty storage. */
export async function visit(site: Site, options: VisitOptions = {}): Promise<Visit> {
  const context = await site.browser.newContext({
    locale: options.language ?? 'en-US',
    viewport: { width: options.width ?? 1280, height: options.height ?? 800 },
    colorScheme: options.colorScheme ?? 'light',
    reducedMotion: 'reduce',
    serviceWorkers: options.serviceWorker ? 'allow' : 'block',
  })
  const page = await context.newPage()
  const faults = watchFaults(site, page)
  await page.goto(site.url)
  return { context, page, faults }
}

/** Collects what must not happen on a page; expect it to stay empty. */
export function watchFaults(site: Pick<Site, 'url'>, page: Page): string[] {
  const faults: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error') faults.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`exception: ${error.message}`))
  page.on('request', (request) => {
    const url = request.url()
    if (!url.startsWith(site.url) && !/^(blob|data):/.test(url)) faults.push(`request: ${url}`)
  })
  return faults
}

/** Resolves once the site is kept for offline use and the page gets its files from there. */
export async function keptOffline(page: Page): Promise<void> {
  await page.evaluate(async () => {
    await navigator.serviceWorker.ready
    while (!navigator.serviceWorker.controller) await new Promise((resolve) => setTimeout(resolve, 50))
  })
}
