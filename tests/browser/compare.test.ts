import { afterEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import type { RunRecord } from '#data/db/runs'
import '../../src/ui/theme.css'
import { axeViolations } from './axe-violations'
import ResultsHarness from './ResultsHarness.svelte'
import { makeCompareStores, makeComparison, type OtherRun } from './compare-fixture'

type Size = [width: number, height: number]
const WIDE: Size = [1280, 900]
const NARROW: Size = [360, 740]
const QWEN: OtherRun = { model: 'Qwen2.5-7B-Instruct', right: 0.4, quantization: 'q4f32_1' }
const HYPNOS: OtherRun = { model: 'Hypnos', right: 0.62 }

afterEach(async () => {
  cleanup()
  location.hash = ''
  delete document.documentElement.dataset['theme']
  await page.viewport(...WIDE)
})

async function openComparison(records: readonly RunRecord[], language: 'en' | 'zh' = 'en') {
  const compared = records.map(({ plan }) => plan.id)
  await render(ResultsHarness, {
    stores: makeCompareStores(records, language),
    route: { page: 'results', compared },
  })
  await expect.poll(() => document.querySelector('#verdict'), { timeout: 20_000 }).not.toBeNull()
}

const rows = () => [...document.querySelectorAll<HTMLElement>('[role=row][data-index]')]
const sentence = () => document.querySelector('.sentence')?.textContent ?? ''
const shownFlips = () =>
  Number(
    /^[\d,]+/.exec(document.querySelector('[data-shown]')?.textContent.trim() ?? '')?.[0].replace(',', ''),
  )

async function rowsVisible() {
  await expect.poll(() => rows()[0]?.checkVisibility({ visibilityProperty: true })).toBe(true)
}

test('a run of passes is judged by them beside replies, and the page says so', async () => {
  const [replied, passed] = makeComparison(60, [QWEN]) as [RunRecord, RunRecord]
  const plan = { ...passed.plan, protocol: 'letters' as const }
  const answers = passed.answers.map((answer) => ({
    ...answer,
    officialLetter: null,
    strictLetter: null,
    forward: { probabilities: [0.2], letter: answer.officialLetter, promptTokens: 9, elapsedMs: 9 },
  }))
  const summary = { ...passed.summary, plan: { ...passed.summary.plan, protocol: 'letters' as const } }
  await openComparison([replied, { ...passed, plan, answers, summary }])
  await expect.element(page.getByText(/has no reading “Official-compatible”/)).toBeVisible()
  await expect.element(page.getByText(/These runs also differ in: .*protocol/)).toBeVisible()
  await page.getByText('Single forward pass', { exact: true }).first().click()
  await expect.element(page.getByText(/has no reading “Single forward pass”/)).toBeVisible()
  await rowsVisible()
  rows()[0]!.click()
  await expect.element(page.getByText('Letter probabilities of the single forward pass:')).toBeVisible()
})

describe('choosing runs', () => {
  test('two ticked runs lead to their comparison', async () => {
    const records = makeComparison(60, [QWEN, HYPNOS])
    await render(ResultsHarness, { stores: makeCompareStores(records), route: { page: 'results' } })
    const compare = page.getByRole('button', { name: 'Compare' })
    await expect.element(compare).toHaveAttribute('aria-disabled', 'true')
    await page.getByLabelText('Compare “Qwen2.5-7B-Instruct on AnesBench”').click()
    await compare.click({ force: true })
    expect(location.hash).toBe('')
    await page.getByLabelText('Compare “Hypnos on AnesBench”').click()
    await compare.click()
    await expect.poll(() => location.hash).toBe('#/results/compare/run-2/run-3')
  })

  test('one run alone offers no comparison', async () => {
    await render(ResultsHarness, {
      stores: makeCompareStores(makeComparison(20, [])),
      route: { page: 'results' },
    })
    await expect.element(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(document.querySelectorAll('input[type=checkbox]')).toHaveLength(0)
  })
})

describe('a comparison', () => {
  test('says which run is better, with what else differs, and keeps the safety sentence', async () => {
    await openComparison(makeComparison(400, [QWEN]))
    expect(sentence()).toMatch(/^Morpheus-7B is better than Qwen2\.5-7B-Instruct: on 400 common questions/)
    await expect
      .element(page.getByText('These runs also differ in: quantization.', { exact: false }))
      .toBeVisible()
    await expect.element(page.getByText('An exam score is not clinical safety')).toBeVisible()
    await expect.element(page.getByText('q4f32_1', { exact: true })).toBeVisible()
  })

  test('says "not decisive" when it is not, and what could have been found', async () => {
    await openComparison(makeComparison(80, [{ ...HYPNOS, right: 0.56 }]))
    expect(sentence()).toMatch(/^Not decisive: on 80 common questions, Morpheus-7B minus Hypnos is/)
    await expect.element(page.getByText(/a true difference of less than about [\d.]+ points/)).toBeVisible()
  })

  test('says so in Chinese, with what the items tell of the whole', async () => {
    await openComparison(makeComparison(80, [{ ...HYPNOS, right: 0.56 }]), 'zh')
    expect(sentence()).toMatch(/^尚无定论：在 80 道共有题目上，Morpheus-7B 减 Hypnos 为/)
    await expect.element(page.getByText('对这些语言和级别全部 160 题的估计')).toBeVisible()
  })

  test('the strict scoring is judged anew', async () => {
    await openComparison(makeComparison(400, [QWEN]))
    const official = sentence()
    await page.getByText('Strict', { exact: true }).click()
    await expect.poll(sentence).not.toBe(official)
  })

  test('the picture has a text, and its numbers stand in a table', async () => {
    await openComparison(makeComparison(200, [QWEN]))
    const picture = page.getByRole('img', { name: /^Difference in accuracy, Morpheus-7B minus Qwen/ })
    await expect.element(picture).toBeVisible()
    const total = [...document.querySelectorAll('tr.sum')].at(-1)
    expect(total?.textContent).toMatch(/Total.*200.*[+-]\d+\.\d.*(0\.\d{3}|<0\.001)/s)
    expect(document.querySelectorAll('svg[role=img] .floor').length).toBeGreaterThan(5)
  })

  test('a published result is a line with its warning, and AMCQA is never drawn', async () => {
    await openComparison(makeComparison(200, [QWEN]))
    const references = () => document.querySelectorAll('svg[role=img] .reference').length
    expect(references()).toBe(0)
    const select = page.getByLabelText('Show a published result as a reference line')
    await select.selectOptions('paper-main/Qwen2.5-7B-Instruct')
    // Three levels and the whole of two languages.
    await expect.poll(references).toBe(8)
    await expect.element(page.getByText('Not the same questions', { exact: false })).toBeVisible()
    await expect.element(page.getByText(/Published accuracy of.*second-hand/)).toBeVisible()
    await select.selectOptions('leaderboard-2025-05/Qwen3-8B')
    await expect.poll(references).toBe(4)
  })

  test('runs on another benchmark get no published result', async () => {
    const records = makeComparison(50, [QWEN]).map((record) => {
      const dataset = { ...record.plan.dataset, name: 'Formulary' }
      const plan = { ...record.plan, dataset }
      return { ...record, plan, summary: { ...record.summary, plan } }
    })
    await openComparison(records)
    await expect.element(page.getByText('These runs did not use AnesBench', { exact: false })).toBeVisible()
  })

  test('of three runs every pair can be looked at', async () => {
    await openComparison(makeComparison(300, [QWEN, HYPNOS]))
    expect(sentence()).toMatch(/pairs/)
    await expect
      .element(page.getByRole('heading', { name: /^Difference: Morpheus-7B minus Qwen/ }))
      .toBeVisible()
    await page.getByRole('button', { name: 'Look at Qwen2.5-7B-Instruct minus Hypnos' }).click()
    await expect
      .element(page.getByRole('heading', { name: /^Difference: Qwen.* minus Hypnos/ }))
      .toBeVisible()
    await expect.element(page.getByText('Adjusted for all pairs (Holm)').last()).toBeVisible()
  })

  test('items of other content are refused and counted', async () => {
    const [first, second] = makeComparison(100, [QWEN])
    if (!first || !second) throw new Error('no runs')
    const answers = second.answers.map((answer, index) =>
      index < 3 ? { ...answer, item: { ...answer.item, stem: 'Changed' } } : answer,
    )
    await openComparison([first, { ...second, answers }])
    expect(sentence()).toContain('97 common questions')
    await expect.element(page.getByText('text or options 3, key 0, level 0')).toBeVisible()
  })

  test('a run that is not here is said to be missing', async () => {
    await render(ResultsHarness, {
      stores: makeCompareStores(makeComparison(10, [QWEN])),
      route: { page: 'results', compared: ['run-1', 'gone'] },
    })
    await expect.element(page.getByText('Not all of these runs are in this browser')).toBeVisible()
  })

  test('exports the statistics without questions', async () => {
    const saved: File[] = []
    const create = vi.spyOn(URL, 'createObjectURL').mockImplementation((file) => {
      saved.push(file as File)
      return 'blob:test'
    })
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined)
    await openComparison(makeComparison(50, [QWEN]))
    await page.getByRole('button', { name: 'JSON, complete' }).click()
    await expect.poll(() => saved.length).toBe(1)
    const text = (await saved[0]?.text()) ?? ''
    expect(JSON.parse(text)).toMatchObject({
      format: 'somnus-comparison',
      official: { pairs: [{ first: 0 }] },
    })
    expect(text).not.toContain('fictional patient')
    await page.getByRole('button', { name: 'CSV, one row per question' }).click()
    await expect.poll(() => saved.length).toBe(2)
    expect((await saved[1]?.text())?.trimEnd().split('\r\n')).toHaveLength(51)
    create.mockRestore()
    click.mockRestore()
  })
})

describe('flipped questions', () => {
  test('are filtered by who was right, and the counts foretell it', async () => {
    await openComparison(makeComparison(300, [QWEN]))
    await rowsVisible()
    const all = shownFlips()
    const label = page.getByText(/Qwen2\.5-7B-Instruct \(\d+\)/)
    const foretold = Number(/\((\d+)\)/.exec(label.element().textContent)?.[1])
    await label.click()
    await expect.poll(shownFlips).toBe(foretold)
    expect(foretold).toBeLessThan(all)
  })

  test('both replies are read side by side, by keyboard alone', async () => {
    await openComparison(makeComparison(300, [QWEN]))
    await rowsVisible()
    rows()[0]?.focus()
    await userEvent.keyboard('{ArrowDown}{Enter}')
    const dialog = page.getByRole('dialog')
    await expect.element(dialog.getByRole('region', { name: 'Reply of Morpheus-7B' })).toBeVisible()
    await expect.element(dialog.getByRole('region', { name: 'Reply of Qwen2.5-7B-Instruct' })).toBeVisible()
    const question = () => document.querySelector('dialog .stem')?.textContent
    const before = question()
    await dialog.getByRole('button', { name: 'Next →' }).click()
    await expect.poll(question).not.toBe(before)
    expect(await axeViolations()).toEqual([])
    await userEvent.keyboard('{Escape}')
    await expect.poll(() => document.querySelector('dialog .stem')).toBeNull()
    await expect.poll(() => (document.activeElement as HTMLElement | null)?.dataset['index']).toBe('2')
  })
})

describe.each<{ language: 'en' | 'zh'; size: Size; theme: string }>([
  { language: 'en', size: WIDE, theme: 'light' },
  { language: 'zh', size: NARROW, theme: 'dark' },
])('in $language at $size.0 px, $theme', ({ language, size, theme }) => {
  test('axe finds nothing and nothing overflows, list and comparison alike', async () => {
    await page.viewport(...size)
    document.documentElement.dataset['theme'] = theme
    const records = makeComparison(200, [QWEN, HYPNOS])
    const overflow = () => document.documentElement.scrollWidth - window.innerWidth
    await openComparison(records, language)
    await rowsVisible()
    expect(await axeViolations()).toEqual([])
    expect(overflow()).toBeLessThanOrEqual(0)
    cleanup()
    await render(ResultsHarness, { stores: makeCompareStores(records, language), route: { page: 'results' } })
    await expect.element(page.getByRole('heading', { level: 1 })).toBeVisible()
    expect(await axeViolations()).toEqual([])
    expect(overflow()).toBeLessThanOrEqual(0)
  })
})

describe('100,000 answers', () => {
  test('are compared and filtered with only a window of rows in the DOM', async () => {
    await openComparison(makeComparison(50_000, [QWEN]))
    await rowsVisible()
    expect(sentence()).toContain('50,000 common questions')
    const all = shownFlips()
    expect(all).toBeGreaterThan(10_000)
    expect(rows().length).toBeLessThan(60)
    document.querySelectorAll<HTMLInputElement>('[role=search] input[type=radio]')[1]?.click()
    await expect.poll(shownFlips).toBeLessThan(all)
    expect(rows().length).toBeLessThan(60)
  })
})
