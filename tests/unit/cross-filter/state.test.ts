import { describe, expect, test } from 'vitest'
import { nextTask, turnProgress } from '#core/cross-filter/next'
import { answerOf, drawOrderSample, FilterFold, weightsRefusal } from '#core/cross-filter/state'
import type { FilterEvent } from '#core/cross-filter/types'
import { answered, created, engine, folded, model, scored, started } from './fixture'

const SECOND: FilterEvent = { kind: 'judge-added', at: 5, judge: model('Second') }
/** Of three pairs, the one that PLAN's seed draws. */
const [TWICE = -1] = drawOrderSample({ count: 1, seed: 5 }, 3)

describe('what is next', () => {
  test('questions are answered first, then judged, a sampled pair in both orders, then the second judge', () => {
    const events: FilterEvent[] = [created([null, 'Given.', null]), SECOND, started('generator', 'w')]
    const seen: unknown[] = []
    for (let guard = 0; guard < 50; guard += 1) {
      const state = folded(...events)
      const task = nextTask(state)
      if (!task) break
      seen.push('order' in task ? [task.role, task.pair, task.order] : [task.role, task.pair])
      if (task.role === 'generator') events.push(answered(task.pair, 'Written.'))
      else {
        if (!state.judges[task.role]?.engine) events.push(started(task.role, `judge ${task.role}`))
        events.push(scored(task.pair, 5, task.role, task.order))
      }
    }
    const judged = (role: number) =>
      [0, 1, 2].flatMap((pair) => [
        [role, pair, 'straight'],
        ...(pair === TWICE ? [[role, pair, 'reversed']] : []),
      ])
    expect(seen).toEqual([['generator', 0], ['generator', 2], ...judged(0), ...judged(1)])
  })

  test('a stop after any event goes on with the same task', () => {
    const events = [
      created([null, 'Given.']),
      started('generator', 'w'),
      answered(0, 'A'),
      started(0, 'j'),
      scored(0, 3),
      scored(0, 4, 0, 'reversed'),
      scored(1, 5),
      scored(1, 5, 0, 'reversed'),
    ]
    const all = { ...created([null, 'Given.'], { order: { count: 2, seed: 0 } }) }
    const fold = new FilterFold()
    for (const [index, event] of [all, ...events.slice(1)].entries()) {
      expect(fold.add(event)).toBeNull()
      const again = folded(all, ...events.slice(1, index + 1))
      expect(nextTask(again)).toEqual(nextTask(fold.state!))
    }
    expect(nextTask(fold.state!)).toBeNull()
  })

  test('a pair that does not fit is passed over; a question without an answer is not judged', () => {
    const failure = { kind: 'context-exceeded', promptTokens: 9, contextTokens: 5 } as const
    const state = folded(
      created([null, 'Given.'], { order: { count: 0, seed: 0 } }),
      started('generator', 'w'),
      { kind: 'passed-over', at: 3, role: 'generator', pair: 0, failure },
      started(0, 'j'),
      { kind: 'passed-over', at: 3, role: 0, pair: 1, failure },
    )
    expect(nextTask(state)).toBeNull()
    expect(answerOf(state, 0)).toBeNull()
  })

  test('progress counts what the judge will have, and what is left at the mean pace', () => {
    const state = folded(
      created([null, 'Given.', null], { order: { count: 3, seed: 0 } }),
      started('generator', 'w'),
      answered(0, 'A'),
    )
    expect(turnProgress(state, 'generator')).toEqual({
      role: 'generator',
      done: 1,
      total: 2,
      remainingMs: 100,
    })
    expect(turnProgress(state, 0)).toEqual({ role: 0, done: 0, total: 6, remainingMs: null })
  })
})

describe('who may judge', () => {
  const written = folded(created([null, null]), SECOND, started('generator', 'w'), started(0, 'j'))

  test.each([
    [0, 'w', 'judges-itself'],
    [1, 'w', 'judges-itself'],
    [1, 'j', 'same-judge'],
    [0, 'x', 'other-weights'],
    ['generator', 'x', 'other-weights'],
    [0, 'j', null],
    [1, 'x', null],
  ] as const)('role %s with the weights %s: %s', (role, fingerprint, refusal) => {
    expect(weightsRefusal(written, role, fingerprint)).toBe(refusal)
  })

  test('the log refuses a model that would judge itself, whichever began first', () => {
    const fold = new FilterFold()
    fold.add(created([null, 'Given.']))
    expect(fold.add(started(0, 'same'))).toBeNull()
    expect(fold.add(started('generator', 'same'))).toBe('judges-itself')
    expect(fold.state?.generator?.engine).toBeNull()
  })
})

describe('what cannot follow', () => {
  const begun = [created([null, 'Given.']), started('generator', 'w'), started(0, 'j')] as const
  const bad = scored(1, 3) as Extract<FilterEvent, { kind: 'scored' }>

  test.each<[string, readonly FilterEvent[], FilterEvent, string]>([
    ['anything before the first', [], SECOND, 'not-created'],
    ['a second beginning', begun, created(['x']), 'already-created'],
    ['an answer to no question', begun, answered(7, 'x'), 'unknown-pair'],
    ['an answer to an answered question', begun, answered(1, 'x'), 'already-done'],
    ['a second answer', [...begun, answered(0, 'x')], answered(0, 'y'), 'already-done'],
    ['a score without an answer', begun, scored(0, 3), 'no-answer'],
    ['a second score', [...begun, scored(1, 3)], scored(1, 4), 'already-done'],
    ['a score of a judge who is not there', begun, scored(1, 3, 1), 'no-such-role'],
    ['a score of a judge who has not begun', [created(['x'])], scored(0, 3), 'not-started'],
    ['a third judge', [...begun, SECOND], SECOND, 'too-many-judges'],
    [
      'ten letters',
      begun,
      { ...bad, probabilities: { ...bad.probabilities, usefulness: [1] } },
      'bad-values',
    ],
  ])('%s', (_name, events, event, refusal) => {
    const fold = new FilterFold()
    for (const each of events) expect(fold.add(each)).toBeNull()
    const before = JSON.stringify(fold.state)
    expect(fold.add(event)).toBe(refusal)
    expect(JSON.stringify(fold.state)).toBe(before)
  })

  test('an event about no engine', () => {
    expect(engine('x').fingerprint).toBe('x')
    const fold = new FilterFold()
    fold.add(created(['x'], { generator: null }))
    expect(fold.add(started('generator', 'w'))).toBe('no-such-role')
  })
})
