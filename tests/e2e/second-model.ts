/** A second model for work that takes two, and what such tests do on their pages. */
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { readStored } from '../../scripts/kills/scenario'

/** A load and some passes take a second; a busy machine may take this long. */
export const PATIENCE_MS = 60_000

/** Imports the built-in model with one byte of its name changed as "Second": the same answers under another fingerprint. */
export async function importSecondModel(page: Page, url: string, folder: string): Promise<void> {
  const bytes = readFileSync('public/models/formulary.gguf')
  bytes.write('Second formulary', bytes.indexOf('Somnus formulary'), 'latin1')
  const path = join(folder, 'second.gguf')
  writeFileSync(path, bytes)
  await page.goto(`${url}#/models`)
  await page.locator('input[accept=".gguf,.tar"]').setInputFiles(path)
  await page.getByRole('dialog').getByLabel('Name').fill('Second')
  await page.getByRole('dialog').getByRole('button', { name: 'Import' }).click()
  await page.getByText(/^Complete, checked/).waitFor({ timeout: PATIENCE_MS })
}

export async function chooseModel(page: Page, label: string, model: string): Promise<void> {
  const field = page.getByLabel(label, { exact: true })
  const value = await field.locator('option', { hasText: model }).first().getAttribute('value')
  await field.selectOption(value ?? '')
}

/** Of the only study that there is. */
export async function storedEvents<Event>(page: Page): Promise<Event[]> {
  return ((await readStored(page))['studyEvents'] ?? []).map(({ value }) => value as Event)
}

/** What the page hands to the browser's download when the button is pressed. */
export async function savedText(page: Page, button: string): Promise<string> {
  await page.evaluate(() => {
    const create = URL.createObjectURL.bind(URL)
    URL.createObjectURL = (file: Blob) => {
      void file.text().then((text) => Object.assign(globalThis, { saved: text }))
      return create(file)
    }
  })
  await page.getByRole('button', { name: button }).click()
  await page.waitForFunction(() => 'saved' in globalThis)
  return page.evaluate(() => (globalThis as unknown as { saved: string }).saved)
}
