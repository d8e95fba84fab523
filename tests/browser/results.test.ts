import { afterEach, describe, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import type { Answer } from '#core/run/types'
import type { Route } from '#ui/router.ts'
import '../../src/ui/theme.css'
import { axeViolations } from './axe-violations'
import ResultsHarness from './ResultsHarness.svelte'
import { makeRecord, makeStores } from './results-fixture'

const RUN: Route = { page: 'results', runId: 'run-1' }
type Size = [width: number, height: number]
const WIDE: Size = [1280, 900]
const NARROW: Size = [360, 740]

afterEach(async () => {
  cleanup()
  await page.viewport(...WIDE)
})

async function openRun(count: number, language: 'en' | 'zh' = 'en') {
  const record = makeRecord(count)
  const made = makeStores(record, language)
  await render(ResultsHarness, { stores: made.stores, route: RUN })
  await expect.element(page.getByRole('grid')).toBeVisible()
  await expect.poll(() => rows()[0]?.checkVisibility({ visibilityProperty: true })).toBe(true)
  return { ...made, record }
}

const rows = () => [...document.querySelectorAll<HTMLElement>('[role=row][data-index]')]
const shownCount = () => document.querySelector('.shown [role=status]')?.textContent.trim()

test('the outline leads to every part of the page', async () => {
  await openRun(40)
  const outline = page.getByRole('navigation', { name: 'On this page:' })
  const titles = () => [...document.querySelectorAll('h2')].map((heading) => heading.textContent)
  await expect
    .poll(() =>
      outline
        .getByRole('button')
        .elements()
        .map((button) => button.textContent),
    )
    .toEqual(titles())
  await outline.getByRole('button', { name: 'Answers', exact: true }).click()
  await expect.poll(() => document.activeElement?.id).toBe('answers')
})

describe('10,000 answers', () => {
  test('only a window of rows is in the DOM, wherever the table is scrolled', async () => {
    await openRun(10_000)
    expect(page.getByRole('grid').element().getAttribute('aria-rowcount')).toBe('10001')
    expect(rows().length).toBeLessThan(60)
    const scroller = rows()[0]?.closest('.body')
    scroller?.scrollTo({ top: scroller.scrollHeight / 2 })
    await expect.poll(() => rows().some((row) => Number(row.dataset['index']) > 4900)).toBe(true)
    expect(rows().length).toBeLessThan(60)
  })

  test('every filter shows as many answers as it foretold', async () => {
    const { record } = await openRun(10_000)
    const shows = (count: string | undefined) => expect.poll(shownCount).toBe(`${count} of 10,000 answers`)
    await shows('10,000')
    const search = document.querySelector<HTMLInputElement>('input[type=search]')!
    const level = document.querySelectorAll('select')[1]!
    const choose = (value: string) => {
      level.value = value
      level.dispatchEvent(new Event('change', { bubbles: true }))
    }
    const type = (value: string) => {
      search.value = value
      search.dispatchEvent(new Event('input', { bubbles: true }))
    }
    const foretold = (label: Element) => /\(([\d,]+)\)/.exec(label.textContent)?.[1]
    const fitting = (fits: (answer: Answer) => boolean) =>
      record.answers.filter(fits).length.toLocaleString('en')

    choose('2')
    await shows(fitting(({ item }) => item.level === 2))
    choose('')
    await shows('10,000')
    for (const control of [...document.querySelectorAll('.choice')].slice(1, 4)) {
      const count = foretold(control)
      ;(control as HTMLElement).click()
      await shows(count)
    }
    document.querySelector<HTMLElement>('.choice')!.click()
    await shows('10,000')
    for (const [words, language] of [
      ['卢米凡', 'zh'],
      ['LUMIVANE', 'en'],
    ] as const) {
      type(words)
      await shows(fitting(({ item }) => item.language === language))
    }
    type('')
    await shows('10,000')
    const disagreeing = document.querySelector('.check')!
    const count = foretold(disagreeing)
    disagreeing.querySelector('input')!.click()
    await shows(count)
  })

  test('the keyboard reaches every row and Enter opens it', async () => {
    await openRun(10_000)
    const focused = () => (document.activeElement as HTMLElement | null)?.dataset['index']
    rows()[0]?.focus()
    await userEvent.keyboard('{ArrowDown}{ArrowDown}')
    await expect.poll(focused).toBe('2')
    await userEvent.keyboard('{End}')
    await expect.poll(focused).toBe('9999')
    expect(rows().filter((row) => row.tabIndex === 0)).toHaveLength(1)
    await userEvent.keyboard('{PageUp}')
    await expect.poll(() => Number(focused())).toBeLessThan(9999)
    await userEvent.keyboard('{Home}')
    await expect.poll(focused).toBe('0')
    await userEvent.keyboard('{Enter}')
    await expect.element(page.getByRole('heading', { name: 'Question 1', exact: true })).toBeVisible()
    await userEvent.keyboard('{ArrowDown}')
    await expect.element(page.getByRole('heading', { name: 'Question 2', exact: true })).toBeVisible()
    await userEvent.keyboard('{Escape}')
    await expect.poll(() => document.querySelector('#answer-title')).toBeNull()
    await expect.poll(focused).toBe('1')
  })
})

describe('a run', () => {
  test('filters narrow the rows and the counts foretell them', async () => {
    await openRun(300)
    const wrong = document.querySelectorAll<HTMLElement>('.choice')[2]!
    const foretold = /\((\d+)\)/.exec(wrong.textContent)?.[1]
    wrong.click()
    await expect.poll(shownCount).toBe(`${foretold} of 300 answers`)
    await page.getByRole('button', { name: 'Clear filters' }).click()
    await expect.poll(shownCount).toBe('300 of 300 answers')
    await page.getByRole('searchbox').fill('no such words anywhere')
    await expect.element(page.getByText('No answer fits these filters.')).toBeVisible()
  })

  test('model output and items are shown as text, never as markup', async () => {
    await openRun(20)
    rows()[0]!.click()
    await page.getByText(/^Reasoning/).click()
    await expect.element(page.getByText('<img src=x onerror=alert(1)>')).toBeVisible()
    expect(document.querySelectorAll('main img, main b')).toHaveLength(0)
  })

  test('a doubt about a key is stored with its note, shown in the table, and can be withdrawn', async () => {
    const { flag } = await openRun(20)
    rows()[1]!.click()
    await page.getByLabelText('Why the key is doubtful').fill('two right answers')
    await page.getByRole('button', { name: 'Mark the key as doubtful' }).click()
    expect(flag).toHaveBeenCalledWith('run-1', 1, 'two right answers')
    await expect.poll(() => rows()[1]?.querySelector('.doubt')).not.toBeNull()
    await expect.element(page.getByText('Key doubted (1)')).toBeVisible()
    await page.getByRole('button', { name: 'Withdraw the doubt' }).click()
    expect(flag).toHaveBeenLastCalledWith('run-1', 1, null)
    await expect.poll(() => rows()[1]?.querySelector('.doubt')).toBeNull()
  })

  test('deleting offers the way back', async () => {
    const { remove, undo } = await openRun(20)
    await page.getByRole('button', { name: 'Delete' }).click()
    expect(remove).toHaveBeenCalledWith('run-1')
    await page.getByRole('button', { name: 'Undo' }).click()
    expect(undo).toHaveBeenCalledOnce()
    location.hash = ''
  })

  test.each([
    ['paused', /The next one decides: when the run goes on/],
    ['stopped', /the run ended before they could be compared/],
  ] as const)('answers that are held back are counted and named: %s', async (kind, text) => {
    const record = makeRecord(6)
    const state = { kind, reason: 'user', failure: null } as const
    const held = { from: 6, tallies: [] }
    const summary = { ...record.summary, state, answered: 9, total: 12, held }
    const { stores } = makeStores({ ...record, summary })
    await render(ResultsHarness, { stores, route: RUN })
    await expect.element(page.getByText('Some answers are held back')).toBeVisible()
    await expect.element(page.getByText(/stored but not counted: 3\./)).toBeVisible()
    await expect.element(page.getByText(text)).toBeVisible()
    await expect.element(page.getByText(/Scores cover the 6 answered of 12/)).toBeVisible()
  })

  test('a run that is not here is said to be missing', async () => {
    const { stores } = makeStores(null)
    await render(ResultsHarness, { stores, route: RUN })
    await expect.element(page.getByText('This run is not in this browser')).toBeVisible()
  })
})

describe.each<{ language: 'en' | 'zh'; size: Size }>([
  { language: 'en', size: WIDE },
  { language: 'zh', size: NARROW },
])('in $language at $size.0 px', ({ language, size }) => {
  test('axe finds nothing and nothing overflows, list, run and open answer alike', async () => {
    await page.viewport(...size)
    const { stores, record } = await openRun(200, language)
    const overflow = () => document.documentElement.scrollWidth - window.innerWidth
    expect(await axeViolations()).toEqual([])
    expect(overflow()).toBeLessThanOrEqual(0)
    rows()[2]!.click()
    await expect.poll(() => document.querySelector('.detail')).not.toBeNull()
    expect(await axeViolations()).toEqual([])
    expect(overflow()).toBeLessThanOrEqual(0)
    cleanup()
    await render(ResultsHarness, { stores, route: { page: 'results' } })
    await expect.element(page.getByRole('heading', { level: 1 })).toBeVisible()
    const none = record.answers.filter(({ strictLetter }) => strictLetter === null).length
    expect(none).toBeGreaterThan(0)
    const label = language === 'en' ? 'No answer: ' : '未读出：'
    const shown = [...document.querySelectorAll('dd p')].map(({ textContent }) => textContent)
    expect(shown).toEqual([`${label}0`, `${label}${none}`])
    expect(await axeViolations()).toEqual([])
    expect(overflow()).toBeLessThanOrEqual(0)
  })
})

test('the empty list leads to the benchmark', async () => {
  const { stores } = makeStores(null)
  await render(ResultsHarness, { stores, route: { page: 'results' } })
  await expect.element(page.getByRole('link', { name: 'Set up a benchmark run' })).toBeVisible()
})
