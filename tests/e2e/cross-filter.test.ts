/** One model judges another with real inference: the browser is killed in the middle of the judging, and it goes on. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { ASPECTS } from '#core/cross-filter/types'
import type { FilterEvent } from '#core/cross-filter/types'
import type { ExportedPair } from '#core/cross-filter/export'
import { launchKillable } from './killable-browser'
import { pacedEngine } from './paced-engine'
import { chooseModel, importSecondModel, PATIENCE_MS, savedText, storedEvents } from './second-model'
import { openSite, type Site } from './site'

let site: Site
let folder: string
beforeAll(async () => {
  site = await openSite()
  folder = mkdtempSync(join(tmpdir(), 'somnus-filter-'))
})
afterAll(async () => {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5 })
  await site.close()
})

const CSV = [
  '问题,回答',
  'Tell me about zorane.,',
  '介绍一下佐兰烷。,一种虚构的肌松药。',
  ',no question',
].join('\n')

test('answers are written by one model and judged by another, across a kill; what is kept is saved', async () => {
  const profile = join(folder, 'profile')
  const first = await launchKillable(profile)
  const { page } = first
  // The answer, then one set of scores and the beginning of another.
  await (await pacedEngine(page)).holdAfter({ requests: 1 + ASPECTS.length, tokens: 1 })
  await importSecondModel(page, site.url, folder)

  await page.goto(`${site.url}#/lab/cross-filter`)
  const files = page.locator('input[accept^=".jsonl"]')
  await files.setInputFiles({ name: 'pairs.csv', mimeType: 'text/csv', buffer: Buffer.from(CSV) })
  await page.getByText('2 pairs: 1 with an answer, 1 to be answered first.').waitFor()
  await page.getByText('1 row was left out').click()
  await page.getByRole('cell', { name: 'Expected a text, found nothing.' }).waitFor()
  await chooseModel(page, 'Who answers the open questions', 'Formulary')
  await chooseModel(page, 'Judge', 'Formulary')
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await page.getByText(/It would judge itself: choose a different one/).waitFor()
  await chooseModel(page, 'Judge', 'Second')
  await page.getByRole('button', { name: 'Start', exact: true }).click()
  await page.getByText(/^[1-3] of 4 score sets/).waitFor({ timeout: PATIENCE_MS })
  const address = page.url()
  await first.kill()

  const second = await launchKillable(profile)
  const again = second.page
  await again.goto(address)
  const goOn = again.getByRole('button', { name: 'Go on with Second Q8_0' })
  await goOn.waitFor({ timeout: PATIENCE_MS })
  const before = await storedEvents<FilterEvent>(again)
  await goOn.click()
  await again.getByText('All pairs are judged.').waitFor({ timeout: PATIENCE_MS })
  const events = await storedEvents<FilterEvent>(again)
  expect(events.slice(0, before.length)).toEqual(before)
  const scored = events.flatMap((event) => (event.kind === 'scored' ? [event] : []))
  expect(scored.map(({ pair, order }) => `${pair} ${order}`)).toEqual(
    [0, 1].flatMap((pair) => [`${pair} straight`, `${pair} reversed`]),
  )
  for (const { probabilities } of scored) {
    for (const each of Object.values(probabilities)) {
      expect(each.reduce((sum, probability) => sum + probability, 0)).toBeCloseTo(1, 4)
    }
  }

  await again.getByRole('spinbutton', { name: 'Keep from' }).fill('0')
  await again.keyboard.press('Tab')
  await again.getByText('2 kept, 0 dropped, 0 not judged').waitFor()
  const text = await savedText(again, 'Save as JSONL')
  const pairs = text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as ExportedPair)
  expect(pairs.map(({ answered_by: author }) => author?.name ?? null)).toEqual(['Formulary', null])
  expect(pairs[0]?.answer).toContain('relaxant')
  const prints = new Set([pairs[0]?.answered_by?.fingerprint, pairs[0]?.judges[0]?.fingerprint])
  expect(prints.size).toBe(2)
  await second.kill()
})
