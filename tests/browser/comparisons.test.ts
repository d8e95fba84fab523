import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import axe from 'axe-core'
import { ModelChannel } from '#app/model-channel'
import { Comparisons, type ComparisonsPorts } from '#app/comparisons.svelte'
import type { ComparedModel, ComparisonId } from '#core/chat/comparison'
import { ComparisonDatabase } from '#data/db/comparisons'
import { Preferences } from '#data/db/preferences'
import '../../src/ui/theme.css'
import CompareHarness from './CompareHarness.svelte'
import { BUILT_IN, openTab, QWEN_CPU, type Tab } from './chat-fixture'

const ALPHA: ComparedModel = { ...BUILT_IN, name: 'Formulary', quantization: 'Q8_0' }
const BETA: ComparedModel = { ...QWEN_CPU, name: 'Qwen2.5-0.5B-Instruct', quantization: 'Q4_K_M' }
const SETTINGS = { preset: null, system: 'Be brief.', temperature: 0, topP: 1, maxTokens: 64, seed: null }

let name: string
const tabs: Tab[] = []

beforeEach(() => {
  name = `test-compare-${crypto.randomUUID()}`
})
afterEach(async () => {
  cleanup()
  await page.viewport(1280, 900)
  for (const { database } of tabs.splice(0)) database.close()
  indexedDB.deleteDatabase(name)
})

interface Desk extends Tab {
  comparisons: Comparisons
}

/** A tab of the same database; the second model stands on the left of the first question. */
async function desk(channel: ComparisonsPorts['channel'] = new ModelChannel(name)): Promise<Desk> {
  const tab = await openTab(name)
  tabs.push(tab)
  const tosses = [true, false]
  const comparisons: Comparisons = new Comparisons({
    database: new ComparisonDatabase(tab.database),
    preferences: new Preferences(tab.database),
    engine: tab.stores.engine,
    models: tab.models,
    channel,
    isEngineTaken: () => tab.use.isTakenFrom(comparisons),
    isMeasuring: () => tab.use.isMeasuredBeside(comparisons),
    now: () => Date.now(),
    newId: () => crypto.randomUUID() as ComparisonId,
    newSeed: () => 77,
    toss: () => tosses.shift() ?? false,
  })
  tab.use.enter(comparisons, { measures: false })
  await comparisons.restore()
  return { ...tab, comparisons }
}

async function begin(one: Desk, questions = ['a', 'b'], blind = true): Promise<ComparisonId> {
  const started = await one.comparisons.start({ questions, models: [ALPHA, BETA], settings: SETTINGS, blind })
  if (!started?.ok) throw new Error('not started')
  return started.value
}

/** Lets the model that is asked say something, whenever it is. */
async function answer(one: Desk, request: number, text: string): Promise<void> {
  await expect.poll(() => one.engine.requests.length).toBe(request)
  one.engine.say(text)
  one.engine.end()
}

const storedReplies = async ({ database }: Desk) =>
  (await database.getAllFromIndex('comparisons', 'createdAt'))
    .sort((left, right) => left.position - right.position)
    .map(({ models, replies }) => [models.left.name, replies.left?.text, replies.right?.text])

describe('a series', () => {
  it('stands still when a benchmark has begun, and keeps what was written', async () => {
    const one = await desk()
    const id = await begin(one)
    await expect.poll(() => one.engine.requests.length).toBe(1)
    const loads = one.engine.loads.length
    one.use.enter({ busy: true }, { measures: true })
    await answer(one, 1, 'A1')
    await expect.poll(() => one.comparisons.busy).toBe(false)
    expect(await storedReplies(one)).toEqual([
      ['Qwen2.5-0.5B-Instruct', undefined, 'A1'],
      ['Formulary', undefined, undefined],
    ])
    expect(one.engine.loads).toHaveLength(loads)
    expect(one.comparisons.problemOf(one.comparisons.find(id)!)).toBeNull()
    expect(one.comparisons.isEngineTaken).toBe(true)
  })

  it('asks all questions of one model, then of the other, with one seed', async () => {
    const one = await desk()
    await begin(one)
    for (const [index, text] of ['A1', 'A2', 'B1', 'B2'].entries()) await answer(one, index + 1, text)
    await expect.poll(() => one.comparisons.busy).toBe(false)
    expect(one.engine.loads).toHaveLength(2)
    expect(one.engine.requests.map(({ seed, messages }) => [seed, messages.at(-1)?.content])).toEqual([
      [77, 'a'],
      [77, 'b'],
      [77, 'a'],
      [77, 'b'],
    ])
    expect(await storedReplies(one)).toEqual([
      [BETA.name, 'B1', 'A1'],
      [ALPHA.name, 'A2', 'B2'],
    ])
  })

  it('goes on after a reload with what is missing only', async () => {
    const killed = await desk()
    await begin(killed)
    await answer(killed, 1, 'A1')
    await expect.poll(() => killed.engine.requests.length).toBe(2)
    killed.engine.say('half')
    await new Promise((resolve) => setTimeout(resolve, 1050))
    killed.engine.say(' a reply')
    await expect.poll(async () => (await storedReplies(killed))[1]?.[1]).toBe('half a reply')

    const next = await desk()
    const [first] = next.comparisons.list
    expect(next.comparisons.list.map((record) => next.comparisons.isIncomplete(record))).toEqual([true, true])
    void next.comparisons.resume(first!)
    for (const [index, text] of ['A2', 'B1', 'B2'].entries()) await answer(next, index + 1, text)
    await expect.poll(() => next.comparisons.busy).toBe(false)
    expect(await storedReplies(next)).toEqual([
      [BETA.name, 'B1', 'A1'],
      [ALPHA.name, 'A2', 'B2'],
    ])
  })

  it('shows in another tab, reply by reply', async () => {
    const other = await desk()
    const one = await desk()
    await begin(one, ['a'])
    await expect.poll(() => other.comparisons.list.length).toBe(1)
    await answer(one, 1, 'A')
    await expect.poll(() => other.comparisons.list[0]?.replies.right?.text).toBe('A')
    await answer(one, 2, 'B')
    await expect.poll(() => other.comparisons.list[0]?.replies.left?.text).toBe('B')
    await one.comparisons.decide(one.comparisons.list[0]!.id, 'left')
    await expect.poll(() => other.comparisons.list[0]?.preference).toBe('left')
    const undo = await one.comparisons.remove([one.comparisons.list[0]!.id])
    await expect.poll(() => other.comparisons.list.length).toBe(0)
    await undo()
    await expect.poll(() => other.comparisons.list.length).toBe(1)
  })

  it('loads a model again once when the GPU is lost, then stops and says so', async () => {
    const one = await desk()
    const id = await begin(one, ['a'])
    await expect.poll(() => one.engine.requests.length).toBe(1)
    one.engine.fail({ kind: 'device-lost', detail: 'gone' })
    await answer(one, 2, 'A')
    await expect.poll(() => one.engine.requests.length).toBe(3)
    one.engine.fail({ kind: 'device-lost', detail: 'gone' })
    await expect.poll(() => one.engine.requests.length).toBe(4)
    one.engine.fail({ kind: 'device-lost', detail: 'again' })
    await expect.poll(() => one.comparisons.busy).toBe(false)
    expect(one.engine.loads).toHaveLength(4)
    expect(one.comparisons.problemOf({ series: id })).toMatchObject({
      kind: 'engine',
      model: BETA.name,
      failure: { kind: 'device-lost', detail: 'again' },
    })
  })

  it('passes over a question that is too long for one model', async () => {
    const one = await desk()
    const id = await begin(one)
    await expect.poll(() => one.engine.requests.length).toBe(1)
    one.engine.fail({ kind: 'context-exceeded', promptTokens: 9, contextTokens: 5 })
    for (const [index, text] of ['A2', 'B1', 'B2'].entries()) await answer(one, index + 2, text)
    await expect.poll(() => one.comparisons.busy).toBe(false)
    expect(one.comparisons.problemOf({ series: id })).toMatchObject({ model: ALPHA.name })
    expect(await storedReplies(one)).toEqual([
      [BETA.name, 'B1', undefined],
      [ALPHA.name, 'A2', 'B2'],
    ])
  })

  it('stops at once, keeps what was written, and asks it again', async () => {
    const one = await desk()
    const id = await begin(one, ['a'])
    await expect.poll(() => one.engine.requests.length).toBe(1)
    one.engine.say('half')
    one.comparisons.stop()
    await expect.poll(() => one.comparisons.busy).toBe(false)
    expect(one.engine.loads).toHaveLength(1)
    expect(await storedReplies(one)).toEqual([[BETA.name, undefined, 'half']])
    void one.comparisons.resume({ series: id })
    await answer(one, 2, 'A')
    await answer(one, 3, '')
    // A model that ended without a word has answered.
    await expect.poll(() => one.comparisons.busy).toBe(false)
    expect(await storedReplies(one)).toEqual([[BETA.name, '', 'A']])
    expect(one.comparisons.isIncomplete({ series: id })).toBe(false)
  })

  it('does not begin while a conversation is being answered', async () => {
    const one = await desk()
    await one.models.load(BUILT_IN)
    await one.chats.send('a')
    expect(
      await one.comparisons.start({
        questions: ['a'],
        models: [ALPHA, BETA],
        settings: SETTINGS,
        blind: true,
      }),
    ).toBe(null)
  })
})

describe('a preference', () => {
  it('is the first word, also where another tab comes later', async () => {
    const one = await desk()
    const id = await begin(one, ['a'])
    await answer(one, 1, 'A')
    await answer(one, 2, 'B')
    await expect.poll(() => one.comparisons.busy).toBe(false)
    const other = await desk()
    await one.comparisons.decide(id, 'left')
    await other.comparisons.decide(id, 'right')
    expect(other.comparisons.find(id)?.preference).toBe('left')
  })

  it('is of replies that no other tab can change', async () => {
    const one = await desk()
    const id = await begin(one, ['a'])
    // It has not heard yet what the other one wrote.
    const other = await desk({ tell: () => undefined, hear: () => undefined })
    await answer(one, 1, 'A')
    await answer(one, 2, 'B')
    await expect.poll(() => one.comparisons.busy).toBe(false)
    await one.comparisons.decide(id, 'left')
    void other.comparisons.resume({ series: id })
    await answer(other, 1, 'another A')
    await answer(other, 2, 'another B')
    await expect.poll(() => other.comparisons.busy).toBe(false)
    expect(await storedReplies(other)).toEqual([[BETA.name, 'B', 'A']])
  })

  it('goes with a deleted comparison, and comes back with it', async () => {
    const one = await desk()
    const id = await begin(one, ['a'])
    await answer(one, 1, 'A')
    await answer(one, 2, 'B')
    await expect.poll(() => one.comparisons.busy).toBe(false)
    await one.comparisons.decide(id, 'tie')
    const undo = await one.comparisons.remove([id])
    expect(one.comparisons.list).toEqual([])
    await undo()
    expect(one.comparisons.find(id)?.preference).toBe('tie')
  })
})

describe('the page of a blind comparison', () => {
  const secrets = [ALPHA.name, BETA.name, BETA.quantization, 'tokens/s']
  const told = () => secrets.filter((secret) => document.body.innerHTML.includes(secret))

  async function shown(language: 'en' | 'zh' = 'en') {
    const one = await desk()
    await one.stores.locale.use(language)
    const id = await begin(one, ['What is **zorane**?'])
    await render(CompareHarness, { stores: one.stores, comparisons: one.comparisons, id })
    return { ...one, id }
  }

  it('hides both replies until both are there, and the names until one is preferred by key', async () => {
    const one = await shown()
    await expect.poll(() => one.engine.requests.length).toBe(1)
    one.engine.say('the first model speaks')
    await new Promise((resolve) => setTimeout(resolve, 150))
    one.engine.end()
    await expect.poll(() => one.engine.requests.length).toBe(2)
    expect(document.body.textContent).not.toContain('the first model speaks')
    expect(told()).toEqual([])
    one.engine.say('the second model speaks')
    one.engine.end()
    await expect.element(page.getByRole('article', { name: 'Left reply' })).toHaveTextContent('second model')
    expect(told()).toEqual([])
    await userEvent.keyboard('2')
    await expect.element(page.getByRole('heading', { name: 'You preferred the right reply.' })).toHaveFocus()
    await expect.element(page.getByRole('article', { name: /Left reply/ })).toHaveTextContent(BETA.name)
    expect(told()).toEqual(expect.arrayContaining([ALPHA.name, BETA.name, BETA.quantization]))
    expect(one.comparisons.find(one.id)?.preference).toBe('right')
  })

  it('lets keys be when they are switched off', async () => {
    const one = await shown()
    await answer(one, 1, 'A')
    await answer(one, 2, 'B')
    await page.getByRole('checkbox', { name: 'Choose with the keys 1 to 4' }).click()
    await userEvent.keyboard('1')
    await page.getByRole('button', { name: 'Both are bad' }).click()
    await expect.poll(() => one.comparisons.find(one.id)?.preference).toBe('both-bad')
  })

  it.each(['en', 'zh'] as const)('passes axe and fits a phone (%s)', async (language) => {
    await page.viewport(360, 740)
    const one = await shown(language)
    await answer(one, 1, '| a | b |\n|-|-|\n| 1 | 2 |')
    await answer(one, 2, `<think>why</think>${'长'.repeat(300)}`)
    await expect.poll(() => document.querySelectorAll('article').length).toBe(2)
    const { violations } = await axe.run(document.body, {
      runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
      rules: { 'document-title': { enabled: false }, 'html-has-lang': { enabled: false } },
    })
    expect(violations.map(({ id }) => id)).toEqual([])
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(360)
  })
})
