import { afterEach, describe, expect, it, vi } from 'vitest'
import { render } from 'vitest-browser-svelte'
import { page } from 'vitest/browser'
import catalogJson from '../../models.json'
import type { Stores } from '#app/stores'
import { parseCatalog } from '#core/catalog'
import { bestModel } from '#core/catalog/best-model'
import type { DeviceCapabilities } from '#core/catalog/device'
import { Locale, type Language } from '#i18n/locale.svelte'
import '#ui/theme.css'
import { DESKTOP, SAFARI_18, withGpu, withLimits, withoutGpu } from '../fixtures/device'
import { axeViolations } from './axe-violations'
import DeviceHarness from './DeviceHarness.svelte'

const parsed = parseCatalog(catalogJson)
const models = parsed.ok ? parsed.value.models : []

async function open(device: DeviceCapabilities | null, language: Language = 'en') {
  const stores = {
    locale: new Locale(language),
    models: { device, proposal: device && bestModel(models, device) },
    engine: { state: { kind: 'idle' } },
    numerics: () => Promise.resolve({ correctsKernel: true }),
  } as Partial<Record<keyof Stores, unknown>> as unknown as Stores
  await render(DeviceHarness, { stores, modelIds: models.map(({ id }) => id) })
}

const shown = (text: string | RegExp) => expect.element(page.getByText(text).first()).toBeVisible()

afterEach(() => {
  vi.restoreAllMocks()
  delete document.documentElement.dataset.theme
})

describe('the card of this computer', () => {
  it('says that it measures until it has measured', async () => {
    await open(null)
    await shown('Looking at what this computer can do…')
  })

  it('proposes the best model and goes to its card', async () => {
    await open(DESKTOP)
    await shown(/^Qwen2\.5-7B-Instruct \(q4f16_1, on the graphics unit\) is the largest model/)
    await page.getByRole('button', { name: 'Show Qwen2.5-7B-Instruct' }).click()
    await expect.poll(() => document.activeElement?.id).toBe('model-qwen2.5-7b-instruct')
  })

  it('says why there is no WebGPU, what to do, and offers the processor', async () => {
    await open({ ...withoutGpu('no-api'), browser: { family: 'firefox', version: 140, system: 'windows' } })
    await shown('This browser does not offer WebGPU.')
    await shown(/^Update Firefox: WebGPU came with version 141/)
    await shown(/^Qwen2\.5-1\.5B-Instruct \(Q4_K_M, on the processor\)/)
  })

  it.each([
    ['an insecure address', withoutGpu('insecure-origin'), /address that begins with https/],
    ['a refused driver', withoutGpu('no-adapter'), /^Update the graphics driver/],
    [
      'software rendering',
      {
        ...DESKTOP,
        webgpu: { kind: 'unavailable', reason: 'no-adapter', webgl: 'software' } as const,
      },
      /^Switch on “Use graphics acceleration when available”/,
    ],
    [
      'a policy',
      { ...DESKTOP, webgpu: { kind: 'unavailable', reason: 'no-adapter', webgl: 'none' } as const },
      /ask your IT department/,
    ],
  ])('advises on %s', async (_, device, advice) => {
    await open(device)
    await shown(advice)
  })

  it('says that the compatible build runs, more slowly', async () => {
    await open(SAFARI_18)
    await shown(/runs in its compatible build, more slowly/)
    await shown(/^Nothing larger than the demonstration runs fluently here\. Qwen2\.5-0\.5B/)
  })

  it('says when a graphics unit was found that models cannot use', async () => {
    await open(withLimits({ maxComputeWorkgroupStorageSize: 16_384 }))
    await shown('found, but models cannot use it')
  })

  it('says that WebGPU is emulated, and how to reach the graphics unit', async () => {
    await open(withGpu({ software: true }))
    await shown('The graphics unit is not used: WebGPU is emulated on the processor')
    await shown(/^Switch on “Use graphics acceleration when available”/)
  })

  it('says which of two graphics units is used', async () => {
    await open(withGpu({ adapter: 'nvidia ampere', lowPowerAdapter: 'intel xe' }))
    await shown(/^This computer has two graphics units\. nvidia ampere is used/)
  })

  it('shows storage, and the limits when they are asked for', async () => {
    await open(DESKTOP)
    await shown('1 GB used of 100 GB')
    await shown(/^protected: the browser does not clear it/)
    await expect.element(page.getByText('Storage buffers per shader')).not.toBeVisible()
    await page.getByText('Technical limits').click()
    await shown('Storage buffers per shader')
    await shown('chrome 156 (windows)')
  })

  it('copies the report', async () => {
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
    await open(DESKTOP)
    await page.getByRole('button', { name: 'Copy report' }).click()
    await shown('Copied.')
    expect(write.mock.calls[0]?.[0]).toContain('adapter: apple metal-3\n')
  })

  it('shows the report where copying is not allowed', async () => {
    vi.spyOn(navigator.clipboard, 'writeText').mockRejectedValue(new DOMException('no', 'NotAllowedError'))
    await open(DESKTOP)
    await page.getByRole('button', { name: 'Copy report' }).click()
    await expect
      .element(page.getByRole('textbox', { name: 'Device report' }))
      .toHaveValue(expect.stringContaining('shader-f16: true') as string)
    expect(await axeViolations()).toEqual([])
  })

  describe.each([
    ['en', 'light', 360],
    ['zh', 'dark', 360],
    ['en', 'dark', 1280],
    ['zh', 'light', 1280],
  ] as const)('in %s, %s, %i px', (language, theme, width) => {
    it.each([
      ['a good computer', withGpu({ lowPowerAdapter: 'intel xe' })],
      ['no WebGPU', SAFARI_18],
    ])('passes axe and fits on %s', async (_, device) => {
      document.documentElement.dataset.theme = theme
      await page.viewport(width, 800)
      await open(device, language)
      document.querySelector('details')?.setAttribute('open', '')
      expect(await axeViolations()).toEqual([])
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
    })
  })
})
