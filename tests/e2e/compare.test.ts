import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { ComparisonExport } from '#core/export/comparison-export'
import { chooseFiles, openBenchmark, startSample, waitForFinish } from './benchmark'
import { openSite, visit, type Site } from './site'

const ENGLISH_EXAM = fileURLToPath(new URL('../../public/datasets/formulary_en.json', import.meta.url))

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

async function download(page: Page, button: string): Promise<string> {
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: button }).click(),
  ])
  return readFileSync(await file.path(), 'utf8')
}

test('two runs of the built-in model are compared, and the comparison is exported', async () => {
  const SIZE = 12
  const { context, page, faults } = await visit(site)
  await openBenchmark(page)
  await chooseFiles(page, ENGLISH_EXAM)
  await startSample(page, SIZE)
  await waitForFinish(page, 120_000)
  // Too few tokens to reach a letter: another run under another condition.
  await startSample(page, SIZE, 4)
  await waitForFinish(page, 120_000)

  await page.getByRole('link', { name: 'Results', exact: true }).click()
  const boxes = page.getByRole('checkbox', { name: /^Compare “/ })
  await boxes.nth(1).check()
  await boxes.nth(0).check()
  await page.getByRole('button', { name: 'Compare', exact: true }).click()
  await page.getByRole('heading', { name: 'Verdict' }).waitFor()
  expect(new URL(page.url()).hash).toMatch(/^#\/results\/compare\/[^/]+\/[^/]+$/)

  await page.getByText('Strict', { exact: true }).first().click()
  const card = page.getByRole('region', { name: 'Verdict' })
  await card.getByText(`${SIZE} common questions`, { exact: false }).waitFor()
  await card.getByText('One model under different conditions: decoding.').waitFor()
  await page.getByText('An exam score is not clinical safety').waitFor()
  await page.getByText('These runs did not use AnesBench', { exact: false }).waitFor()
  await page.getByText('greedy, at most 4 new tokens').waitFor()

  const json = JSON.parse(await download(page, 'JSON, complete')) as ComparisonExport
  expect(json.differing).toEqual(['decoding'])
  expect(json.items).toHaveLength(SIZE)
  const { onlyFirst, onlySecond, n } = json.strict?.pairs[0]?.groups.total ?? {
    onlyFirst: 0,
    onlySecond: 0,
    n: 0,
  }
  expect(n).toBe(SIZE)
  expect(onlySecond).toBe(0)
  expect(onlyFirst).toBeGreaterThan(0)
  const csv = await download(page, 'CSV, one row per question')
  expect(csv.trimEnd().split('\r\n')).toHaveLength(SIZE + 1)

  await page.getByRole('row').filter({ hasText: '✓' }).first().click()
  const dialog = page.getByRole('dialog')
  await dialog.getByRole('region').nth(1).waitFor()
  expect(await dialog.getByRole('region').count()).toBe(2)
  await page.keyboard.press('Escape')

  // The address alone brings the comparison back.
  await page.reload()
  await page.getByRole('heading', { name: 'Verdict' }).waitFor()
  expect(faults).toEqual([])
  await context.close()
})
