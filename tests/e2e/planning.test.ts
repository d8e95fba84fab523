import { fileURLToPath } from 'node:url'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { confidenceSequence, halfWidth } from '#core/stats/confidence-sequence'
import { readStored } from '../../scripts/kills/scenario'
import { chooseFiles, openBenchmark, storedEvents } from './benchmark'
import { openSite, visit, type Site } from './site'

const ENGLISH_EXAM = fileURLToPath(new URL('../../public/datasets/formulary_en.json', import.meta.url))
const EXAM_SIZE = 150

let site: Site
beforeAll(async () => {
  site = await openSite()
})
afterAll(() => site.close())

async function setUp(): Promise<{ page: Page; faults: string[] }> {
  const { page, faults } = await visit(site)
  await openBenchmark(page)
  await chooseFiles(page, ENGLISH_EXAM)
  await page.getByText('is stored: 150 questions').waitFor()
  await page.getByRole('radio', { name: 'All 150' }).check()
  await page.locator('summary', { hasText: 'End early' }).click()
  return { page, faults }
}

/** Whether each answer was right by the official reading, in the order given. */
async function verdicts(page: Page): Promise<boolean[]> {
  const events = (await storedEvents(page)) as unknown as {
    answer?: { officialLetter: string; item: { targetIndex: number } }
  }[]
  return events.flatMap(({ answer }) =>
    answer ? [answer.officialLetter === String.fromCharCode(65 + answer.item.targetIndex)] : [],
  )
}

test('a run ends at the first answer that makes its interval narrow enough', async () => {
  const { page, faults } = await setUp()
  await page.getByLabel('When the interval is no wider than ± points').fill('15')
  await page.getByRole('button', { name: /^Start: 150/ }).click()
  await page.getByText('when its interval was narrow enough').waitFor({ timeout: 120_000 })
  const answers = await verdicts(page)
  expect(answers.length).toBeLessThan(EXAM_SIZE)
  const widths = answers.map((_, index) => {
    const right = answers.slice(0, index + 1).filter(Boolean).length
    return halfWidth(confidenceSequence(right, index + 1, EXAM_SIZE))
  })
  expect(widths.findIndex((width) => width <= 0.15)).toBe(answers.length - 1)

  await page.getByRole('link', { name: 'See the result' }).click()
  const estimate = page.getByRole('region', { name: 'What the score says of more questions' })
  await estimate.getByRole('heading', { name: 'All questions, at any look' }).waitFor()
  await page.getByText('Narrow enough', { exact: true }).waitFor()
  expect(faults).toEqual([])
  await page.context().close()
})

test('a run ends when its minutes of answering are used up', async () => {
  const { page, faults } = await setUp()
  await page.getByLabel('After minutes of answering').fill('0.01')
  await page.getByRole('button', { name: /^Start: 150/ }).click()
  await page.getByText('Ended when its time was used up').waitFor({ timeout: 120_000 })
  const events = (await storedEvents(page)) as unknown as {
    kind: string
    reason?: string
    answer?: { timeToFirstTokenMs: number; decodeMs: number }
  }[]
  expect(events.at(-1)).toMatchObject({ kind: 'stopped', reason: 'minutes' })
  const times = events.flatMap(({ answer }) => (answer ? [answer.timeToFirstTokenMs + answer.decodeMs] : []))
  const total = times.reduce((sum, ms) => sum + ms, 0)
  expect(total).toBeGreaterThanOrEqual(600)
  expect(total - (times.at(-1) ?? 0)).toBeLessThan(600)
  expect(faults).toEqual([])
  await page.context().close()
})

test('the speed is measured with the chosen model, and no answer of it is stored', async () => {
  const { page, faults } = await setUp()
  await page.getByRole('button', { name: 'Measure on this computer' }).click()
  await page.getByText(/per question, measured on 5 questions/).waitFor({ timeout: 60_000 })
  expect(await storedEvents(page)).toEqual([])
  // It is shown a moment before it is stored.
  await expect
    .poll(async () => JSON.stringify((await readStored(page))['preferences']))
    .toContain('msPerItem')
  await page.reload()
  await page.getByText(/per question, measured on 5 questions/).waitFor()
  expect(faults).toEqual([])
  await page.context().close()
})
