/** Several replies a question with real inference: the browser is killed in the middle of a question, and resumed. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { Page } from 'playwright'
import type { Stores } from '#app/stores'
import { PLAIN_REQUEST } from '#core/run/plan'
import { outcomeOf, plannedSeed } from '#core/run/sampling'
import type { RunEvent } from '#core/run/types'
import { answerHere, type RequestHere } from '../../scripts/kills/answer-here'
import { readStored, TOLD } from '../../scripts/kills/scenario'
import schema from '../../public/schemas/somnus-run-3.schema.json'
import { launchKillable } from './killable-browser'
import { pacedEngine } from './paced-engine'
import { openSite, type Site } from './site'

let site: Site
let profile: string
beforeAll(async () => {
  site = await openSite()
  profile = mkdtempSync(join(tmpdir(), 'somnus-sampled-'))
})
afterAll(async () => {
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 })
  await site.close()
})

const strategy = { kind: 'vote-sum', aggregate: 'min', samples: 5, stopsEarly: false } as const

/** A question in each language. */
const request: RequestHere = {
  ...PLAIN_REQUEST,
  selection: { design: 'equal', languages: ['en', 'zh'], levels: [1], sampleSize: 2, seed: 7 },
  decoding: { temperature: 1, topP: 0.95, maxTokens: 32, seed: 21 },
  strategy,
}

async function openApp(): ReturnType<typeof launchKillable> {
  const browser = await launchKillable(profile)
  await browser.page.goto(`${site.url}?evaluate`)
  await browser.page.waitForFunction(() => 'somnusStores' in globalThis)
  return browser
}

/** In the page: goes on with the run that was interrupted, to its end. */
async function goOn(): Promise<string> {
  const { runs } = (globalThis as unknown as { somnusStores: Stores }).somnusStores
  const [unfinished] = runs.unfinished
  const ended = unfinished && (await runs.resume(unfinished.id))
  return ended?.ok ? ended.value.state.kind : 'failed'
}

async function storedRuns(page: Page): Promise<Map<string, RunEvent[]>> {
  const runs = new Map<string, RunEvent[]>()
  for (const { key, value } of (await readStored(page))['runEvents'] ?? []) {
    const [run] = key as [string, number]
    runs.set(run, [...(runs.get(run) ?? []), value as RunEvent])
  }
  return runs
}

/** What was drawn and chosen, without times. */
function essence(events: readonly RunEvent[]) {
  return events.flatMap((event): unknown[] => {
    if (event.kind === 'sampled') {
      const { index, seed, reply, officialLetter, strictLetter, scores } = event.sample
      return [[event.position, index, seed, reply, officialLetter, strictLetter, scores?.steps]]
    }
    if (event.kind !== 'answered') return []
    const { position, reply, officialLetter, strictLetter, sampling } = event.answer
    return [[position, reply, officialLetter, strictLetter, sampling]]
  })
}

test('a browser killed in the middle of a question goes on there: no reply lost, doubled or changed', async () => {
  const killed = await openApp()
  await (await pacedEngine(killed.page)).holdAfter({ requests: 6, tokens: 2, repliesOnly: true })
  const inside = new Promise((resolve) => {
    killed.page.on('console', (message) => {
      const [, answered, sampled] = message.text().replace(TOLD, '').split(' ')
      if (answered === '1' && sampled === '1') resolve(null)
    })
  })
  await killed.page.evaluate(answerHere, { told: TOLD, request })
  await inside
  await killed.kill()

  const browser = await openApp()
  const { page } = browser
  const [left] = [...(await storedRuns(page)).values()]
  const drawn = left?.filter(({ kind }) => kind === 'sampled').length ?? 0
  const answered = left?.filter(({ kind }) => kind === 'answered').length ?? 0
  // What the app had called stored is there, and the second question was open when it died.
  expect(drawn).toBe(6)
  expect(answered).toBe(1)
  expect(await page.evaluate(goOn)).toBe('finished')
  const [events = []] = [...(await storedRuns(page)).values()]
  expect(events.slice(0, left?.length)).toEqual(left)
  const [created] = events
  if (created?.kind !== 'created') throw new Error('A run begins with its plan')
  const samples = events.flatMap((event) => (event.kind === 'sampled' ? [event] : []))
  expect(samples.map(({ position, sample }) => [position, sample.index])).toEqual(
    [0, 1].flatMap((position) => [0, 1, 2, 3, 4].map((index) => [position, index])),
  )
  for (const { position, sample } of samples) {
    expect(sample.seed).toBe(plannedSeed(created.plan, position, sample.index))
    expect(sample.scores?.scorer.kind).toBe('self-verifier')
    expect(sample.scores?.steps.length).toBeGreaterThan(0)
    for (const step of sample.scores?.steps ?? []) expect(step > 0 && step < 1).toBe(true)
  }
  const answers = events.flatMap((event) => (event.kind === 'answered' ? [event.answer] : []))
  expect(new Set(answers.map(({ item }) => item.language))).toEqual(new Set(['en', 'zh']))
  for (const { position, sampling } of answers) {
    const own = samples.filter((event) => event.position === position).map(({ sample }) => sample)
    expect(sampling).toEqual(outcomeOf(strategy, own))
  }

  // The same run without an interruption draws the same replies and chooses the same answers.
  await page.evaluate(answerHere, { told: TOLD, request })
  await page.waitForFunction(() => {
    const { runs } = (globalThis as unknown as { somnusStores: Stores }).somnusStores
    return runs.summaries.filter(({ state }) => state.kind === 'finished').length === 2
  })
  const both = [...(await storedRuns(page)).values()]
  expect(both).toHaveLength(2)
  expect(essence(both[0]!)).toEqual(essence(both[1]!))

  // The result's page compares all ways to choose over these replies, which the loaded model has scored itself.
  const [runId = ''] = [...(await storedRuns(page)).keys()]
  await page.evaluate((hash) => (location.hash = hash), `#/results/${runId}`)
  await page.getByRole('row', { name: /^Vote-sum by weakest step this run 2 / }).waitFor()
  await page.getByText('It has scored all of them.').waitFor()

  // Its receipt, read as somebody else's, is found true: every reply read and every choice made again.
  await page.getByRole('link', { name: 'Results', exact: true }).click()
  await page.locator(`a[href="#/results/${created.plan.id}"]`).first().click()
  const [file] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('button', { name: 'Receipt (JSON)' }).click(),
  ])
  const receipt = readFileSync(await file.path())
  const fits = new Ajv2020().compile(schema)
  expect(fits(JSON.parse(receipt.toString())), JSON.stringify(fits.errors)).toBe(true)
  await page.getByRole('link', { name: 'Results', exact: true }).click()
  const upload = { name: 'run.json', mimeType: 'application/json', buffer: receipt }
  await page.locator('input[type=file]').setInputFiles(upload)
  await page.getByRole('link', { name: 'See the result' }).first().click()
  await page.getByRole('button', { name: 'Verify', exact: true }).click()
  await page.getByText('Everything checked is as it should be.').waitFor()
  await browser.kill()
})
