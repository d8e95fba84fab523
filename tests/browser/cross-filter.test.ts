import axe from 'axe-core'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { cleanup, render } from 'vitest-browser-svelte'
import { CrossFilter, type NewFilter } from '#app/cross-filter.svelte'
import type { FilterSession } from '#app/cross-filter.svelte'
import { Studies } from '#app/studies.svelte'
import type { Stores } from '#app/stores'
import type { ComparedModel } from '#core/chat/comparison'
import { modelKey } from '#core/chat/comparison'
import { JUDGE_PROMPTS } from '#core/cross-filter/prompts'
import type { FilterEvent } from '#core/cross-filter/types'
import type { GenerationRequest, LetterRequest } from '#core/engine'
import { failure, success } from '#core/result'
import type { StudyId } from '#core/study/types'
import { openDatabase, type SomnusDatabase } from '#data/db/schema'
import { StudyLog } from '#data/db/studies'
import { Locale, type Language } from '#i18n/locale.svelte'
import FilterView from '#ui/lab/cross-filter/FilterView.svelte'
import '../../src/ui/theme.css'
import { engine as describeEngine, model } from '../unit/cross-filter/fixture'
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

/** Prefers a letter that depends on what it reads, and on nothing else. */
function letterOf({ messages }: LetterRequest): number {
  return (
    [...(messages[0]?.content ?? '')].reduce((sum, each) => (sum * 31 + each.charCodeAt(0)) % 997, 7) % 11
  )
}

/** `stopAt`: before the request of this number the filter is stopped, as often as there are numbers. */
function makeFilter(stopAt: readonly number[] = [], fingerprintOf = modelKey) {
  let loaded: ComparedModel | null = null
  let requests = 0
  const loads: string[] = []
  const count = () => {
    requests += 1
    if (stopAt.includes(requests)) filter.stop()
  }
  const ports = {
    generate: vi.fn(async ({ messages }: GenerationRequest, _on: unknown, signal: AbortSignal) => {
      count()
      await Promise.resolve()
      if (signal.aborted) return failure({ kind: 'aborted' } as const)
      const text = `<think>Hm.</think>On “${messages[0]?.content}”.`
      const times = { promptTokens: 9, completionTokens: 5, timeToFirstTokenMs: 3, decodeMs: 7 }
      return success({ text, finish: 'stop' as const, ...times })
    }),
    scoreLetters: vi.fn(async (request: LetterRequest, signal: AbortSignal) => {
      count()
      await Promise.resolve()
      if (signal.aborted) return failure({ kind: 'aborted' } as const)
      const best = letterOf(request)
      const probabilities = request.letters.map((_, index) => (index === best ? 0.5 : 0.05))
      return success({ probabilities, promptTokens: 50, elapsedMs: 2 })
    }),
  }
  const studies = new Studies({
    log: new StudyLog<FilterEvent>(database, 'cross-filter'),
    channel: { tell: () => undefined, hear: () => undefined },
    now: () => 1,
    newId: () => crypto.randomUUID() as StudyId,
  })
  const filter: CrossFilter = new CrossFilter({
    studies,
    engine: ports,
    models: {
      loaded: null,
      load: (choice) => {
        loaded = { ...model(choice.modelId), variantId: choice.variantId }
        loads.push(choice.modelId)
        return Promise.resolve(success(describeEngine(fingerprintOf(loaded))))
      },
    },
    locks: { acquire: () => Promise.resolve({ kind: 'held', release: () => Promise.resolve() }) },
    startImport: () => {
      throw new Error('no files here')
    },
    isEngineTaken: () => false,
    keepAwake: () => () => undefined,
    now: () => 1,
    appVersion: 'test',
  })
  return { filter, loads, ports }
}

function newFilter(count: number, change: Partial<NewFilter> = {}): NewFilter {
  return {
    name: 'Pairs',
    pairs: Array.from({ length: count }, (_, index) => ({
      ...{ id: null, question: `Question ${index}?`, answer: index % 3 === 0 ? null : `Answer ${index}.` },
      ...{
        language: index % 2 === 0 ? ('en' as const) : ('zh' as const),
        file: 'pairs.jsonl',
        row: index + 1,
      },
    })),
    files: [{ name: 'pairs.jsonl', sha256: 'f'.repeat(64) }],
    problemCount: 0,
    generator: model('Writer'),
    decoding: { temperature: 0, topP: 1, maxTokens: 64, seed: 1 },
    judge: model('First'),
    secondJudge: model('Second'),
    prompts: JUDGE_PROMPTS,
    order: { count: 2, seed: 4 },
    ...change,
  }
}

async function create(filter: CrossFilter, wanted: NewFilter): Promise<FilterSession> {
  const created = await filter.create(wanted)
  if (!created.ok) throw new Error(created.failure.kind)
  return reopen(filter, created.value)
}

async function reopen(filter: CrossFilter, id: StudyId): Promise<FilterSession> {
  const session = await filter.open(id)
  if (!session || session === 'damaged') throw new Error('not there')
  return session
}

const outcome = ({ state }: FilterSession) =>
  JSON.stringify([state.generator?.answers, state.judges.map(({ scores }) => scores)])

describe('working on a filter', () => {
  test('stopped anywhere and read anew it ends as one that was never stopped; each model is loaded once a turn', async () => {
    const whole = makeFilter()
    const session = await create(whole.filter, newFilter(6))
    await whole.filter.resume(session)
    expect(whole.loads).toEqual(['Writer', 'First', 'Second'])
    expect(session.state.generator?.answers[0]?.text).toBe('On “Question 0?”.')
    expect(session.state.generator?.answers[0]?.reasoning).toBe('Hm.')
    expect(session.state.judges.map(({ done }) => done)).toEqual([8, 8])

    // In the middle of the answers, of a score set, and in the second judge's turn.
    const stopped = makeFilter([2, 9, 60])
    let part = await create(stopped.filter, newFilter(6))
    for (let visits = 0; visits < 4; visits += 1) {
      part = await reopen(makeFilter().filter, part.id)
      await stopped.filter.resume(part)
      if (visits < 3) expect(part.state.pause?.reason).toBe('user')
    }
    expect(outcome(part)).toBe(outcome(session))
    expect(outcome(await reopen(whole.filter, part.id))).toBe(outcome(session))
  })

  test('a model with the writer’s weights is refused under any name, and nothing is judged', async () => {
    const { filter, ports } = makeFilter([], () => 'same weights')
    const session = await create(filter, newFilter(3))
    await filter.resume(session)
    expect(filter.problemOf(session.id)).toMatchObject({ kind: 'refused', refusal: 'judges-itself' })
    expect(ports.scoreLetters).not.toHaveBeenCalled()
  })

  test('a pair that does not fit is passed over; a vocabulary without the letters is a problem', async () => {
    const { filter, ports } = makeFilter()
    const session = await create(filter, newFilter(2, { order: { count: 0, seed: 0 }, secondJudge: null }))
    const tooLong = { kind: 'context-exceeded', promptTokens: 9000, contextTokens: 2048 } as const
    ports.scoreLetters.mockImplementationOnce(() => Promise.resolve(failure(tooLong)) as never)
    await filter.resume(session)
    expect([...(session.state.judges[0]?.passedOver ?? [])]).toEqual([[0, tooLong]])
    expect(session.state.judges[0]?.done).toBe(1)

    const other = await create(filter, newFilter(2))
    ports.scoreLetters.mockImplementationOnce(
      () => Promise.resolve(failure({ kind: 'letters-not-tokens' })) as never,
    )
    await filter.resume(other)
    expect(filter.problemOf(other.id)).toMatchObject({ failure: { kind: 'letters-not-tokens' } })
    expect(other.state.pause?.reason).toBe('engine-failure')
  })
})

describe('the page of a filter', () => {
  async function show(language: Language, count: number) {
    const { filter, ports } = makeFilter()
    const session = await create(filter, newFilter(count))
    await filter.resume(session)
    const models = {
      records: [],
      loaded: null,
      awaitedJob: undefined,
      stored: () => undefined,
      choices: () => [],
    }
    const stores = {
      locale: new Locale(language),
      models,
      engine: { state: { kind: 'idle' } },
      notices: { show: () => undefined },
    } as unknown as Stores
    await render(StoresHarness, {
      stores,
      components: [FilterView],
      given: { crossFilter: filter, session, name: 'Pairs' },
    })
    return { session, ports }
  }

  test('another threshold keeps other pairs, asks no model and is stored', async () => {
    const { session, ports } = await show('en', 12)
    const asked = ports.scoreLetters.mock.calls.length
    const threshold = page.getByRole('spinbutton', { name: 'Keep from' })
    await userEvent.fill(threshold, '0')
    await userEvent.tab()
    await expect.element(page.getByText('12 kept, 0 dropped, 0 not judged')).toBeVisible()
    await userEvent.click(page.getByText('a weighted mean'))
    await userEvent.fill(page.getByRole('spinbutton', { name: 'Weight of usefulness' }), '-1')
    await userEvent.tab()
    await expect.element(page.getByText('Weights are numbers from 0 to 100, not all 0.')).toBeVisible()
    expect(ports.scoreLetters.mock.calls.length).toBe(asked)
    const { state } = await reopen(makeFilter().filter, session.id)
    expect(state.rule).toMatchObject({ threshold: 0, aggregation: 'weighted' })
  })

  test.each([
    ['en', 1280],
    ['zh', 360],
  ] as const)(
    'in %s, %i px wide: all is there, within the page and without faults',
    async (language, width) => {
      await page.viewport(width, 800)
      await show(language, 12)
      await expect.poll(() => document.querySelector('#filter-length')).not.toBeNull()
      for (const details of document.querySelectorAll('details')) details.open = true
      const { violations } = await axe.run('main', {
        runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'],
      })
      expect(
        violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`)),
      ).toEqual([])
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
      await userEvent.click(document.querySelectorAll('[role=row]')[1]!)
      await expect.element(page.getByRole('dialog')).toHaveTextContent('Question 0?')
    },
  )
})
