import axe from 'axe-core'
import { afterEach, describe, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import type { Level } from '#core/dataset/item'
import type { LevelChoice, RunEvent, StopReason } from '#core/run/types'
import { reduce } from '#core/run/summary'
import type { RunRecord } from '#data/db/runs'
import type { Route } from '#ui/router.ts'
import '../../src/ui/theme.css'
import ResultsHarness from './ResultsHarness.svelte'
import { makeRecord, makeStores, summarise } from './results-fixture'

const RUN: Route = { page: 'results', runId: 'run-1' }

afterEach(async () => {
  cleanup()
  await page.viewport(1280, 900)
})

/** A run of 120 of 500 questions, changed, and stopped if a reason is given. */
function stoppedRun(change: Partial<RunRecord['plan']>, reason: StopReason | null = null): RunRecord {
  const record = makeRecord(120)
  const cells = new Map<string, number>()
  for (const { item } of record.answers) {
    const key = `${item.language}/${item.level ?? 'unlabelled'}`
    cells.set(key, (cells.get(key) ?? 0) + 1)
  }
  const strata = [...cells].map(([key, sampled]) => {
    const [language, name] = key.split('/') as ['en' | 'zh', string]
    const level: LevelChoice = name === 'unlabelled' ? name : (Number(name) as Level)
    return { language, level, population: sampled * 4, sampled }
  })
  const plan = { ...record.plan, strata, itemIndexes: [...record.plan.itemIndexes, 120], ...change }
  const running = summarise({ ...plan, itemIndexes: record.plan.itemIndexes }, record.answers)
  if (!reason) return { ...record, plan, summary: running }
  const stop: RunEvent = { kind: 'stopped', at: 1, reason }
  const stopped = reduce({ ...running, total: 121, state: { kind: 'running' } }, stop)
  if (!stopped.ok) throw new Error(stopped.failure.reason)
  return { ...record, plan, summary: stopped.value }
}

async function open(record: RunRecord, language: 'en' | 'zh' = 'en') {
  await render(ResultsHarness, { stores: makeStores(record, language).stores, route: RUN })
  const name = language === 'en' ? 'What the score says of more questions' : '得分对更多题目意味着什么'
  const card = page.getByRole('region', { name, exact: true })
  await expect.element(card).toBeVisible()
  return card
}

const names = (card: Awaited<ReturnType<typeof open>>) =>
  [...card.element().querySelectorAll('li h3')].map((heading) => heading.textContent)

describe('the estimate of a run', () => {
  test('names the source first for a proportional sample, the weighted estimate first for equal numbers', async () => {
    const proportional = await open(stoppedRun({}))
    await expect
      .poll(() => names(proportional))
      .toEqual(['Questions like these', 'All questions of the selection'])
    await expect.element(proportional).toHaveTextContent('About these very 480 questions, of which 120')
    cleanup()
    const { selection } = makeRecord(1).plan
    const equal = await open(stoppedRun({ selection: { ...selection, design: 'equal' } }))
    await expect.poll(() => names(equal)).toEqual(['All questions of the selection', 'Questions like these'])
    await expect.element(equal).toHaveTextContent('speaks for no existing mix')
  })

  test('shows the confidence sequence, and why the run ended, when it ended by precision', async () => {
    const { selection } = makeRecord(1).plan
    const record = stoppedRun(
      { selection: { ...selection, design: 'simple' }, budget: { minutes: null, halfWidth: 0.2 } },
      'precision',
    )
    const card = await open(record)
    await expect.poll(() => names(card)[0]).toBe('All questions, at any look')
    await expect.element(page.getByText('Narrow enough', { exact: true })).toBeVisible()
    await expect
      .element(page.getByText(/Ended as planned, when its interval was narrow enough: ±\d/))
      .toBeVisible()
  })

  test.each([
    ['user', 'Ended by hand before the last question.'],
    ['minutes', 'Ended when its time was used up: 30 min of answering.'],
    ['parts-missing', 'Merged from parts of which some are missing.'],
  ] as const)('says why the run ended: %s', async (reason, text) => {
    await open(stoppedRun({ budget: { minutes: 30, halfWidth: null } }, reason))
    await expect.element(page.getByText(text)).toBeVisible()
  })

  test('shows no reply lengths where nothing is written', async () => {
    const record = stoppedRun({ protocol: 'letters' })
    record.answers = record.answers.map((answer) => ({
      ...answer,
      reply: '',
      completionTokens: 0,
      forward: { probabilities: [0.6, 0.1, 0.1, 0.1, 0.1], letter: 'A', promptTokens: 90, elapsedMs: 40 },
    }))
    const card = await open(record)
    await expect.element(card).toHaveTextContent('Answering time')
    await expect.element(card).not.toHaveTextContent('Reply tokens')
  })

  test.each([
    ['en', 1280],
    ['zh', 360],
  ] as const)(
    'is free of accessibility faults and of sideways scrolling in %s at %i px',
    async (language, width) => {
      await page.viewport(width, 900)
      const card = await open(stoppedRun({}), language)
      await expect.poll(() => names(card).length).toBe(2)
      const { violations } = await axe.run(card.element(), {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      })
      expect(violations.map(({ id }) => id)).toEqual([])
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
    },
  )
})
