import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { RunExport } from '#core/export/run-export'
import { chooseFiles, openBenchmark, startSample, waitForFinish } from './benchmark'
import { openSite, visit, type Site } from './site'

const ENGLISH_EXAM = fileURLToPath(new URL('../../public/datasets/formulary_en.json', import.meta.url))
const SIZE = 8

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

async function openResult(page: Page): Promise<void> {
  await page.getByRole('link', { name: 'See the result' }).first().click()
  await page.getByRole('heading', { name: 'Verify this run' }).waitFor()
}

/** Opens a file on the Results page. */
async function openFile(page: Page, name: string, text: string): Promise<void> {
  await page.getByRole('link', { name: 'Results', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Results' }).waitFor()
  await page
    .locator('input[type=file]')
    .setInputFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) })
}

async function verify(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  await page.getByText('Verified with Somnus').waitFor()
}

async function storeExam(page: Page): Promise<void> {
  await openBenchmark(page)
  await chooseFiles(page, ENGLISH_EXAM)
  await page.getByRole('button', { name: /^Start: / }).waitFor()
}

/** A run over a sample, ended; the export of its result page with all questions. */
async function exportedRun(page: Page): Promise<string> {
  await waitForFinish(page, 120_000)
  await page.getByRole('link', { name: 'See the result' }).first().click()
  await page.getByRole('heading', { name: 'Verify this run' }).waitFor()
  return download(page, 'Receipt (JSON)')
}

test('a run is exported, verified by someone else, and a share of it asked again without a flip', async () => {
  const maker = await visit(site)
  await storeExam(maker.page)
  await startSample(maker.page, SIZE)
  const text = await exportedRun(maker.page)
  expect(maker.faults).toEqual([])
  await maker.context.close()

  const { context, page, faults } = await visit(site)
  await openFile(page, 'other.csv', 'position,item_id\n')
  await page.getByText('“other.csv” cannot be opened').waitFor()
  await openFile(page, 'run.json', text)
  await page.getByText('was imported.').waitFor()
  await openResult(page)
  await page.getByText('Imported', { exact: true }).waitFor()
  await verify(page)
  // The dataset is not here: what needs it is not passed in silence.
  await page.getByText('Nothing is wrong in what was checked; 3 checks could not be made.').waitFor()

  await storeExam(page)
  await openFile(page, 'run.json', text)
  await page.getByText('This file was imported before').waitFor()
  await openResult(page)
  await verify(page)
  await page.getByText('Everything checked is as it should be.').waitFor()
  const found = JSON.parse(await download(page, 'Save what was found')) as { checks: { outcome: string }[] }
  expect(new Set(found.checks.map(({ outcome }) => outcome))).toEqual(new Set(['passed']))

  await page.getByLabel('Items', { exact: true }).fill('5')
  await page.keyboard.press('Enter')
  await waitForFinish(page, 120_000)
  await page.getByRole('link', { name: 'See the result' }).first().click()
  const card = page.getByRole('region', { name: 'Asked again' })
  await card.getByText('0 of 5 letters changed').waitFor()
  await card.getByText('5 of 5 replies are the same to the character.').waitFor()

  const edited = text.replace(/"officialLetter":"[A-Z]"/, '"officialLetter":"Z"')
  await openFile(page, 'edited.json', edited)
  await page.getByText('The file does not hold together', { exact: false }).waitFor()
  await openResult(page)
  await verify(page)
  await page.getByText('this run is not what it says', { exact: false }).waitFor()
  expect(faults).toEqual([])
  await context.close()
})

test('a run is split over two machines by a plan file, and its parts merged are the whole', async () => {
  const { context, page, faults } = await visit(site)
  await storeExam(page)
  await startSample(page, SIZE)
  const whole = JSON.parse(await exportedRun(page)) as RunExport
  await openBenchmark(page)
  await page.getByText('Several machines').click()
  await page.getByLabel('This machine asks only a part of the questions').check()
  await page.getByRole('button', { name: /^Start: 4 questions/ }).click()
  await exportedRun(page)
  const plan = await download(page, 'Save the plan for other machines')

  const other = await visit(site)
  await openFile(other.page, 'plan.json', plan)
  const dialog = other.page.getByRole('dialog')
  await dialog.getByText('is not stored here', { exact: false }).waitFor()
  await other.page.keyboard.press('Escape')
  await storeExam(other.page)
  await openFile(other.page, 'plan.json', plan)
  await dialog.getByLabel('Part of this machine').selectOption('2')
  await dialog.getByRole('button', { name: 'Start this part' }).click()
  const part = await exportedRun(other.page)
  expect(other.faults).toEqual([])
  await other.context.close()

  await openFile(page, 'part-2.json', part)
  await page.getByText('was imported.').waitFor()
  const boxes = page.getByRole('checkbox', { name: /^Compare “/ })
  await boxes.nth(1).check()
  await boxes.nth(2).check()
  await page.getByRole('button', { name: 'Merge', exact: true }).click()
  await page.getByText('These runs do not belong together').waitFor()
  await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click()
  await boxes.nth(2).uncheck()
  await boxes.nth(0).check()
  await page.getByRole('button', { name: 'Merge', exact: true }).click()
  await page.getByText('Merged from 2 of 2 parts').waitFor()
  await page.getByRole('heading', { name: 'Verify this run' }).waitFor()
  await verify(page)
  await page.getByText('Everything checked is as it should be.').waitFor()

  const merged = JSON.parse(await download(page, 'Receipt (JSON)')) as RunExport
  expect(merged.tables.accuracy).toEqual(whole.tables.accuracy)
  expect(merged.plan.askedSha256).toBe(whole.plan.askedSha256)
  expect(merged.plan.itemIndexes).toEqual(whole.plan.itemIndexes)
  const said = ({ answers }: RunExport) => answers.map(({ position, item, reply }) => [position, item, reply])
  expect(said(merged)).toEqual(said(whole))
  expect(merged.state).toEqual({ kind: 'finished' })
  expect(faults).toEqual([])
  await context.close()
})
