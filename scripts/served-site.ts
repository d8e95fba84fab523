/** The built app behind its own headers, with further files beside it, in a browser of its own. */
import { createReadStream, existsSync, mkdtempSync, rmSync, statSync } from 'node:fs'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import { extname, join, normalize } from 'node:path'
import { chromium, type BrowserContext, type Page } from 'playwright'
import { preview } from 'vite'
import { policyOf, siteHeaders } from '#core/privacy/policy'
import { chromiumArgs, findChromium, NO_BROWSER } from './chromium.mjs'

const TYPES: Record<string, string> = {
  '.html': 'text/html',
  '.js': 'text/javascript',
  '.json': 'application/json',
  '.wasm': 'application/wasm',
}

/** Most that the app may need until its first page. */
const START_LIMIT_MS = 30_000

/** Answers an address below `prefix`, or leaves it to the app. */
export interface Route {
  prefix: string
  /** `path` is what follows the prefix. */
  answer(path: string, request: IncomingMessage, response: ServerResponse): void
}

export interface ServedSite {
  /** Ends with "/". */
  url: string
  context: BrowserContext
  close(): Promise<void>
}

export interface SiteOptions {
  /** The built app. */
  folder: string
  routes?: readonly Route[]
  /** The executable of a browser; by default an installed one. */
  browser?: string | undefined
  browserArgs?: readonly string[]
  /** With a window: some systems give a browser without one no GPU. */
  headed?: boolean
}

/** Serves the site and opens a browser with an empty profile. */
export async function serveSite({
  folder,
  routes = [],
  browser = findChromium(),
  browserArgs = [],
  headed = false,
}: SiteOptions): Promise<ServedSite> {
  if (!browser) throw new Error(NO_BROWSER)
  const server = await preview({
    logLevel: 'warn',
    build: { outDir: folder },
    preview: { port: 0, host: '127.0.0.1' },
    plugins: [
      {
        name: 'beside-the-site',
        configurePreviewServer: ({ middlewares }) => {
          middlewares.use((request: IncomingMessage, response: ServerResponse, next: () => void) => {
            const { pathname } = new URL(request.url ?? '/', 'http://localhost')
            const route = routes.find(({ prefix }) => pathname.startsWith(prefix))
            if (!route) return next()
            for (const [name, value] of Object.entries(siteHeaders)) response.setHeader(name, value)
            response.setHeader('Content-Security-Policy', policyOf(pathname.slice(1), 'any-host'))
            route.answer(decodeURIComponent(pathname.slice(route.prefix.length)), request, response)
          })
        },
      },
    ],
  })
  const url = server.resolvedUrls?.local[0]
  if (!url) throw new Error('The preview server has no address.')
  const profile = mkdtempSync(join(tmpdir(), 'somnus-profile-'))
  const context = await chromium.launchPersistentContext(profile, {
    executablePath: browser,
    headless: !headed,
    locale: 'en-US',
    serviceWorkers: 'block',
    args: [...chromiumArgs, '--disable-background-timer-throttling', ...browserArgs],
  })
  return {
    url,
    context,
    async close() {
      await context.close()
      await server.close()
      rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
    },
  }
}

/** Sends files of a folder; other addresses below the prefix are not found. */
export function filesRoute(prefix: string, folder: string): Route {
  return {
    prefix,
    answer: (path, _request, response) => sendFile(join(folder, normalize(`/${path}`)), response),
  }
}

export function sendFile(file: string, response: ServerResponse): void {
  if (!existsSync(file) || !statSync(file).isFile()) {
    response.writeHead(404).end()
    return
  }
  response.writeHead(200, {
    'content-type': TYPES[extname(file)] ?? 'application/octet-stream',
    'content-length': statSync(file).size,
  })
  createReadStream(file).pipe(response)
}

/** A page of the app that has its stores as `somnusStores`; what goes wrong in it is said on standard error. */
export async function openApp({ context, url }: ServedSite): Promise<Page> {
  const page = await context.newPage()
  page.setDefaultTimeout(0)
  page.on('pageerror', (error) => console.error(`page: ${error.stack ?? error.message}`))
  page.on('console', (message) => {
    if (message.type() === 'error') console.error(`page: ${message.text()}`)
  })
  await page.goto(`${url}?evaluate`)
  await page.waitForFunction(() => 'somnusStores' in globalThis, null, { timeout: START_LIMIT_MS })
  return page
}
