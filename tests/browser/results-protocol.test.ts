import axe from 'axe-core'
import { afterEach, describe, expect, test } from 'vitest'
import { page } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import { rotateItem } from '#core/run/rotate'
import type { Answer, Protocol } from '#core/run/types'
import type { RunRecord } from '#data/db/runs'
import '../../src/ui/theme.css'
import ResultsHarness from './ResultsHarness.svelte'
import { makeRecord, makeStores, summarise } from './results-fixture'

const RUN = { page: 'results', runId: 'run-1' } as const

afterEach(async () => {
  cleanup()
  await page.viewport(1280, 900)
})

/** A pass that prefers the option after the one that the reply names, for every fourth answer. */
function withPass(answer: Answer, index: number): Answer {
  const named = (answer.officialLetter ?? 'A').charCodeAt(0) - 65
  const preferred = (named + (index % 4 === 0 ? 1 : 0)) % 5
  const probabilities = [0.1, 0.1, 0.1, 0.1, 0.1].map((rest, at) => (at === preferred ? 0.6 : rest))
  return {
    ...answer,
    forward: {
      probabilities,
      letter: String.fromCharCode(65 + preferred),
      promptTokens: 210,
      elapsedMs: 321,
    },
  }
}

/** The 40 items of a run, every other one asked again one place on; the letter stays, so it follows the letter. */
function recordOf(protocol: Protocol): RunRecord {
  const record = makeRecord(40)
  const plan = { ...record.plan, protocol, rotationShare: 0.5, itemIndexes: [...Array(60).keys()] }
  const answers: Answer[] = []
  const rotated: Answer[] = []
  for (const [index, made] of record.answers.entries()) {
    const scored = protocol === 'generate' ? made : withPass(made, index)
    const silent = {
      reply: '',
      officialLetter: null,
      strictLetter: null,
      strictReason: 'empty',
      completionTokens: 0,
    }
    const answer = {
      ...scored,
      ...(protocol === 'letters' ? silent : {}),
      position: index + Math.ceil(index / 2),
    }
    answers.push(answer)
    if (index % 2 === 1) continue
    rotated.push({ ...answer, position: answer.position + 1, rotation: 1, item: rotateItem(answer.item, 1) })
  }
  const all = [...answers, ...rotated].sort((a, b) => a.position - b.position)
  return { ...record, plan, answers, rotated, summary: summarise(plan, all) }
}

const rows = () => [...document.querySelectorAll<HTMLElement>('[role=row][data-index]')]
const card = (id: string) => document.querySelector(`[aria-labelledby="${id}"]`)

async function openRun(protocol: Protocol, language: 'en' | 'zh' = 'en') {
  const record = recordOf(protocol)
  await render(ResultsHarness, { stores: makeStores(record, language).stores, route: RUN })
  await expect.poll(() => rows()[0]?.checkVisibility({ visibilityProperty: true })).toBe(true)
  return record
}

describe('a run by both protocols', () => {
  test('says how often reply and pass differ, overall and by group', async () => {
    const { answers } = await openRun('both')
    await page
      .getByRole('region', { name: 'Reply against forward pass' })
      .getByText('Official-compatible')
      .click()
    await expect
      .element(page.getByText(/10 of 40 answers \(25\.0%; 95% interval 14\.2% to 40\.2%\)/))
      .toBeVisible()
    const unread = answers.filter(({ strictLetter }) => strictLetter === null).length
    await page
      .getByRole('region', { name: 'Reply against forward pass' })
      .getByText('Strict', { exact: true })
      .click()
    expect(unread).toBeGreaterThan(0)
    await expect.poll(() => card('mismatch')?.textContent).toContain(`In ${unread} of these`)
  })

  test('has a column and a filter for each of three scorings', async () => {
    await openRun('both')
    const heads = [...document.querySelectorAll('[role=columnheader]')].map(({ textContent }) =>
      textContent.trim(),
    )
    expect(heads).toEqual(['No.', 'Question', 'Level', 'Key', 'Official', 'Strict', 'Forward', 'Tokens'])
    const first = rows()[0]!
    expect([...first.children].map((cell) => cell.getBoundingClientRect().top)).toEqual(
      Array(8).fill(expect.closeTo(first.children[0]!.getBoundingClientRect().top, -1)),
    )
  })

  test('shows the probability of each option beside it', async () => {
    await openRun('both')
    rows()[1]!.click()
    await expect.poll(() => document.querySelectorAll('.probability').length).toBe(5)
    const shares = [...document.querySelectorAll('.probability .number')].map(
      ({ textContent }) => textContent,
    )
    expect(shares.filter((share) => share.includes('60.0%'))).toHaveLength(1)
    expect(shares.every((share) => share.includes('Probability:'))).toBe(true)
  })
})

describe('a score that does not speak for the whole', () => {
  test('says beside the headline that it is not weighted', async () => {
    const record = recordOf('generate')
    const strata = [
      { language: 'en', level: 1, population: 900, sampled: 20 },
      { language: 'zh', level: 1, population: 100, sampled: 20 },
    ] as const
    const plan = { ...record.plan, strata: [...strata] }
    const equal = { ...plan, selection: { ...plan.selection, design: 'equal' as const } }
    for (const [made, times] of [
      [equal, 1],
      [plan, 0],
    ] as const) {
      const { stores } = makeStores(
        {
          ...record,
          plan: made,
          summary: summarise(
            made,
            [...record.answers, ...record.rotated].sort((a, b) => a.position - b.position),
          ),
        },
        'en',
      )
      await render(ResultsHarness, { stores, route: RUN })
      await expect.poll(() => card('headline')?.textContent.split('Not weighted').length).toBe(times + 1)
      cleanup()
    }
  })
})

describe('rotated answers', () => {
  test('are judged by what they followed and stand beside their plain ones', async () => {
    await openRun('generate')
    await expect.poll(() => card('rotation')?.textContent).toContain('20 questions were answered both ways')
    const cells = [...document.querySelectorAll('[aria-labelledby="rotation"] tbody tr')].map((row) =>
      [...row.children].map(({ textContent }) => textContent.trim().split(/\s/)[0]),
    )
    expect(cells.map(([, count]) => count)).toEqual(['0', '20', '0'])
    // "Any of these" and "以上均可" are among the options of every item.
    await expect.poll(() => card('rotation')?.textContent).toContain('40 of the 40 questions answered')
    expect([0, 1, 2].map((index) => rows()[index]?.querySelector('.again') !== null)).toEqual([
      true,
      false,
      true,
    ])
    rows()[0]!.click()
    await page.getByText('Asked again, options moved on by 1').click()
    await expect.element(page.getByText(/The second answer followed the letter/).first()).toBeVisible()
  })

  test('count towards no accuracy', async () => {
    await openRun('generate')
    await expect.element(page.getByText('40 of 40 answers')).toBeVisible()
  })
})

test('a run of passes alone is judged by them, and shows nothing of replies', async () => {
  await openRun('letters')
  const heads = [...document.querySelectorAll('[role=columnheader]')].map(({ textContent }) =>
    textContent.trim(),
  )
  expect(heads).toContain('Forward')
  expect(heads).not.toContain('Official')
  await expect.element(page.getByRole('radio', { name: 'Forward' })).toBeChecked()
  rows()[0]!.click()
  await expect.element(page.getByText('321 ms')).toBeVisible()
  // The last part of the page: from here on nothing comes that is not there.
  await expect.element(page.getByRole('heading', { name: 'Verify this run' })).toBeVisible()
  expect(page.getByText('The reply is empty.').elements()).toHaveLength(0)
  expect(page.getByText('Cut off at the token limit').elements()).toHaveLength(0)
  expect(card('mismatch')).toBeNull()
})

test.each([
  ['en', 1280],
  ['zh', 360],
] as const)('axe finds nothing and nothing overflows in %s at %d px', async (language, width) => {
  await page.viewport(width, 800)
  await openRun('both', language)
  rows()[0]!.click()
  await expect.poll(() => document.querySelectorAll('.probability').length).toBeGreaterThan(0)
  const { violations } = await axe.run(document.body, {
    runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
  })
  expect(violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`)).toEqual([])
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
})
