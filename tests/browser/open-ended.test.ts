import { expect, test } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-svelte'
import { OpenEnded, type NewEvaluation } from '#app/open-ended.svelte'
import { standingOf } from '#app/studies.svelte'
import { perAspect } from '#core/cross-filter/score'
import type { GenerationRequest, LetterRequest } from '#core/engine'
import type { OpenFile } from '#core/open-ended/export'
import { comparisonMessages, COMPARISON_PROMPTS, comparisonSource } from '#core/open-ended/prompts'
import { answersTo, OpenFold } from '#core/open-ended/state'
import type { OpenEvent } from '#core/open-ended/types'
import { success } from '#core/result'
import type { SomnusDatabase } from '#data/db/schema'
import { sha256OfText } from '#data/sha256'
import type { Language } from '#i18n/locale.svelte'
import OpenView from '#ui/lab/open-ended/OpenView.svelte'
import StudyList from '#ui/lab/StudyList.svelte'
import { model } from '../unit/cross-filter/fixture'
import StoresHarness from './StoresHarness.svelte'
import { database, faults, reopen, storesOf, turnPorts } from './turn-studies-fixture'
import { exported, fresh, imported } from './workspace-fixture'

/** What the judge was sent. */
let asked: string[]

function makeOpenEnded(stored: SomnusDatabase): OpenEnded {
  const { ports } = turnPorts<OpenEvent>(stored, 'open-ended')
  return new OpenEnded({
    ...ports,
    newRater: () => crypto.randomUUID(),
    engine: {
      generate: ({ messages }: GenerationRequest) => {
        const isFirst = ports.models.loaded?.model.id === 'First'
        const text = isFirst ? `About ${messages[0]?.content}` : 'Something else.'
        const times = { promptTokens: 9, completionTokens: 5, timeToFirstTokenMs: 3, decodeMs: 7 }
        return Promise.resolve(success({ text, finish: 'stop' as const, ...times }))
      },
      // Always the answer that stands first.
      scoreLetters: ({ messages }: LetterRequest) => {
        asked.push(messages[0]?.content ?? '')
        return Promise.resolve(success({ probabilities: [0.8, 0.1, 0.1], promptTokens: 50, elapsedMs: 2 }))
      },
    },
  })
}

async function made(change: Partial<NewEvaluation> = {}) {
  asked = []
  const openEnded = makeOpenEnded(database)
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
    ...change,
  })
  if (!created.ok) throw new Error(created.failure.kind)
  return { openEnded, session: await reopen(openEnded, created.value) }
}

async function evaluated(change: Partial<NewEvaluation> = {}) {
  const all = await made(change)
  await all.openEnded.resume(all.session)
  return all
}

async function show(language: Language, change: Partial<NewEvaluation> = {}) {
  const all = await evaluated(change)
  await render(StoresHarness, {
    ...{ stores: storesOf(language), components: [OpenView], given: { ...all, name: 'Evaluation' } },
  })
  return all
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
  const stored = await reopen(openEnded, session.id)
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
  for (const details of document.querySelectorAll('details')) details.open = true
  expect([...document.querySelectorAll('pre')].map(({ textContent }) => textContent)).toEqual([
    COMPARISON_PROMPTS.user.en,
    asked[0],
  ])
  expect(await faults()).toEqual([])
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
  await userEvent.click(document.querySelector('#open-raters ~ form button')!)
  await expect.poll(() => document.querySelectorAll('input[type=number]').length).toBe(10)
  expect(await faults()).toEqual([])
  expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
})

test('two models of one name are shown side by side', async () => {
  await show('en', { models: [model('First'), { ...model('Second'), name: 'First' }] })
  await expect
    .poll(() => document.querySelectorAll('#open-verdicts ~ [role=region] tbody tr'))
    .toHaveLength(5)
})

const EDITED = { ...COMPARISON_PROMPTS, user: { ...COMPARISON_PROMPTS.user } }
EDITED.user.en = EDITED.user.en.replace('Reply with', 'Please reply with')

const gradesOf = (grade: number) => perAspect(() => grade)

test('what is saved has all of it, and comes back from an archive', async () => {
  const { openEnded, session } = await evaluated({ prompts: EDITED })
  const rater = await openEnded.join(session, 'Ann')
  if (!rater.ok) throw new Error(rater.failure.kind)
  await openEnded.rate(session, rater.value, 1, [gradesOf(9), gradesOf(2)])
  const text = await (await openEnded.jsonFile(session, 'Notice.'))!.text()

  // From the file alone: the state, what the judge was sent, and whose weights did what.
  const file = JSON.parse(text) as OpenFile
  const fold = new OpenFold()
  for (const event of file.events) expect(fold.add(event)).toBeNull()
  const state = fold.state!
  expect(state).toEqual(session.state)
  const { question, answer: reference, language } = state.pairs[0]!
  const [first, second] = answersTo(state, 0)!
  const texts = { question, reference, language }
  expect(asked.slice(0, 2)).toEqual([
    comparisonMessages({ ...texts, first, second }, file.judge_prompts!)[0]?.content,
    comparisonMessages({ ...texts, first: second, second: first }, file.judge_prompts!)[0]?.content,
  ])
  expect(asked[0]).toContain('Please reply with one letter only.')
  expect(file.judge_prompts).toMatchObject({
    ...{ wording: 'edited', sha256: await sha256OfText(comparisonSource(EDITED)) },
  })
  const works = [...state.authors, state.judge!]
  expect(works.map(({ engine }) => engine?.fingerprint)).toEqual(['First', 'Second', 'Judge'])
  expect(state.judge?.compared.reversed).toEqual([
    [0.8, 0.1, 0.1],
    [0.8, 0.1, 0.1],
  ])
  expect(state.plan).toMatchObject({ maxTokens: 64, seed: 3, files: [{ name: 'questions.jsonl' }] })
  expect(file.report).toEqual(JSON.parse(JSON.stringify(await openEnded.report(session.state))))
  expect(file.report.raters.rated).toBe(1)

  const elsewhere = await fresh()
  expect(await imported(elsewhere, await exported(database))).toMatchObject({
    ok: true,
    value: { fates: { add: 1 } },
  })
  const other = makeOpenEnded(elsewhere)
  const again = await reopen(other, session.id)
  expect(JSON.parse(await (await other.jsonFile(again, 'Notice.'))!.text())).toEqual(file)
  // It is rated there, and the ratings come home.
  expect(await other.rate(again, rater.value, 0, [gradesOf(1), gradesOf(3)])).toMatchObject({ ok: true })
  const ratings = await other.ratingsFile(again.state, 'Notice.')
  expect(await openEnded.merge(session, ratings)).toMatchObject({ value: { added: 1, known: 1 } })
  expect(session.state.raters).toEqual(again.state.raters)
})

test.each([
  ['en', 'Finished', 'Not finished; it can go on', 'Stopped by a failure; it can go on'],
  ['zh', '已完成', '未完成，可以继续', '因故障停止，可以继续'],
] as const)('the list says how each stands (%s)', async (language, finished, resting, failed) => {
  await evaluated({ name: 'One' })
  await made({ name: 'Two' })
  const { openEnded, session } = await made({ name: 'Three' })
  await session.append({ kind: 'paused', at: 1, reason: 'out-of-memory', failure: null })
  const list = async () => {
    await openEnded.studies.restore()
    const given = { studies: openEnded.studies, atWork: null }
    await render(StoresHarness, { stores: storesOf(language), components: [StudyList], given })
  }
  await list()
  for (const [name, standing] of [
    ['One', finished],
    ['Two', resting],
    ['Three', failed],
  ] as const) {
    await expect.element(page.getByRole('listitem').filter({ hasText: name })).toHaveTextContent(standing)
  }
  // Found once: the record keeps it, until the study goes on.
  await expect
    .poll(() => openEnded.studies.list.map(standingOf).sort())
    .toEqual(['failed', 'finished', 'resting'])
  await session.append({ kind: 'paused', at: 2, reason: 'user', failure: null })
  expect(standingOf(openEnded.studies.find(session.id)!)).toBeNull()
  expect(await faults()).toEqual([])
})
