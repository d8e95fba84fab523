/** Studies in the database, and two experts on the screen: asked, stopped, kept, gone on with. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { page } from 'vitest/browser'
import { render } from 'vitest-browser-svelte'
import { openLab, type Lab } from '#app/lab'
import { EXPERT_PROMPTS } from '#core/experts/prompts'
import type { ExpertsEvent } from '#core/experts/types'
import { success } from '#core/result'
import type { StudyId } from '#core/study/types'
import { StudyLog } from '#data/db/studies'
import { Locale } from '#i18n/locale.svelte'
import Experts from '#ui/lab/experts/Experts.svelte'
import { created, written } from '../unit/experts/fixture'
import { openTab, type Tab } from './chat-fixture'
import StoresHarness from './StoresHarness.svelte'

let name: string
let tabs: Tab[]
beforeEach(() => {
  name = `test-${crypto.randomUUID()}`
  tabs = []
})
afterEach(async () => {
  vi.restoreAllMocks()
  location.hash = ''
  for (const { database } of tabs) database.close()
  await new Promise((resolve) => (indexedDB.deleteDatabase(name).onsuccess = resolve))
})

/** A tab with a lab, whose engine's checks give `probability`. */
async function labTab(language: 'en' | 'zh' = 'en', probability = 0.2) {
  const tab = await openTab(name, { language })
  tabs.push(tab)
  const { database, models, engine, use, stores } = tab
  engine.scoreLetters = (() =>
    Promise.resolve(
      success({ probabilities: [probability, 1 - probability], promptTokens: 7, elapsedMs: 3 }),
    )) as never
  const made = openLab({ database, engine: stores.engine, use, models, locks: navigator.locks })
  const lab: Lab = await made
  Object.assign(stores, { lab: () => made, datasets: { list: [] } })
  const experts = lab.experts
  const show = (id?: string) => render(StoresHarness, { stores, components: [Experts], given: { id } })
  return { ...tab, lab, experts, show }
}

async function study() {
  const { experts } = await labTab()
  return { studies: experts.studies, log: new StudyLog<ExpertsEvent>(tabs[0]!.database, 'experts') }
}

describe('the log of studies', () => {
  const ID = 'one' as StudyId

  it('lets one of two tabs go on, and tells the other', async () => {
    const here = await study()
    await labTab()
    const there = new StudyLog<ExpertsEvent>(tabs[1]!.database, 'experts')
    await here.log.create(ID, 'Study', created())
    const both = await Promise.all([
      here.log.append(ID, 1, written('reasoning', 1, 'here')),
      there.append(ID, 1, written('reasoning', 1, 'there')),
    ])
    expect(both.map((stored) => (stored.ok ? 'stored' : stored.failure.kind)).sort()).toEqual([
      'out-of-step',
      'stored',
    ])
    expect((await there.load(ID))?.events).toHaveLength(2)
    expect(await here.log.create(ID, 'Again', created())).toMatchObject({ failure: { kind: 'out-of-step' } })
  })

  it('says so when the storage quota is used up, and stores nothing of the event', async () => {
    const { log } = await study()
    await log.create(ID, 'Study', created())
    vi.spyOn(IDBObjectStore.prototype, 'add').mockImplementationOnce(() => {
      throw new DOMException('full', 'QuotaExceededError')
    })
    const event = written('reasoning', 1, 'x')
    expect(await log.append(ID, 1, event)).toEqual({ ok: false, failure: { kind: 'storage-full' } })
    expect((await log.load(ID))?.record.events).toBe(1)
    expect(await log.append(ID, 1, event)).toMatchObject({ ok: true, value: { events: 2 } })
  })

  it('renames, deletes with a way back, and erases in the end; other kinds stay', async () => {
    const { studies, log } = await study()
    const others = new StudyLog(tabs[0]!.database, 'cross-filter')
    await others.create('other' as StudyId, 'Other', { kind: 'created', at: 1 })
    await log.create(ID, 'Study', created())
    await studies.restore()
    await studies.rename(ID, '  ')
    await studies.rename(ID, ' New ')
    expect(studies.list.map((each) => each.name)).toEqual(['New'])
    const undo = await studies.remove(ID)
    expect(studies.list).toEqual([])
    expect(await log.load(ID)).toBeNull()
    expect(await log.append(ID, 1, written('reasoning', 1, 'x'))).toMatchObject({
      failure: { kind: 'study-gone' },
    })
    await undo()
    expect((await log.load(ID))?.events).toHaveLength(1)
    await studies.remove(ID)
    await others.purge(Infinity)
    expect(await tabs[0]!.database.count('studyEvents')).toBe(2)
    await log.purge(Infinity)
    expect((await tabs[0]!.database.getAll('studies')).map(({ id }) => id)).toEqual(['other'])
    expect(await tabs[0]!.database.count('studyEvents')).toBe(1)
  })
})

describe.each(['en', 'zh'] as const)('two experts (%s)', (language) => {
  const locale = new Locale(language)
  const { experts: t, lab: l, common } = locale.t

  it('think, review, are stopped and asked for their account; all of it is kept', async () => {
    const { engine, experts, show, database } = await labTab(language)
    const form = await show()
    await page.getByLabelText(t.form.question, { exact: true }).fill('What now?')
    await page.getByText(t.prompts.asOurs).click()
    const ownPrompt = `${EXPERT_PROMPTS[language].reasoning}\nBe brief.`
    await page.getByRole('textbox', { name: t.prompts.names.reasoning }).fill(ownPrompt)
    await page.getByRole('textbox', { name: t.prompts.names.narrative }).fill('No place for it.')
    await expect
      .element(page.getByText(t.prompts.lacks(locale.list(['{question}', '{reasoning}']))))
      .toBeVisible()
    await page.getByRole('button', { name: t.prompts.reset }).last().click()
    await expect.element(page.getByText(t.prompts.changedCount('1'))).toBeVisible()
    await page.getByRole('button', { name: t.form.start }).click()
    await expect.poll(() => location.hash).toMatch(/^#\/lab\/experts\/./)
    const id = location.hash.split('/').at(-1)!
    await form.unmount()

    const shown = await show(id)
    await expect.poll(() => engine.requests.length).toBe(1)
    expect(engine.requests[0]?.messages[0]?.content).toContain('Be brief.')
    expect(engine.requests[0]?.temperature).toBe(0.7)
    engine.say('## Findings\nnone\n## Doubts\n<script>many</script>')
    engine.end()
    const reasoning = page.getByRole('article', { name: t.stage(t.stages.reasoning, '1') })
    await expect.element(reasoning.getByRole('heading', { name: t.sections.findings })).toBeVisible()
    await expect.element(reasoning.getByText(`${t.study.prompt} · ${t.study.promptChanged}`)).toBeVisible()
    await reasoning.getByText(t.study.raw).click()
    await expect.element(reasoning.getByText('<script>many</script>').last()).toBeVisible()

    await expect.poll(() => engine.requests.length).toBe(2)
    engine.say('<Feedback>look again</Feedback><Rating>0</Rating>')
    engine.end()
    await expect.element(page.getByText(t.study.ratings.unsound)).toBeVisible()
    await expect.element(page.getByText(t.study.sufficiency.no('0.2'))).toBeVisible()

    await expect.poll(() => engine.requests.length).toBe(3)
    expect(engine.requests[2]?.messages[0]?.content).toContain('look again')
    engine.say('a second tho')
    await page.getByRole('button', { name: t.progress.stop, exact: true }).click()
    await expect.element(page.getByText(t.study.cut)).toBeVisible()
    await page.getByRole('button', { name: t.rest.finish }).click()
    await expect.poll(() => engine.requests.length).toBe(4)
    engine.say('<think>so</think><answer>That is it.</answer>')
    engine.end()
    const outcome = page.getByRole('region', { name: t.outcome.title, exact: true })
    await expect.element(outcome.getByText('That is it.')).toBeVisible()
    await expect.element(outcome.getByText(t.outcome.reasons.closed)).toBeVisible()
    await expect.poll(() => experts.busy).toBe(false)

    const copy = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue()
    await page.getByRole('button', { name: t.export.copy }).click()
    await expect.element(page.getByText(t.export.copied)).toBeVisible()
    expect(copy.mock.calls[0]?.[0]).toContain(t.export.notice)
    await shown.unmount()

    // Another tab reads the same.
    const other = await labTab(language)
    const list = await other.show()
    await page.getByRole('button', { name: l.list.more('What now?') }).click()
    await page.getByRole('button', { name: l.list.deleteNamed('What now?') }).click()
    await expect.element(page.getByText(l.list.none)).toBeVisible()
    await page.getByRole('button', { name: common.undo }).click()
    await expect.element(page.getByRole('link', { name: 'What now?' })).toBeVisible()
    await list.unmount()
    await other.show(id)
    await expect.element(page.getByText('That is it.').first()).toBeVisible()
    expect(await database.count('studyEvents')).toBe(8)
  })
})

it('stands still when a benchmark has begun, and keeps what was written', async () => {
  const { engine, experts, use } = await labTab()
  const plan = (created() as Extract<ExpertsEvent, { kind: 'created' }>).plan
  const { builtIn } = tabs[0]!.models
  const model = { modelId: builtIn.id, variantId: 'q8_0', name: builtIn.name, quantization: 'Q8_0' }
  const started = await experts.start({ ...plan, models: { reasoner: model, reviewer: model } }, 'Study')
  if (!started?.ok) throw new Error('not started')
  const { id } = started.value
  await expect.poll(() => engine.requests.length).toBe(1)
  use.enter({ busy: true }, { measures: true })
  engine.say('thought')
  engine.end()
  await expect.poll(() => experts.busy).toBe(false)
  expect(experts.problemOf(id)).toBeNull()
  expect(experts.isEngineTaken).toBe(true)
  expect((await experts.studies.load(id))?.events).toHaveLength(2)
  expect(engine.requests).toHaveLength(1)
})

it('has the engine in turn with comparisons of models and all else in the lab', async () => {
  const { chats, engine, experts, lab, models, stores } = await labTab()
  const { comparisons } = await stores.chatTools()
  const { builtIn } = models
  const model = { modelId: builtIn.id, variantId: 'q8_0', name: builtIn.name, quantization: 'Q8_0' }
  const plan = (created() as Extract<ExpertsEvent, { kind: 'created' }>).plan
  const settings = { preset: null, system: null, temperature: 0, topP: 1, maxTokens: 9, seed: null }
  const series = { questions: ['a'], models: [model, { ...model, variantId: 'f16' }], settings, blind: false }
  const compare = () => comparisons.start(series as unknown as Parameters<typeof comparisons.start>[0])
  const consult = () => experts.start({ ...plan, models: { reasoner: model, reviewer: model } }, 'Study')
  const takenFrom = () =>
    [comparisons, experts, lab.crossFilter, lab.openEnded].map((one) => one.isEngineTaken)

  expect(await consult()).toMatchObject({ ok: true })
  await expect.poll(() => engine.requests.length).toBe(1)
  expect(takenFrom()).toEqual([true, false, true, true])
  expect(await compare()).toBeNull()
  experts.stop()
  await expect.poll(() => experts.busy).toBe(false)

  expect(await compare()).toMatchObject({ ok: true })
  await expect.poll(() => engine.requests.length).toBe(2)
  expect(takenFrom()).toEqual([false, true, true, true])
  expect(await consult()).toBeNull()
  comparisons.stop()
  await expect.poll(() => comparisons.busy).toBe(false)

  await chats.send('And you?')
  await expect.poll(() => chats.busy).toBe(true)
  expect(takenFrom()).toEqual([true, true, true, true])
  chats.stop()
  await expect.poll(() => chats.busy).toBe(false)
  expect(takenFrom()).toEqual([false, false, false, false])
})

it('the list of another tab follows the work, which only one tab does', async () => {
  const { standings } = new Locale('en').t.lab.list
  const here = await labTab()
  const there = await labTab()
  const plan = (created() as Extract<ExpertsEvent, { kind: 'created' }>).plan
  const { builtIn } = here.models
  const model = { modelId: builtIn.id, variantId: 'q8_0', name: builtIn.name, quantization: 'Q8_0' }
  const started = await here.experts.start({ ...plan, models: { reasoner: model, reviewer: model } }, 'Study')
  if (!started?.ok) throw new Error('not started')
  const { id } = started.value
  await expect.poll(() => here.engine.requests.length).toBe(1)

  await there.show()
  const entry = page.getByRole('listitem').filter({ hasText: 'Study' })
  await expect.element(entry).toHaveTextContent(standings.elsewhere)
  await there.experts.resume(id)
  expect(there.experts.problemOf(id)).toEqual({ kind: 'busy' })
  here.engine.fail({ kind: 'out-of-memory', detail: '' })
  await expect.poll(() => here.engine.requests.length).toBe(2)
  here.engine.fail({ kind: 'out-of-memory', detail: '' })
  await expect.element(entry).toHaveTextContent(standings.failed)
  const resumed = here.experts.resume(id)
  await expect.element(entry).toHaveTextContent(standings.elsewhere)
  here.experts.stop()
  await resumed
  await expect.element(entry).toHaveTextContent(standings.resting)
})

it('a model that is lost twice is told, to whoever opens the study later as well, and the loop can go on', async () => {
  const t = new Locale('en').t.experts
  const { engine, experts, show } = await labTab()
  const plan = (created() as Extract<ExpertsEvent, { kind: 'created' }>).plan
  const { builtIn } = tabs[0]!.models
  const model = { modelId: builtIn.id, variantId: 'q8_0', name: builtIn.name, quantization: 'Q8_0' }
  const started = await experts.start({ ...plan, models: { reasoner: model, reviewer: model } }, 'Study')
  if (!started?.ok) throw new Error('not started')
  const { id } = started.value
  const shown = await show(id)
  for (const count of [1, 2]) {
    await expect.poll(() => engine.requests.length).toBe(count)
    engine.fail({ kind: 'device-lost', detail: 'gone' })
  }
  await expect.element(page.getByText(t.rest.with(model.name))).toBeVisible()
  expect(experts.problemOf(id)).toMatchObject({ kind: 'engine' })
  await shown.unmount()
  const later = await (await labTab()).show(id)
  const { pauses } = new Locale('en').t.labTurns
  await expect.element(page.getByText(`${t.rest.with(model.name)} ${pauses['device-lost']}`)).toBeVisible()
  await later.unmount()
  await show(id)
  await page.getByRole('button', { name: t.rest.resume, exact: true }).click()
  await expect.poll(() => engine.requests.length).toBe(3)
  engine.say('thought')
  engine.end()
  await expect.element(page.getByText('thought', { exact: true })).toBeVisible()
})
