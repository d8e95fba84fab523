/** A page of the installed browser that holds a model of ours in wllama. */
import { createReadStream, existsSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { chromium } from 'playwright'
import type { Page } from 'playwright'
import { NO_BROWSER, chromiumArgs, findChromium } from '../chromium.mjs'

const PAGE = '<!doctype html><title>measure</title><script type="module" src="page.js"></script>'
const TYPES: Record<string, string> = { js: 'text/javascript', wasm: 'application/wasm' }

function serve(model: string): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    const path = request.url ?? '/'
    const file =
      { '/model.gguf': model, '/page.js': 'scripts/toy-model/measure-page.js' }[path] ??
      path.replace('/wllama/', 'node_modules/@wllama/wllama/esm/')
    if (path === '/') response.setHeader('content-type', 'text/html').end(PAGE)
    else if (!existsSync(file)) response.writeHead(404).end()
    else {
      response.setHeader('content-type', TYPES[path.split('.').at(-1) ?? ''] ?? 'application/octet-stream')
      createReadStream(file).pipe(response)
    }
  })
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      resolve({ url: `http://localhost:${port}/`, close: () => server.close() })
    })
  })
}

/** Calls one of the functions of measure-page.js. */
export async function call<Value>(page: Page, name: string, ...parameters: unknown[]): Promise<Value> {
  return (await page.evaluate(
    ([target, values]) =>
      (globalThis as unknown as { measured: Record<string, (...values: unknown[]) => unknown> }).measured[
        target
      ]?.(...values),
    [name, parameters] as const,
  )) as Value
}

/** Opens the page with the model file loaded. */
export async function openPage(model: string): Promise<{ page: Page; close: () => Promise<void> }> {
  const executablePath = findChromium()
  if (!executablePath) throw new Error(NO_BROWSER)
  const server = await serve(model)
  const browser = await chromium.launch({ executablePath, args: chromiumArgs })
  const close = async () => {
    await browser.close()
    server.close()
  }
  try {
    const page = await browser.newPage()
    page.on('pageerror', (error) => console.error(error.message))
    await page.goto(server.url)
    await page.waitForFunction('globalThis.measured')
    await call(page, 'load', '/model.gguf')
    return { page, close }
  } catch (error) {
    await close()
    throw error
  }
}
