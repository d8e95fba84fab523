/** Two experts with real inference, in both languages, killed in the middle and gone on with. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Page } from 'playwright'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { en } from '#i18n/en'
import { experts as english } from '#i18n/en/experts'
import { zh } from '#i18n/zh'
import { experts as chinese } from '#i18n/zh/experts'
import type { StudyEvent } from '#core/study/types'
import { launchKillable } from './killable-browser'
import { pacedEngine } from './paced-engine'
import { openSite, watchFaults, type Site } from './site'

/** A load and a reply take a second; a busy machine may take this long. */
const PATIENCE_MS = 30_000

const ENGLISH = { texts: english, common: en.common, question: 'Tell me about zorane.' }
const CHINESE = { texts: chinese, common: zh.common, question: '介绍一下佐兰烷。' }
type Language = typeof ENGLISH

/** The first reasoning, and the beginning of what comes next. */
const MIDDLE = { requests: 1, tokens: 1 }

let site: Site
let profile: string
beforeAll(async () => {
  site = await openSite()
  profile = mkdtempSync(join(tmpdir(), 'somnus-experts-'))
})
afterAll(async () => {
  await site.close()
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
})

/** Begins, and waits until the first reasoning is shown and stored; gives what is stored by then. */
async function begin(page: Page, { texts, question }: Language): Promise<StudyEvent[]> {
  await page.goto(`${site.url}#/lab/experts`)
  await page.getByRole('textbox', { name: texts.form.question, exact: true }).fill(question)
  await page.getByLabel(texts.form.rounds, { exact: true }).fill('2')
  await page.getByLabel(texts.form.stageTokens).fill('64')
  await page.getByRole('button', { name: texts.form.start }).click()
  const first = page.getByRole('article', { name: texts.stage(texts.stages.reasoning, '1') }).first()
  await first.waitFor({ timeout: PATIENCE_MS })
  await expect.poll(async () => (await storedEvents(page)).length).toBeGreaterThan(1)
  return storedEvents(page)
}

/** Of the study that is open. */
function storedEvents(page: Page): Promise<StudyEvent[]> {
  return page.evaluate(async () => {
    const id = location.hash.split('/').at(-1)
    const request = indexedDB.open('somnus')
    const database = await new Promise<IDBDatabase>((resolve) => {
      request.onsuccess = () => resolve(request.result)
    })
    const range = IDBKeyRange.bound([id], [id, []])
    const all = database.transaction('studyEvents').objectStore('studyEvents').getAll(range)
    const events = await new Promise<StudyEvent[]>((resolve) => {
      all.onsuccess = () => resolve(all.result as StudyEvent[])
    })
    database.close()
    return events
  })
}

/** Goes on from the list, and gives the answer. */
async function goOn(page: Page, { texts, question }: Language, begun: StudyEvent[]): Promise<string> {
  await page.goto(`${site.url}#/lab/experts`)
  await page.getByRole('link', { name: question }).click()
  await page.getByRole('heading', { name: texts.rest.title }).waitFor()
  await page.getByRole('button', { name: texts.rest.resume, exact: true }).click()
  const outcome = page.getByRole('region', { name: texts.outcome.title, exact: true })
  await outcome.waitFor({ timeout: PATIENCE_MS })
  const events = await storedEvents(page)
  expect(events.slice(0, begun.length)).toEqual(begun)
  return outcome.innerText()
}

test('the loop goes on after a stop in one language and a kill in the other', async () => {
  const first = await launchKillable(profile)
  const engine = await pacedEngine(first.page)
  await engine.holdAfter(MIDDLE)
  const begunInEnglish = await begin(first.page, ENGLISH)
  await first.page.getByRole('button', { name: english.progress.stop, exact: true }).click()
  await engine.letGo()
  await first.page.getByRole('heading', { name: english.rest.title }).waitFor()
  await first.page.getByRole('button', { name: ENGLISH.common.switchLanguage }).click()
  await engine.holdAfter(MIDDLE)
  const begunInChinese = await begin(first.page, CHINESE)
  await first.kill()

  const second = await launchKillable(profile)
  const faults = watchFaults(site, second.page)
  await second.page.setViewportSize({ width: 360, height: 800 })
  expect(await goOn(second.page, CHINESE, begunInChinese)).toContain('Formulary Q8_0')
  expect(await second.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(360)
  await second.page.getByRole('button', { name: CHINESE.common.switchLanguage }).click()
  expect(await goOn(second.page, ENGLISH, begunInEnglish)).toContain(english.study.modelOutput)

  const [download] = await Promise.all([
    second.page.waitForEvent('download'),
    second.page.getByRole('button', { name: english.export.json }).click(),
  ])
  expect(download.suggestedFilename()).toMatch(/^somnus-experts-\d{4}-\d\d-\d\d\.json$/)
  expect(faults).toEqual([])
  await second.kill()
})
