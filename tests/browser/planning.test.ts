import axe from 'axe-core'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import { Planning, type PlanningOptions } from '#app/planning.svelte'
import { RunDraft } from '#app/run-draft.svelte'
import type { Stores } from '#app/stores'
import { parseCatalog } from '#core/catalog'
import type { Dataset, DatasetId, Item } from '#core/dataset/item'
import type { EngineResult, Generation } from '#core/engine'
import { ANESBENCH_PROMPTS } from '#core/prompt/anesbench'
import { failure, success } from '#core/result'
import { Locale, type Language } from '#i18n/locale.svelte'
import catalogJson from '../../models.json'
import '../../src/ui/theme.css'
import { makeItem, ENGINE } from '../unit/run/fixtures'
import PlanningHarness from './PlanningHarness.svelte'

afterEach(async () => {
  cleanup()
  await page.viewport(1280, 900)
})

const parsed = parseCatalog(catalogJson)
if (!parsed.ok) throw new Error('models.json')
const { models } = parsed.value
const builtIn = models.find(({ availability }) => availability.kind === 'built-in')!

/** As many as AnesBench has in English. */
const COUNTS = { 1: 2960, 2: 1028, 3: 355, unlabelled: 0 }
const NONE = { 1: 0, 2: 0, 3: 0, unlabelled: 0 }
const DATASET: Dataset = {
  id: 'd' as DatasetId,
  name: 'AnesBench',
  source: { kind: 'built-in' },
  sha256: '',
  itemsSha256: 'items',
  counts: { en: COUNTS, zh: NONE },
  optionCounts: {},
  problemCount: 0,
  importedAt: 0,
}
const ITEMS: Item[] = Array.from({ length: 40 }, (_, index) => makeItem(index))

const reply = (ms: number): Generation => ({
  text: 'Answer: B',
  finish: 'stop',
  promptTokens: 100,
  completionTokens: 5,
  timeToFirstTokenMs: ms / 4,
  decodeMs: (ms * 3) / 4,
})

const preferencesOver = (stored: Map<string, unknown>): PlanningOptions['preferences'] => ({
  get: (name) => Promise.resolve(stored.get(name)),
  set: (name, value) => Promise.resolve(void stored.set(name, structuredClone(value))),
})

/** A draft over AnesBench and planning whose engine takes `replies` in turn. */
function setUp(language: Language = 'en', change: Partial<PlanningOptions> = {}) {
  const times = [90_000, 8000, 9000, 10_000, 11_000, 12_000]
  const generate = vi.fn((): Promise<EngineResult<Generation>> =>
    Promise.resolve(success(reply(times.shift() ?? 10_000))),
  )
  const stored = new Map<string, unknown>()
  const release = vi.fn(() => Promise.resolve())
  const planning = new Planning({
    preferences: preferencesOver(stored),
    locks: { acquire: () => Promise.resolve({ kind: 'held', release }) },
    runs: { summaries: [], load: () => Promise.resolve(null) },
    datasets: {
      itemMetas: () => Promise.resolve(ITEMS.map(({ id, language, level }) => ({ id, language, level }))),
      items: (_, indexes) => Promise.resolve(indexes.flatMap((index) => ITEMS[index] ?? [])),
    },
    models: { ensureLoaded: () => Promise.resolve(success(ENGINE)), loaded: () => ENGINE },
    engine: { generate, scoreLetters: () => Promise.resolve(failure({ kind: 'not-loaded' })) },
    keepAwake: () => () => undefined,
    now: () => 1,
    ...change,
  })
  const draft = new RunDraft(
    { records: models, builtIn, loaded: null, lastChoice: null, find: () => null },
    { list: [DATASET] },
    { list: [ANESBENCH_PROMPTS] },
  )
  const stores = { locale: new Locale(language) } as unknown as Stores
  return { draft, planning, stores, stored, generate, release }
}

async function open(language: Language = 'en', change: Partial<PlanningOptions> = {}) {
  const made = setUp(language, change)
  const { stores, draft, planning } = made
  await render(PlanningHarness, { stores, draft, planning })
  return made
}

const card = () => page.getByRole('region', { name: 'What it tells and what it costs' })
const openFold = () => document.querySelector('summary')!.click()

describe('planning a run', () => {
  test('says what the sample tells, and claims no time before it is measured', async () => {
    await open()
    // 200 of 4,343 questions; Connor's formula with a discordance of 30%.
    await expect.element(card()).toHaveTextContent('±6.7 points')
    await expect.element(card()).toHaveTextContent('±6.9 about questions like these')
    await expect.element(card()).toHaveTextContent('from 10.8 points')
    await expect.element(card()).toHaveTextContent('855 of 4,343 questions')
    await expect.element(card()).toHaveTextContent('For the same claim about questions like these: 1,064.')
    expect(
      card()
        .element()
        .textContent.match(/not measured yet/g),
    ).toHaveLength(2)
  })

  test('measures a few questions, without the first, and remembers their pace', async () => {
    const { planning, stored, generate, release, draft } = await open()
    await page.getByRole('button', { name: 'Measure on this computer' }).click()
    await expect.element(card()).toHaveTextContent('10 sec per question, measured on 5 questions')
    await expect.element(card()).toHaveTextContent('single questions took 8 sec to 12 sec')
    // 200 questions of 10 s; 65 W.
    await expect.element(card()).toHaveTextContent('33 min')
    await expect.element(card()).toHaveTextContent('36 Wh')
    expect(generate).toHaveBeenCalledTimes(6)
    expect(release).toHaveBeenCalledOnce()
    const { planning: again } = setUp('en', { preferences: preferencesOver(stored) })
    await again.restore()
    expect(again.pace(draft.request!)).toEqual(planning.pace(draft.request!))
  })

  test('a measurement can be cancelled and leaves nothing', async () => {
    const { stored, release } = await open('en', {
      engine: {
        generate: (_, __, signal) =>
          new Promise((resolve) =>
            signal.addEventListener('abort', () => resolve(failure({ kind: 'aborted' }))),
          ),
        scoreLetters: () => Promise.resolve(failure({ kind: 'not-loaded' })),
      },
    })
    await page.getByRole('button', { name: 'Measure on this computer' }).click()
    await expect.element(page.getByText('0 of 6 questions')).toBeVisible()
    await page.getByRole('button', { name: 'Cancel measuring' }).click()
    // The keyboard stays where it was.
    await expect.element(page.getByRole('button', { name: 'Measure on this computer' })).toHaveFocus()
    expect(stored.size).toBe(0)
    expect(release).toHaveBeenCalledOnce()
    expect(card().element().textContent).not.toContain('could not be measured')
  })

  test('says when another tab measures, and when the engine fails', async () => {
    await open('en', { locks: { acquire: () => Promise.resolve({ kind: 'busy', holder: 'engine' }) } })
    await page.getByRole('button', { name: 'Measure on this computer' }).click()
    await expect.element(page.getByText('Another tab or run is measuring now')).toBeVisible()
    cleanup()
    const lost = failure({ kind: 'device-lost', detail: '' } as const)
    await open('en', { models: { ensureLoaded: () => Promise.resolve(lost), loaded: () => null } })
    await page.getByRole('button', { name: 'Measure on this computer' }).click()
    await expect.element(page.getByText('The speed could not be measured.')).toBeVisible()
  })

  test('takes over the sample size that a precision costs, and remembers the target', async () => {
    const { draft, stored } = await open()
    await page.getByLabelText('Wanted precision, ± points').fill('5')
    await page.getByRole('button', { name: 'Ask 350' }).click()
    expect(draft.selection.items).toBe(350)
    await expect.element(card()).toHaveTextContent('±5 points')
    await expect.poll(() => (stored.get('planning') as { targetPoints: number }).targetPoints).toBe(5)
    await page.getByLabelText('Wanted precision, ± points').fill('0')
    await expect.element(page.getByText('A number above 0, up to 50.')).toBeVisible()
  })

  test('knows less of the whole when cells are asked in equal numbers', async () => {
    const { draft } = await open()
    draft.selection.design = 'equal'
    await expect.element(card()).toHaveTextContent('±8.4 points')
  })
})

describe('ending early', () => {
  test('a precision needs a simple random sample, and one press makes it one', async () => {
    const { draft } = await open()
    openFold()
    await page.getByLabelText('When the interval is no wider than ± points').fill('15')
    await expect.element(page.getByText('A stratified sample cannot end this way')).toBeVisible()
    expect(draft.request?.budget.halfWidth).toBeNull()
    await page.getByRole('button', { name: 'Draw a simple random sample' }).click()
    expect(draft.request).toMatchObject({ selection: { design: 'simple' }, budget: { halfWidth: 0.15 } })
    await expect
      .element(page.getByText(/Narrow enough after 1\d\d of 4,343 questions if half are right/))
      .toBeVisible()
    await page.getByLabelText('When the interval is no wider than ± points').fill('3')
    await expect.element(page.getByText('At 50% right, 200 questions are not enough')).toBeVisible()
  })

  test('minutes are taken over, and what is no time is refused', async () => {
    const { draft } = await open()
    openFold()
    await page.getByLabelText('After minutes of answering').fill('30')
    await expect.element(page.getByText('after 30 min')).toBeVisible()
    expect(draft.request?.budget).toEqual({ minutes: 30, halfWidth: null })
    await page.getByLabelText('After minutes of answering').fill('0')
    expect(draft.request).toBeNull()
  })
})

describe.each([
  ['en', 1280],
  ['zh', 360],
] as const)('in %s at %i px', (language, width) => {
  test('axe finds nothing, nothing overflows, and the keyboard reaches every control', async () => {
    await page.viewport(width, 900)
    await open(language)
    for (const details of document.querySelectorAll('details')) details.open = true
    const { violations } = await axe.run(document.body, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
      rules: {
        region: { enabled: false },
        'document-title': { enabled: false },
        'html-has-lang': { enabled: false },
      },
    })
    expect(violations.map(({ id }) => id)).toEqual([])
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
    const controls = [...document.querySelectorAll<HTMLElement>('summary, input, button:not(:disabled)')]
    expect(controls.length).toBeGreaterThan(8)
    const reached: (Element | null)[] = []
    while (reached.length < controls.length) {
      await userEvent.keyboard('{Tab}')
      reached.push(document.activeElement)
    }
    expect(reached).toEqual(controls)
  })
})
