/** Two models answer and one judges with real inference, killed in the middle; rated blindly in both languages, and saved. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { OpenFile } from '#core/open-ended/export'
import type { OpenEvent } from '#core/open-ended/types'
import { openEnded as english } from '#i18n/en/open-ended'
import { labTurns as chineseTurns } from '#i18n/zh/lab-turns'
import { openEnded as chinese } from '#i18n/zh/open-ended'
import { launchKillable } from './killable-browser'
import { pacedEngine } from './paced-engine'
import { chooseModel, importSecondModel, PATIENCE_MS, savedText, storedEvents } from './second-model'
import { openSite, watchFaults, type Site } from './site'

let site: Site
let folder: string
beforeAll(async () => {
  site = await openSite()
  folder = mkdtempSync(join(tmpdir(), 'somnus-open-ended-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  await site.close()
})

const QUESTIONS = [
  { question: 'Tell me about zorane.', answer: 'A fictitious inhaled anesthetic.' },
  { question: '介绍一下佐兰烷。', answer: '一种虚构的吸入麻醉药。' },
  { question: 'A question without a reference.' },
  { answer: 'An answer without a question.' },
]

const PHONE = { width: 360, height: 800 }

const compared = (events: readonly OpenEvent[]) =>
  events.flatMap((event) => (event.kind === 'compared' ? [`${event.pair} ${event.order}`] : []))

async function fits(page: Page): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(PHONE.width)
}

/** Grades the question on the screen with the keyboard alone. */
async function rate(page: Page, { rating }: typeof english, number: number, grade: string): Promise<void> {
  await page.getByRole('heading', { name: rating.question(String(number), '2') }).waitFor()
  expect(await page.locator('main').innerText()).not.toMatch(/Formulary|Second/)
  await page.getByRole('spinbutton').first().focus()
  for (let field = 0; field < 10; field += 1) {
    await page.keyboard.type(grade)
    await page.keyboard.press('Tab')
  }
  await page.keyboard.press('Enter')
}

test('answered, judged across a kill, rated and saved', async () => {
  const profile = join(folder, 'profile')
  const first = await launchKillable(profile)
  const { page } = first
  await page.setViewportSize(PHONE)
  // Two answers by each, and one comparison of four.
  await (await pacedEngine(page)).holdAfter({ requests: 5 })
  await importSecondModel(page, site.url, folder)
  await page.goto(`${site.url}#/lab/open-ended`)
  await page.locator('input[accept^=".jsonl"]').setInputFiles({
    name: 'questions.jsonl',
    mimeType: 'application/jsonl',
    buffer: Buffer.from(QUESTIONS.map((question) => JSON.stringify(question)).join('\n')),
  })
  await page.getByText('2 rows were left out').click()
  await page
    .getByRole('cell', { name: /^Expected a reference answer in one of the fields answer,/ })
    .waitFor()
  await page.getByRole('cell', { name: /^Expected one of the fields question,/ }).waitFor()
  await chooseModel(page, english.form.first, 'Formulary')
  await chooseModel(page, english.form.second, 'Second')
  await chooseModel(page, english.form.judge, 'Formulary')
  await page.getByText(english.words.edit).click()
  const wording = page.getByLabel(english.words.user.en)
  await wording.fill('Compare {question} {reference} {first}')
  await page.getByText('{second} is missing.').waitFor()
  await wording.fill('Compare {question} {reference} {first} {second} A, B or C?')
  // Another language leaves what was written as it is.
  await page.getByRole('button', { name: '中文' }).click()
  expect(await page.getByLabel(chinese.words.user.en).inputValue()).toContain('A, B or C?')
  await fits(page)
  await page.getByRole('button', { name: 'English' }).click()
  await page.getByRole('button', { name: english.form.start, exact: true }).click()
  await expect
    .poll(async () => compared(await storedEvents(page)), { timeout: PATIENCE_MS })
    .toEqual(['0 straight'])
  const before = await storedEvents<OpenEvent>(page)
  const address = page.url()
  await first.kill()

  const second = await launchKillable(profile)
  const again = second.page
  await again.setViewportSize(PHONE)
  const faults = watchFaults(site, again)
  await again.goto(address)
  await again.getByRole('button', { name: '中文' }).click()
  await again.getByRole('button', { name: chineseTurns.goOn('Formulary Q8_0') }).click()
  await again.getByText(chinese.work.done).waitFor({ timeout: PATIENCE_MS })
  const judged = await storedEvents<OpenEvent>(again)
  expect(judged.slice(0, before.length)).toEqual(before)
  expect(compared(judged)).toEqual(['0 straight', '0 reversed', '1 straight', '1 reversed'])
  const answers = judged.flatMap((event) => (event.kind === 'answered' ? [event] : []))
  expect(answers.map(({ author, pair }) => `${author} ${pair}`)).toEqual(['0 0', '0 1', '1 0', '1 1'])

  await again.getByRole('button', { name: chinese.rating.begin }).click()
  await rate(again, chinese, 1, '7')
  await again.getByRole('heading', { name: chinese.rating.question('2', '2') }).waitFor()
  await fits(again)
  await again.getByRole('button', { name: 'English' }).click()
  await rate(again, english, 2, '4')
  await again.getByRole('heading', { name: english.rating.finished }).waitFor()
  await again.getByRole('button', { name: 'Close' }).click()

  await again.getByText(english.verdicts.own('Formulary Q8_0')).waitFor()
  await again.getByRole('region', { name: english.rating.caption('2') }).waitFor()
  await again.getByText(english.words.edited('somnus-open-ended-1')).waitFor()
  await again.getByText(english.words.asSent.en).click()
  await again.getByText(`Compare ${QUESTIONS[0]?.question} ${QUESTIONS[0]?.answer}`).waitFor()
  await fits(again)
  const file = JSON.parse(await savedText(again, english.files.all)) as OpenFile
  expect(file.events).toEqual(await storedEvents(again))
  expect(file.judge_prompts).toMatchObject({ wording: 'edited' })
  const prints = file.events.flatMap((event) => (event.kind === 'started' ? [event.engine.fingerprint] : []))
  expect(new Set(prints).size).toBe(2)
  expect(file.report.verdicts.n).toBe(2)
  expect(file.report.raters.aspects?.coherence.means).toEqual([5.5, 5.5])
  await again.goto(`${site.url}#/lab/open-ended`)
  await again.getByText('Finished').waitFor()
  expect(faults).toEqual([])
  await second.kill()
})
