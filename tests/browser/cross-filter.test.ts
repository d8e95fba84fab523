import { describe, expect, test, vi } from 'vitest'
import { page, userEvent } from 'vitest/browser'
import { render } from 'vitest-browser-svelte'
import { CrossFilter, type FilterSession, type NewFilter } from '#app/cross-filter.svelte'
import { JUDGE_PROMPTS } from '#core/cross-filter/prompts'
import type { FilterEvent } from '#core/cross-filter/types'
import type { GenerationRequest, LetterRequest } from '#core/engine'
import { failure, success } from '#core/result'
import type { Language } from '#i18n/locale.svelte'
import CrossFilterPage from '#ui/lab/cross-filter/CrossFilter.svelte'
import FilterView from '#ui/lab/cross-filter/FilterView.svelte'
import { model } from '../unit/cross-filter/fixture'
import StoresHarness from './StoresHarness.svelte'
import { database, faults, reopen, storesOf, turnPorts } from './turn-studies-fixture'

/** Prefers a letter that depends on what it reads, and on nothing else. */
function letterOf({ messages }: LetterRequest): number {
  return (
    [...(messages[0]?.content ?? '')].reduce((sum, each) => (sum * 31 + each.charCodeAt(0)) % 997, 7) % 11
  )
}

/** `stopAt`: before the request of this number the filter is stopped, as often as there are numbers. */
function makeFilter(stopAt: readonly number[] = [], fingerprintOf?: () => string) {
  let requests = 0
  const count = () => {
    requests += 1
    if (stopAt.includes(requests)) filter.stop()
  }
  const engine = {
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
  const { ports, loads } = turnPorts<FilterEvent>(database, 'cross-filter', fingerprintOf)
  const filter: CrossFilter = new CrossFilter({ ...ports, engine })
  return { filter, loads, engine }
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
    const { filter, engine } = makeFilter([], () => 'same weights')
    const session = await create(filter, newFilter(3))
    await filter.resume(session)
    expect(filter.problemOf(session.id)).toMatchObject({ kind: 'refused', refusal: 'judges-itself' })
    expect(engine.scoreLetters).not.toHaveBeenCalled()
  })

  test('a pair that does not fit is passed over; a vocabulary without the letters is a problem', async () => {
    const { filter, engine } = makeFilter()
    const session = await create(filter, newFilter(2, { order: { count: 0, seed: 0 }, secondJudge: null }))
    const tooLong = { kind: 'context-exceeded', promptTokens: 9000, contextTokens: 2048 } as const
    engine.scoreLetters.mockImplementationOnce(() => Promise.resolve(failure(tooLong)) as never)
    await filter.resume(session)
    expect([...(session.state.judges[0]?.passedOver ?? [])]).toEqual([[0, tooLong]])
    expect(session.state.judges[0]?.done).toBe(1)

    const other = await create(filter, newFilter(2))
    engine.scoreLetters.mockImplementationOnce(
      () => Promise.resolve(failure({ kind: 'letters-not-tokens' })) as never,
    )
    await filter.resume(other)
    expect(filter.problemOf(other.id)).toMatchObject({ failure: { kind: 'letters-not-tokens' } })
    expect(other.state.pause?.reason).toBe('engine-failure')
  })
})

describe('the page of a filter', () => {
  async function show(language: Language, count: number, change: Partial<NewFilter> = {}) {
    const { filter, engine } = makeFilter()
    const session = await create(filter, newFilter(count, change))
    await filter.resume(session)
    await render(StoresHarness, {
      stores: storesOf(language),
      components: [FilterView],
      given: { crossFilter: filter, session, name: 'Pairs' },
    })
    return { session, engine }
  }

  test('stays as it is when the work begins and when it ends', async () => {
    const { filter } = makeFilter()
    const session = await create(filter, newFilter(3))
    const stores = Object.assign(storesOf('en'), { lab: () => Promise.resolve({ crossFilter: filter }) })
    await render(StoresHarness, { stores, components: [CrossFilterPage], given: { id: session.id } })
    const start = page.getByRole('button', { name: 'Load Writer Q8_0 and begin' })
    await expect.element(start).toBeVisible()
    const before = document.querySelector('#filter-export')
    await userEvent.click(start)
    await expect.element(page.getByText('All pairs are judged.')).toBeVisible()
    await expect.poll(() => filter.busy).toBe(false)
    expect(document.querySelector('#filter-export')).toBe(before)
  })

  test('shows two judges of one name side by side', async () => {
    await show('en', 4, { secondJudge: { ...model('Second'), name: 'First' } })
    await expect.poll(() => document.querySelector('#filter-length')).not.toBeNull()
    expect(document.querySelectorAll('#filter-length ~ [role=region]')).toHaveLength(2)
  })

  test('another threshold keeps other pairs, asks no model and is stored', async () => {
    const { session, engine } = await show('en', 12)
    const asked = engine.scoreLetters.mock.calls.length
    const threshold = page.getByRole('spinbutton', { name: 'Keep from' })
    await userEvent.fill(threshold, '0')
    await userEvent.tab()
    await expect.element(page.getByText('12 kept, 0 dropped, 0 not judged')).toBeVisible()
    await userEvent.click(page.getByText('a weighted mean'))
    await userEvent.fill(page.getByRole('spinbutton', { name: 'Weight of usefulness' }), '-1')
    await userEvent.tab()
    await expect.element(page.getByText('Weights are numbers from 0 to 100, not all 0.')).toBeVisible()
    expect(engine.scoreLetters.mock.calls.length).toBe(asked)
    const stored = async () => (await reopen(makeFilter().filter, session.id)).state.rule
    await expect.poll(stored).toMatchObject({ threshold: 0, aggregation: 'weighted' })
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
      expect(await faults()).toEqual([])
      expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(width)
      await expect.poll(() => document.querySelectorAll('[role=row]').length).toBeGreaterThan(1)
      await userEvent.click(document.querySelectorAll('[role=row]')[1]!)
      await expect.element(page.getByRole('dialog')).toHaveTextContent('Question 0?')
    },
  )
})
