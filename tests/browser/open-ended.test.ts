import axe from 'axe-core'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import { OpenEnded, type OpenSession } from '#app/open-ended.svelte'
import { Studies } from '#app/studies.svelte'
import type { Stores } from '#app/stores'
import type { ComparedModel } from '#core/chat/comparison'
import type { GenerationRequest } from '#core/engine'
import { COMPARISON_PROMPTS } from '#core/open-ended/prompts'
import type { OpenEvent } from '#core/open-ended/types'
import { success } from '#core/result'
import type { StudyId } from '#core/study/types'
import { openDatabase, type SomnusDatabase } from '#data/db/schema'
import { StudyLog } from '#data/db/studies'
import { Locale, type Language } from '#i18n/locale.svelte'
import OpenView from '#ui/lab/open-ended/OpenView.svelte'
import '../../src/ui/theme.css'
import { engine, model } from '../unit/cross-filter/fixture'
import StoresHarness from './StoresHarness.svelte'

let name: string
let database: SomnusDatabase

beforeEach(async () => {
  name = `test-${crypto.randomUUID()}`
  database = await openDatabase({ onBlocked: () => undefined, onOutdated: () => undefined }, name)
})

afterEach(async () => {
  cleanup()
  await page.viewport(1280, 900)
  database.close()
  await new Promise<void>((resolve) => {
    indexedDB.deleteDatabase(name).onsuccess = () => resolve()
  })
})

async function evaluated(): Promise<{ openEnded: OpenEnded; session: OpenSession }> {
  let loaded: ComparedModel | null = null
  const studies = new Studies({
    log: new StudyLog<OpenEvent>(database, 'open-ended'),
    channel: { tell: () => undefined, hear: () => undefined },
    now: () => 1,
    newId: () => crypto.randomUUID() as StudyId,
  })
  const openEnded = new OpenEnded({
    studies,
    engine: {
      generate: ({ messages }: GenerationRequest) => {
        const text = loaded?.name === 'First' ? `About ${messages[0]?.content}` : 'Something else.'
        const times = { promptTokens: 9, completionTokens: 5, timeToFirstTokenMs: 3, decodeMs: 7 }
        return Promise.resolve(success({ text, finish: 'stop' as const, ...times }))
      },
      // Always the answer that stands first.
      scoreLetters: () =>
        Promise.resolve(success({ probabilities: [0.8, 0.1, 0.1], promptTokens: 50, elapsedMs: 2 })),
    },
    models: {
      loaded: null,
      load: (choice) => {
        loaded = { ...model(choice.modelId), variantId: choice.variantId }
        return Promise.resolve(success(engine(choice.modelId)))
      },
    },
    locks: { acquire: () => Promise.resolve({ kind: 'held', release: () => Promise.resolve() }) },
    startImport: () => {
      throw new Error('no files here')
    },
    isEngineTaken: () => false,
    keepAwake: () => () => undefined,
    now: () => 1,
    newRater: () => crypto.randomUUID(),
    appVersion: 'test',
  })
  const created = await openEnded.create({
    name: 'Evaluation',
    pairs: [0, 1].map((index) => ({
      ...{ id: null, question: `Question ${index}?`, answer: `About question ${index}.` },
      ...{ language: 'en' as const, file: 'questions.jsonl', row: index + 1 },
    })),
    files: [{ name: 'questions.jsonl', sha256: 'f'.repeat(64) }],
    problemCount: 0,
    models: [model('First'), model('Second')],
    judge: model('Judge'),
    maxTokens: 64,
    prompts: COMPARISON_PROMPTS,
    seed: 3,
  })
  if (!created.ok) throw new Error(created.failure.kind)
  const session = await openEnded.open(created.value)
  if (!session || session === 'damaged') throw new Error('not there')
  await openEnded.resume(session)
  return { openEnded, session }
}

async function show(language: Language) {
  const made = await evaluated()
  const stores = {
    locale: new Locale(language),
    models: { awaitedJob: undefined },
    engine: { state: { kind: 'idle' } },
    notices: { show: () => undefined },
  } as unknown as Stores
  await render(StoresHarness, {
    ...{ stores, components: [OpenView], given: { ...made, name: 'Evaluation' } },
  })
  return made
}

async function faults(): Promise<string[]> {
  const { violations } = await axe.run('main', { runOnly: ['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'] })
  return violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`))
}

test('rated blindly by keyboard alone, stored question by question, gone on with later', async () => {
  const { openEnded, session } = await show('en')
  await expect.element(page.getByText('Tie: the orders contradict each other (order flip)')).toBeVisible()
  await userEvent.click(page.getByRole('button', { name: 'Rate as a new rater' }))
  await expect.element(page.getByRole('heading', { name: 'Question 1 of 2' })).toBeVisible()
  expect(document.querySelector('main')?.textContent).not.toContain('First')
  await userEvent.click(page.getByRole('spinbutton', { name: 'Coherence, Left answer' }))
  await userEvent.keyboard('{Enter}')
  await expect.element(page.getByText(/a whole number from 0 to 10/)).toBeVisible()
  for (let field = 0; field < 10; field += 1) await userEvent.keyboard(`${field < 5 ? 9 : 2}{Tab}`)
  await userEvent.keyboard('{Enter}')
  await expect.element(page.getByRole('heading', { name: 'Question 2 of 2' })).toHaveFocus()
  const stored = await openEnded.open(session.id)
  if (!stored || stored === 'damaged') throw new Error('not there')
  const rating = stored.state.raters[0]?.ratings.get(0)
  expect(rating?.grades[rating.left].usefulness).toBe(9)
  expect(rating?.grades[rating.left === 0 ? 1 : 0].usefulness).toBe(2)
  expect(await faults()).toEqual([])
  await userEvent.click(page.getByRole('button', { name: 'Leave; go on later' }))
  await userEvent.click(page.getByRole('button', { name: 'Go on as Rater 1' }))
  await expect.element(page.getByRole('heading', { name: 'Question 2 of 2' })).toBeVisible()
})

test.each([
  ['en', 1280],
  ['zh', 360],
] as const)('results in %s, %i px wide, within the page and without faults', async (language, width) => {
  await page.viewport(width, 800)
  await show(language)
  await expect.poll(() => document.querySelector('#open-verdicts ~ [role=region]')).not.toBeNull()
  expect(await faults()).toEqual([])
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
  await userEvent.click(document.querySelector('#open-raters ~ form button')!)
  await expect.poll(() => document.querySelectorAll('input[type=number]').length).toBe(10)
  expect(await faults()).toEqual([])
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
})
