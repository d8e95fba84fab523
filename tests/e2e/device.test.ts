/** What the models page says of a computer, with WebGPU and without, and the CPU engine of other browsers. */
import type { Page } from 'playwright'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openSite, visit, type Site } from './site'

/** Run before the page's own scripts, or in front of the engine worker's. */
const WITHOUT_MEMORY64 = `{
  const { Memory } = WebAssembly
  WebAssembly.Memory = class extends Memory {
    constructor(descriptor) {
      if (descriptor.address === 'i64') throw new TypeError('no 64-bit addresses')
      super(descriptor)
    }
  }
  delete WebAssembly.Suspending
  delete WebAssembly.promising
}
`

async function openModels(page: Page): Promise<void> {
  await page.evaluate(() => (location.hash = '#/models'))
  await page.getByRole('heading', { name: 'This computer' }).waitFor()
}

const fact = (page: Page, label: string) =>
  page.locator('dt', { hasText: label }).locator('xpath=following-sibling::dd[1]').first().textContent()

describe('a browser with WebGPU', () => {
  let site: Site
  beforeAll(async () => {
    // SwiftShader's WebGPU, so that it is there without a graphics unit, too.
    site = await openSite(['--enable-unsafe-webgpu'])
  })
  afterAll(() => site.close())

  test('shows its adapter, and that a device opens with the limits of WebLLM', async () => {
    const { context, page, faults } = await visit(site)
    await openModels(page)
    await page.getByText('Technical limits').click()
    expect(await fact(page, 'Opening it as WebLLM does')).toBe('works')
    const limits = await page.evaluate(async () => {
      const adapter = await navigator.gpu.requestAdapter({ powerPreference: 'high-performance' })
      return {
        f16: adapter?.features.has('shader-f16'),
        stage: adapter?.limits.maxStorageBuffersPerShaderStage,
      }
    })
    expect(await fact(page, 'Storage buffers per shader')).toBe(String(limits.stage))
    expect(await fact(page, 'Half precision')).toMatch(limits.f16 ? /^available/ : /^not available/)
    const half = page.getByRole('radio', { name: /^q4f16_1/ }).first()
    expect(await half.isDisabled()).toBe(!limits.f16)
    expect(faults).toEqual([])
    await context.close()
  })
})

describe('a browser without WebGPU', () => {
  let site: Site
  beforeAll(async () => {
    site = await openSite()
  })
  afterAll(() => site.close())

  test('says why, and proposes a model for the processor', async () => {
    const { context, page } = await visit(site)
    await page.addInitScript(() =>
      Object.defineProperty(Navigator.prototype, 'gpu', { get: () => undefined, configurable: true }),
    )
    await page.reload()
    await openModels(page)
    await page.getByText('This browser does not offer WebGPU.').waitFor()
    await page.getByText(/\(Q4_K_M, on the processor\)|built-in demonstration/).waitFor()
    await context.close()
  })

  test('without 64-bit memory runs the compatible build, from this site alone', async () => {
    const { context, page, faults } = await visit(site)
    const fetched: string[] = []
    context.on('request', (request) => fetched.push(request.url()))
    await context.addInitScript(WITHOUT_MEMORY64)
    await context.route(/\/assets\/engine-[^/]*\.js$/, async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, body: WITHOUT_MEMORY64 + (await response.text()) })
    })
    await page.reload()
    await openModels(page)
    expect(await fact(page, 'CPU engine')).toMatch(/^runs in its compatible build/)
    await page.getByRole('button', { name: /Load.*Formulary/ }).click()
    await page.getByText('compatible build).').waitFor()
    const builds = fetched.filter((url) => /wllama-[^/]*\.wasm$/.test(url))
    expect(builds).toHaveLength(1)
    const bytes = Number((await page.request.head(builds[0]!)).headers()['content-length'])
    // The default build has 9 MB.
    expect(bytes).toBeGreaterThan(15e6)
    expect(faults).toEqual([])
    await context.close()
  })
})

describe('an address without encryption', () => {
  /** Not this computer by its name, so that browsers do not trust it. */
  const HOST = 'somnus.test'
  let site: Site
  beforeAll(async () => {
    site = await openSite([`--host-resolver-rules=MAP ${HOST} 127.0.0.1`])
  })
  afterAll(() => site.close())

  test('has no WebGPU and says so; the processor answers all the same', async () => {
    const { context, page } = await visit(site)
    const exceptions: string[] = []
    page.on('pageerror', ({ message }) => exceptions.push(message))
    await page.goto(site.url.replace('127.0.0.1', HOST))
    expect(await page.evaluate(() => isSecureContext)).toBe(false)
    await openModels(page)
    await page
      .getByText(/begins with https:\/\//)
      .first()
      .waitFor()
    await page.getByRole('button', { name: /Load.*Formulary/ }).click()
    await page.getByText(/Runs on CPU \(.*1 thread\)/).waitFor()
    expect(exceptions).toEqual([])
    await context.close()
  })
})
