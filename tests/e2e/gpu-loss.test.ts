/**
 * A GPU process that really crashes and GPU memory that really runs out, on Chromium's software adapter. The model
 * is stood in for (`gpu/worker.ts`); `npm run test:webgpu` loses the device under a real one.
 */
import { fileURLToPath } from 'node:url'
import { svelte } from '@sveltejs/vite-plugin-svelte'
import { chromium, type Browser, type Page } from 'playwright'
import { createServer, type ViteDevServer } from 'vite'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { chromiumArgs, findChromium } from '../../scripts/chromium.mjs'
import type { GpuTest } from './gpu/page'

declare const gpuTest: GpuTest

/** Not the graphics of the computer that runs this: it is somebody's screen. */
const SOFTWARE_GPU = ['--enable-unsafe-webgpu', '--use-webgpu-adapter=swiftshader']

let server: ViteDevServer
let browser: Browser
let page: Page

beforeAll(async () => {
  server = await createServer({
    configFile: false,
    root: fileURLToPath(new URL('../..', import.meta.url)),
    logLevel: 'error',
    appType: 'custom',
    plugins: [svelte()],
    server: { port: 0, host: '127.0.0.1', hmr: false },
    optimizeDeps: { noDiscovery: true, include: [] },
  })
  server.middlewares.use('/gpu-test', (_request, response) => {
    response.setHeader('content-type', 'text/html')
    response.end('<!doctype html><script type="module" src="/tests/e2e/gpu/page.ts"></script>')
  })
  await server.listen()
})
afterAll(() => server.close())

// A browser for each test: after three crashes within minutes Chromium gives no GPU any more.
beforeEach(async (context) => {
  const executablePath = findChromium()
  browser = await chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [...chromiumArgs, ...SOFTWARE_GPU],
  })
  page = await browser.newPage()
  await page.goto(`${server.resolvedUrls?.local[0]}gpu-test`)
  await page.waitForFunction(() => 'gpuTest' in globalThis)
  const adapter = await page.evaluate(async () => (await navigator.gpu?.requestAdapter())?.info.architecture)
  if (adapter !== 'swiftshader') context.skip('This browser has no software WebGPU.')
})
afterEach(() => browser.close())

async function crashGpuProcess(): Promise<void> {
  const session = await browser.newBrowserCDPSession()
  await session.send('Browser.crashGpuProcess')
}

const load = (id: string) => page.evaluate((model) => gpuTest.load(model), id)
const ask = (question: string) => page.evaluate((asked) => gpuTest.ask(asked), question)
const state = () => page.evaluate(() => gpuTest.state())
const ends = () => page.evaluate(() => [...gpuTest.ends])

const engineWorkers = () =>
  page.evaluate(async () => {
    const { held = [] } = await navigator.locks.query()
    return held.filter(({ name }) => name?.startsWith('somnus-engine-')).length
  })

const LOST = { kind: 'device-lost', detail: expect.any(String) as string }
const FULL = { kind: 'out-of-memory', detail: expect.any(String) as string }

test('a GPU process that crashes while nothing is asked is noticed at once; the model loads again', async () => {
  expect(await load('model')).toMatchObject({ ok: true })
  expect(await ask('two words')).toMatchObject({ ok: true, value: { completionTokens: 2 } })
  await crashGpuProcess()
  await expect.poll(state).toMatchObject({ kind: 'failed', failure: LOST })
  expect(await ask('two words')).toMatchObject({ ok: false, failure: LOST })
  expect(await load('model')).toMatchObject({ ok: true })
  expect(await ask('two words')).toMatchObject({ ok: true })
})

test.each(['endless', 'hang'])('a crash ends a request under way (%s)', async (question) => {
  await load('model')
  const reply = ask(question)
  if (question === 'endless') await page.waitForFunction(() => gpuTest.words > 2)
  await crashGpuProcess()
  expect(await reply).toMatchObject({ ok: false, failure: LOST })
  expect(await state()).toMatchObject({ kind: 'failed', failure: LOST })
})

test('a crash ends a load under way', async () => {
  const loading = load('endless')
  await page.waitForFunction(() => gpuTest.opened === 1)
  await crashGpuProcess()
  expect(await loading).toMatchObject({ ok: false, failure: LOST })
})

test.each(['too-large', 'beyond-limits'])(
  'memory that runs out while loading is told as that, and the device is given back (%s)',
  async (id) => {
    expect(await load(id)).toMatchObject({ ok: false, failure: FULL })
    expect(await state()).toMatchObject({ kind: 'failed', failure: FULL })
    await expect.poll(ends).toEqual(['destroyed'])
    expect(await load('model')).toMatchObject({ ok: true })
  },
)

test('memory that runs out during a request is told as that', async () => {
  await load('model')
  expect(await ask('too-much')).toMatchObject({ ok: false, failure: FULL })
  expect(await state()).toMatchObject({ kind: 'failed', failure: FULL })
})

test('nothing stays on the GPU after a new load, a load that was given up, or an unload', async () => {
  await load('model')
  await load('other')
  await expect.poll(ends).toEqual(['destroyed'])
  const given = load('endless')
  await expect.poll(ends).toHaveLength(2)
  await page.waitForFunction(() => gpuTest.opened === 3)
  await page.evaluate(() => gpuTest.stop.abort())
  expect(await given).toMatchObject({ ok: false, failure: { kind: 'aborted' } })
  await expect.poll(ends).toHaveLength(3)
  await load('model')
  await page.evaluate(() => gpuTest.store.unload())
  // With its worker every device ends.
  await expect.poll(engineWorkers).toBe(0)
})

test('a browser that gives no GPU any more after crashes says so', async () => {
  for (let crash = 0; crash < 3; crash += 1) {
    await crashGpuProcess()
    await page.waitForTimeout(1_000)
    await page.evaluate(() => navigator.gpu.requestAdapter())
  }
  await expect
    .poll(() => load('model'))
    .toMatchObject({ ok: false, failure: { kind: 'webgpu-unavailable', reason: 'no-adapter' } })
})
