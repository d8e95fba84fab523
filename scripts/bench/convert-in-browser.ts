/** A checkpoint of gigabytes through the Models page of the built app: how fast, and how much memory the tab takes. */
import type { Page } from 'playwright'
import type { Stores } from '#app/stores'
import type { Quantization } from '#core/convert/quantization'
import { english as en } from '#i18n/english'
import { openApp, serveSite } from '../served-site'
import { descendants } from './process-memory'

export interface BrowserConversion {
  quantization: Quantization
  /** Of the checkpoint's tensors, from the press of the button to the notice at the end. */
  megabytesPerSecond: number
  /** The most that the tab's process ever had resident, its workers included. Null where nothing tells. */
  tabPeakMB: number | null
}

const LIMIT_MS = 15 * 60_000
type Scope = typeof globalThis & { somnusStores: Stores }

/** In a browser of its own: a process never tells less than it once had. */
export async function convertInBrowser(
  folder: string,
  checkpoint: { folder: string; bytes: number },
  quantization: Quantization,
  browser: string | undefined,
): Promise<BrowserConversion> {
  const site = await serveSite({ folder, browser })
  try {
    const page = await openApp(site)
    await page.getByRole('link', { name: en.common.pages.models, exact: true }).first().click()
    await page.locator(`input[aria-label="${en.store.chooseFolder}"]`).setInputFiles(checkpoint.folder)
    const dialog = page.getByRole('dialog', { name: en.store.convertTitle })
    await orAlert(page, dialog)
    await dialog.getByLabel(en.store.convertQuantization).selectOption(quantization)
    await dialog.getByLabel(en.store.reviewName).fill('Bench')
    const began = performance.now()
    await dialog.getByRole('button', { name: en.store.convert, exact: true }).click()
    await orAlert(page, page.getByText(en.store.converted('Bench')))
    const seconds = (performance.now() - began) / 1000
    const tabPeakMB = tabPeak()
    await removeModels(page)
    return { quantization, megabytesPerSecond: checkpoint.bytes / 1e6 / seconds, tabPeakMB }
  } finally {
    await site.close()
  }
}

/** Waits for what is expected; what is said in its place becomes an error. */
async function orAlert(page: Page, expected: ReturnType<Page['getByText']>): Promise<void> {
  const alert = page.getByRole('alert')
  await expected.or(alert).first().waitFor({ timeout: LIMIT_MS })
  if (!(await expected.isVisible())) throw new Error(await alert.first().innerText())
}

/** Of the largest renderer: the others are spare ones. */
function tabPeak(): number | null {
  const renderers = descendants()?.filter(({ command }) => command.includes('--type=renderer'))
  return renderers && renderers.length > 0 ? Math.max(...renderers.map(({ peakMB }) => peakMB)) : null
}

async function removeModels(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const { modelStore } = (globalThis as Scope).somnusStores
    for (const { id } of modelStore.models) await modelStore.remove(id)
  })
}
