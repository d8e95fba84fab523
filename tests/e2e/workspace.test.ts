/** The workspace belongs to the user: everything out as one file, everything erased, everything back. */
import { fileURLToPath } from 'node:url'
import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { chooseFiles, openBenchmark, startSample, storedEvents, waitForFinish } from './benchmark'
import { keptOffline, openSite, visit, watchFaults, type Site } from './site'

const EXAM = fileURLToPath(new URL('../../public/datasets/formulary_en.json', import.meta.url))

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

/** Names of everything that the site keeps in this browser. */
function kept(page: Page): Promise<string[]> {
  return page.evaluate(async () => {
    const databases = (await indexedDB.databases()).map(({ name }) => `database ${name}`)
    const stores = (await caches.keys()).map((name) => `cache ${name}`)
    const workers = (await navigator.serviceWorker.getRegistrations()).map(({ scope }) => `worker ${scope}`)
    const root = await navigator.storage.getDirectory()
    const files: string[] = []
    for await (const name of (root as unknown as { keys(): AsyncIterable<string> }).keys())
      files.push(`file ${name}`)
    return [...databases, ...stores, ...workers, ...files, ...Object.keys(localStorage)]
  })
}

/** Without the picker, which no test can answer, a file comes as a download. */
async function withoutPicker(page: Page): Promise<void> {
  await page.addInitScript(() => Reflect.deleteProperty(window, 'showSaveFilePicker'))
  await page.reload()
}

async function openPrivacy(page: Page): Promise<void> {
  await page.goto(`${site.url}#/privacy`)
  await page.getByRole('heading', { level: 2, name: 'Your data' }).waitFor()
}

async function exportAll(page: Page): Promise<string> {
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Export everything' }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^somnus-workspace-\d{4}-\d\d-\d\d\.tar$/)
  return download.path()
}

async function choose(page: Page, path: string): Promise<void> {
  const buffer = await readFile(path)
  const chosen = { name: 'somnus-workspace-2026-11-22.tar', mimeType: 'application/x-tar', buffer }
  await page.getByLabel('Open an archive…').setInputFiles(chosen)
}

/** Its texts in their order, whatever of them is in sight. */
async function resultOf(page: Page, hash: string): Promise<string | null> {
  await page.goto(`${site.url}${hash}`)
  await page.getByRole('heading', { name: 'Accuracy', exact: true }).first().waitFor()
  // Computed in slices.
  const estimate = page.getByRole('region', { name: 'What the score says of more questions' })
  await estimate.getByRole('listitem').first().waitFor()
  // It comes last, and by itself.
  await page.getByRole('heading', { name: 'Ask a share again' }).waitFor()
  return page.locator('main').textContent()
}

test('a run and a conversation go into a file, are erased, and come back as they were', async () => {
  const { context, page, faults } = await visit(site, { serviceWorker: true })
  await keptOffline(page)
  await withoutPicker(page)
  await openBenchmark(page)
  await chooseFiles(page, EXAM)
  await startSample(page, 3)
  await waitForFinish(page, 60_000)
  await page.getByRole('link', { name: 'Chat', exact: true }).click()
  await page.getByRole('button', { name: 'Tell me about zorane.' }).click()
  await page
    .getByText(/tokens\/s/)
    .first()
    .waitFor()
  await page.getByRole('link', { name: 'Results', exact: true }).click()
  const link = page.locator('main a[href^="#/results/"]')
  const hash = (await link.first().getAttribute('href')) ?? ''
  const before = await resultOf(page, hash)
  const events = await storedEvents(page)

  await openPrivacy(page)
  const path = await exportAll(page)
  const second = await context.newPage()
  await second.goto(`${site.url}#/chat`)
  await second.getByText('zorane').first().waitFor()

  await page.getByRole('button', { name: 'Erase everything…' }).click()
  const confirm = page.getByRole('dialog').getByRole('button', { name: 'Erase everything', exact: true })
  expect(await confirm.isDisabled()).toBe(true)
  await page.getByRole('checkbox', { name: 'I want all of it to be erased' }).check()
  await confirm.click()
  await page.getByRole('heading', { name: /erased$/ }).waitFor()
  const told = await page.locator('main').innerText()
  expect(told).toContain('Everything was erased')
  await second.getByText('Somnus is being erased in another tab.').waitFor()
  expect(await kept(page)).toEqual([])
  await second.close()

  await page.getByRole('button', { name: 'Start Somnus afresh' }).click()
  await page.goto(`${site.url}#/results`)
  await page.getByText('No results yet').first().waitFor()
  await openPrivacy(page)
  await choose(page, path)
  await page.getByRole('heading', { name: /^What is in/ }).waitFor()
  const row = page.getByRole('row').filter({ hasText: 'Runs' })
  expect(await row.getByRole('cell').allInnerTexts()).toEqual(['1', '1', '0', '0', '0'])
  await page.getByRole('button', { name: 'Import', exact: true }).click()
  await page.getByText(/was imported$/).waitFor()
  expect(await storedEvents(page)).toEqual(events)
  await expect.poll(() => resultOf(page, hash)).toBe(before)
  await page.goto(`${site.url}#/chat`)
  await page.getByText('zorane').first().waitFor()
  expect(faults).toEqual([])
  await context.close()
})

test('a damaged archive and a busy tab are refused in words, and nothing changes', async () => {
  const { context, page } = await visit(site, { language: 'zh-CN', width: 360 })
  await withoutPicker(page)
  await page.goto(`${site.url}#/settings`)
  await page.getByRole('radio', { name: '深色' }).check()
  await page.goto(`${site.url}#/privacy`)
  const label = '打开归档…'
  const wrong = { name: 'a.tar', mimeType: 'application/x-tar', buffer: Buffer.from('no archive') }
  await page.getByLabel(label).setInputFiles(wrong)
  await page.getByText('它不是 Somnus 的工作区归档，或者不完整。').waitFor()
  await page.getByText('已存储的数据没有任何改动。').waitFor()

  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: '导出全部' }).click(),
  ])
  const buffer = await readFile(await download.path())
  await page.getByLabel(label).setInputFiles({ name: 'b.tar', mimeType: 'application/x-tar', buffer })
  const other = await context.newPage()
  const faults = watchFaults(site, other)
  await other.goto(site.url)
  await other.evaluate(() => {
    void navigator.locks.request('somnus/measuring', () => new Promise(() => undefined))
  })
  await page.getByRole('button', { name: '导入', exact: true }).click()
  await page.getByText('本标签页或另一个标签页正在评测').waitFor()
  expect(faults).toEqual([])
  const width = await page.evaluate(() => document.documentElement.scrollWidth)
  expect(width).toBeLessThanOrEqual(360)
  await context.close()
})
