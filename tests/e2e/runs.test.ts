import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  chooseFiles,
  expectEachAnsweredOnce,
  jsonFile,
  openBenchmark,
  row,
  startSample,
  storedEvents,
  waitForFinish,
} from './benchmark'
import { pacedEngine } from './paced-engine'
import { openSite, visit, watchFaults, type Site } from './site'

const ENGLISH_EXAM = fileURLToPath(new URL('../../public/datasets/formulary_en.json', import.meta.url))
const REAL_QUESTIONS = fileURLToPath(
  new URL('../../../shared/data/medmcqa-anaesthesia-34.json', import.meta.url),
)

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

async function answered(page: Page): Promise<number> {
  return (await storedEvents(page)).filter(({ kind }) => kind === 'answered').length
}

/** Ends the page's process as a crash would: no handler of the page runs. */
async function killTab(page: Page): Promise<void> {
  const session = await page.context().newCDPSession(page)
  const crashed = page.waitForEvent('crash')
  void session.send('Page.crash').catch(() => undefined)
  await crashed
  await page.close()
}

test('a run whose tab was killed goes on with nothing lost or doubled', async () => {
  const SIZE = 8
  const { context, page } = await visit(site)
  await (await pacedEngine(page)).holdAfter({ requests: 4, tokens: 1, repliesOnly: true })
  await openBenchmark(page)
  await chooseFiles(page, ENGLISH_EXAM)
  await startSample(page, SIZE)
  await expect.poll(() => answered(page), { timeout: 60_000, interval: 100 }).toBe(4)
  await killTab(page)

  const again = await context.newPage()
  const faults = watchFaults(site, again)
  await again.goto(`${site.url}#/benchmark`)
  await again.getByText('Interrupted: the tab was closed').waitFor()
  expect(await answered(again)).toBe(4)
  await again.getByRole('button', { name: /^Resume/ }).click()
  await waitForFinish(again, 120_000)
  expectEachAnsweredOnce(await storedEvents(again), SIZE)
  expect(faults).toEqual([])
  await context.close()
})

test('a reload in the middle, a pause, and a second tab that must keep its hands off', async () => {
  const SIZE = 8
  const { context, page } = await visit(site)
  const engine = await pacedEngine(page)
  await engine.holdAfter({ requests: 2, tokens: 1, repliesOnly: true })
  await openBenchmark(page)
  await chooseFiles(page, ENGLISH_EXAM)
  await startSample(page, SIZE)
  await expect.poll(() => answered(page), { timeout: 60_000, interval: 100 }).toBe(2)

  const second = await context.newPage()
  await second.goto(`${site.url}#/benchmark`)
  await second.getByText('Another tab is answering this run.').waitFor()
  expect(await second.getByRole('button', { name: /^Resume/ }).count()).toBe(0)
  await second.close()

  await page.reload()
  await page.getByRole('button', { name: /^Resume/ }).click()
  await page.getByText('Answering', { exact: true }).waitFor()
  await page.getByRole('button', { name: 'Pause' }).click()
  await engine.letGo()
  await page.getByText('Paused.').waitFor()
  // The button is gone; the keyboard is not sent back to the top of the page.
  await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toContain('Paused.')
  await page.getByRole('button', { name: /^Resume/ }).click()
  await waitForFinish(page, 120_000)
  expectEachAnsweredOnce(await storedEvents(page), SIZE)
  await context.close()
})

test.skipIf(!existsSync(REAL_QUESTIONS))(
  'real anaesthesia questions are imported as unlabelled, run, and scored (skipped without ../shared/data)',
  async () => {
    const { context, page, faults } = await visit(site)
    await openBenchmark(page)
    await chooseFiles(page, REAL_QUESTIONS)
    await page.getByRole('checkbox', { name: /Unlabelled/ }).waitFor()
    await startSample(page, 34, 48)
    await waitForFinish(page, 150_000)
    const events = await storedEvents(page)
    expectEachAnsweredOnce(events, 34)
    const replies = events.flatMap(({ answer }) => answer?.reply ?? [])
    expect(replies.some((reply) => reply.length > 0)).toBe(true)
    await page.getByRole('link', { name: 'See the result' }).click()
    await page.getByText('Unlabelled').first().waitFor()
    expect(faults).toEqual([])
    await context.close()
  },
)

test('bad files name what is wrong, good rows are kept, and text stays text', async () => {
  const { context, page, faults } = await visit(site)
  await openBenchmark(page)

  await chooseFiles(page, [
    { name: 'notes.json', mimeType: 'application/json', buffer: Buffer.from('not json at all') },
  ])
  await page.getByText(/notes\.json is not JSON/).waitFor()

  const hostile = '<img src=x onerror="window.pwned=1"><script>window.pwned=1</script>Which organ?'
  await chooseFiles(page, [
    jsonFile('mixed.json', [
      row('a', hostile, 1),
      { ...row('b', 'Second?', 2), target: 'F' },
      row('a', 'Third?', 3),
      row('c', '', 1),
      row('d', 'Fifth?', 3),
    ]),
  ])
  const dialog = page.getByRole('dialog')
  await dialog.waitFor()
  const problems = await dialog.innerText()
  expect(problems).toContain('target')
  expect(problems).toMatch(/Expected one of the options A.*found "F"/s)
  expect(problems).toContain('an id of its own')
  await dialog.getByRole('button', { name: 'Store 2 questions' }).click()
  await page
    .getByText(/2 questions/)
    .first()
    .waitFor()

  await startSample(page, 2, 16)
  await waitForFinish(page, 60_000)
  await page.getByRole('link', { name: 'See the result' }).click()
  await page.getByText('<img src=x', { exact: false }).first().waitFor()
  expect(await page.evaluate(() => 'pwned' in window)).toBe(false)
  expect(faults).toEqual([])
  await context.close()
})

test('the whole way in Chinese', async () => {
  const { context, page, faults } = await visit(site, { language: 'zh-CN', width: 360, height: 780 })
  await page.getByRole('link', { name: '评测', exact: true }).click()
  await page
    .locator('input[type=file]')
    .setInputFiles(fileURLToPath(new URL('../../public/datasets/formulary_zh.json', import.meta.url)))
  await page.getByRole('radio', { name: '随机抽样' }).check()
  await page.getByLabel('样本量').fill('5')
  await page.getByRole('button', { name: /^开始评测 5 题/ }).click()
  await page.getByText('评测完成').waitFor({ timeout: 60_000 })
  const replies = (await storedEvents(page)).flatMap(({ answer }) => answer?.reply ?? [])
  expect(replies).toHaveLength(5)
  for (const reply of replies) expect(reply).toMatch(/\p{Script=Han}/u)
  expect(faults).toEqual([])
  await context.close()
})
