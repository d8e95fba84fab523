import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chooseFiles, openBenchmark, startSample, waitForFinish } from './benchmark'
import { openSite, visit, type Site } from './site'

const ENGLISH_EXAM = fileURLToPath(new URL('../../public/datasets/formulary_en.json', import.meta.url))

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

async function saved(page: Page, button: string): Promise<{ name: string; bytes: Buffer }> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ])
  return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) }
}

/** Width and height in the header chunk of a PNG. */
function pngSize(bytes: Buffer): [number, number] {
  expect(bytes.subarray(1, 4).toString()).toBe('PNG')
  return [bytes.readUInt32BE(16), bytes.readUInt32BE(20)]
}

test('pictures of a run are saved and printed under the policy of the built site', async () => {
  const { context, page, faults } = await visit(site, { colorScheme: 'dark' })
  await openBenchmark(page)
  await chooseFiles(page, ENGLISH_EXAM)
  await startSample(page, 12)
  await waitForFinish(page, 120_000)
  await page.getByRole('link', { name: 'Results', exact: true }).click()
  await page.locator('main h2 a').first().click()
  await page.getByRole('img', { name: 'Decoding speed over the answering time' }).waitFor()

  const png = await saved(page, 'Save as PNG: Accuracy by language and level')
  expect(png.name).toMatch(/^somnus-.*\.accuracy\.png$/)
  const [width, height] = pngSize(png.bytes)
  expect(width).toBe(1600)
  expect(height).toBeGreaterThan(400)
  expect(png.bytes.length).toBeGreaterThan(20_000)

  const svg = await saved(page, 'Save as SVG: Decoding speed over the answering time')
  expect(svg.name).toMatch(/^somnus-.*\.speed\.svg$/)
  expect(svg.bytes.toString()).toContain('12 answers')
  expect(svg.bytes.toString()).not.toMatch(/var\(|class=|style=/)

  // On paper: black on white, though the page is dark, and without buttons.
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  const ink = () =>
    page
      .getByRole('img', { name: 'Accuracy by language and level' })
      .locator('text')
      .first()
      .evaluate((text) => getComputedStyle(text).fill)
  await expect.poll(ink).toMatch(/^rgb\((0, 0, 0|51, 51, 51)\)$/)
  expect(await page.getByRole('button', { name: /^Save as/ }).count()).toBe(0)
  expect(faults).toEqual([])
  await context.close()
})
