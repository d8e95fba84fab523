import axe from 'axe-core'
import { afterEach, describe, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import { newActiveRun } from '#app/run-active'
import type { Stores } from '#app/stores'
import RunningCard from '#ui/benchmark/RunningCard.svelte'
import '../../src/ui/theme.css'
import ResultsHarness from './ResultsHarness.svelte'
import StoresHarness from './StoresHarness.svelte'
import { makeStrategyStores, STRATEGY } from './strategies-fixture'

const RUN = { page: 'results', runId: 'run-1' } as const
const COUNT = 12

afterEach(async () => {
  cleanup()
  await page.viewport(1280, 900)
})

const card = () => document.querySelector('[aria-labelledby="strategies"]')
const tableRows = () => [...(card()?.querySelectorAll('tbody tr') ?? [])].map((row) => row.textContent)

async function openRun(language: 'en' | 'zh' = 'en', isLoaded = true) {
  const made = makeStrategyStores(COUNT, language, isLoaded)
  await render(ResultsHarness, { stores: made.stores, route: RUN })
  // The card is fetched with the first run that needs it.
  await expect.poll(() => tableRows().length).toBeGreaterThan(0)
  return made
}

describe('strategies over the same samples', () => {
  test('are compared with one reply, the run’s own marked, and whose scores they are is said', async () => {
    await openRun()
    expect(tableRows()).toHaveLength(10)
    expect(tableRows()[0]).toMatch(/^One reply \(the first drawn\) *12/)
    const own = tableRows().filter((text) => text.includes('this run'))
    expect(own).toHaveLength(1)
    expect(own[0]).toMatch(/^Vote-sum by weakest step/)
    expect(card()?.textContent).toContain('Morpheus-7B q4f16_1 (self-verifier, not the MedS3 PRM)')
    await page.getByText('nobody: majority only').click()
    await expect.poll(tableRows).toHaveLength(2)
    await expect.poll(() => card()?.textContent).toMatch(/Any one of the 48 replies is right in/)
  })

  test('show each reply with its steps and scores, and why one stands for the choice', async () => {
    const { record } = await openRun()
    document.querySelector<HTMLElement>('[role=row][data-index="0"]')?.click()
    await expect.element(page.getByText('How the answer was chosen')).toBeVisible()
    const sampling = record.answers[0]?.sampling
    const stands = (sampling?.strict.representative ?? 0) + 1
    await expect.element(page.getByText(`Reply ${stands}, which stands for the choice`)).toBeVisible()
    const replies = () => [...document.querySelectorAll('.samples > details')]
    await expect.poll(() => replies().length).toBe(4)
    expect(replies().map((each) => each.textContent.includes('★'))).toEqual(
      [1, 2, 3, 4].map((number) => number === stands),
    )
    replies()[3]?.querySelector('summary')?.click()
    await expect.element(page.getByText('Step 1: Reply 4 weighs the options.', { exact: true })).toBeVisible()
    expect(replies()[3]?.querySelectorAll('ol li')).toHaveLength(2)
    expect(replies()[3]?.textContent).toContain('self-verifier, not the MedS3 PRM')
    expect(replies()[3]?.textContent).toMatch(/Tokens read for scoring, checks included\s*87/)
    expect(replies()[3]?.textContent).toMatch(/Tokens reused for scoring\s*413/)
  })

  test('get another scorer: stopped, gone on with, and chosen in the end', async () => {
    const { engine, scoring, samples } = await openRun()
    engine.isHeld = true
    await page.getByRole('button', { name: 'Score the replies' }).click()
    await expect.element(page.getByText(`0 of ${4 * COUNT} replies`)).toBeVisible()
    await page.getByRole('button', { name: 'Stop scoring' }).click()
    await expect.poll(() => scoring.busy).toBe(false)
    expect(scoring.problem('run-1' as never)).toBeNull()
    engine.release()
    engine.failure = { ok: false, failure: { kind: 'taken-over' } }
    await page.getByRole('button', { name: 'Score the replies' }).click()
    await expect.element(page.getByText(/another tab has taken/i)).toBeVisible()
    engine.failure = null
    samples.get(0)?.later.push({
      at: 0,
      sample: 0,
      scores: { scorer: scoring.scorer!, steps: [0, 0], promptTokens: 1, elapsedMs: 1 },
    })
    engine.passes = 0
    await page.getByRole('button', { name: 'Score the replies' }).click()
    await expect.element(page.getByText('It has scored all of them.')).toBeVisible()
    // Two steps of every reply that this scorer had not scored.
    expect(engine.passes).toBe(2 * (4 * COUNT - 1))
    const chosen = page.getByRole('radio', { name: /^Qwen2.5-7B-Instruct q4f16_1/ })
    await expect.poll(() => (chosen.element() as HTMLInputElement).checked).toBe(true)
    await expect.poll(() => tableRows().join()).not.toContain('this run')
    expect(tableRows()).toHaveLength(10)
  })

  test('show an open reply what another scorer says of it, as it says it', async () => {
    const { engine, scoring } = await openRun()
    document.querySelector<HTMLElement>('[role=row][data-index="0"]')?.click()
    const replies = () => [...document.querySelectorAll<HTMLDetailsElement>('.samples > details')]
    await expect.poll(() => replies().length).toBe(4)
    const first = replies()[0]!
    first.querySelector('summary')?.click()
    await expect.poll(() => first.querySelectorAll('.scorers li').length).toBe(1)
    engine.isHeld = true
    await page.getByRole('button', { name: 'Score the replies' }).click()
    await expect.poll(() => engine.passes).toBe(1)
    engine.release()
    await expect.poll(() => scoring.busy).toBe(false)
    await expect.poll(() => first.querySelectorAll('.scorers li').length).toBe(2)
    expect(first.textContent).toContain('Qwen2.5-7B-Instruct')
    expect(first.isConnected && first.open).toBe(true)
  })

  test('send who has no model loaded to the models', async () => {
    await openRun('en', false)
    const link = page.getByRole('link', { name: 'Load one' })
    await expect.element(link).toHaveAttribute('href', '#/models')
  })
})

test('a run under way shows the sample, the votes so far, what was saved, and at most how long it takes', async () => {
  const { stores, record, samples } = makeStrategyStores(COUNT)
  const drawn = (samples.get(1)?.samples.slice(0, 2) ?? []).map((sample, index) => ({
    ...sample,
    officialLetter: 'AC'[index] ?? null,
  }))
  const plan = { ...record.summary.plan, strategy: { ...STRATEGY, stopsEarly: true } }
  const active = {
    ...newActiveRun(record.plan.id),
    phase: 'answering' as const,
    sample: { index: 2, planned: 4, isScoring: false, samples: drawn },
  }
  const given = { active, run: { ...record.summary, plan, answered: 0 }, onPause: () => 0, onStop: () => 0 }
  const shown = { ...stores, models: { awaitedJob: null } } as unknown as Stores
  const { rerender } = await render(StoresHarness, { stores: shown, components: [RunningCard], given })
  await expect.element(page.getByText('reply 3 of 4 at most')).toBeVisible()
  // Two of 48 replies took 2.4 s each.
  await expect.element(page.getByText('at most 2 min')).toBeVisible()
  const votes = document.querySelector('main')?.textContent ?? ''
  for (const { officialLetter, scores } of drawn) {
    expect(votes).toContain(`${officialLetter} ${scores?.steps[1]?.toFixed(2)}`)
  }
  await rerender({ given: { ...given, run: { ...record.summary, plan, answered: 6, saved: 9 } } })
  await expect.element(page.getByText('9 (38%)')).toBeVisible()
})

test.each([
  ['en', 1280],
  ['zh', 360],
] as const)('axe finds nothing and nothing overflows in %s at %d px', async (language, width) => {
  await page.viewport(width, 800)
  await openRun(language)
  document.querySelector<HTMLElement>('[role=row][data-index="1"]')?.click()
  await expect.poll(() => document.querySelectorAll('.samples > details').length).toBe(4)
  for (const summary of document.querySelectorAll<HTMLElement>('.samples > details > summary'))
    summary.click()
  await expect.poll(() => document.querySelectorAll('.samples ol').length).toBe(4)
  const { violations } = await axe.run(document.body, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  })
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([])
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
})
