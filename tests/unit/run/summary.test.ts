import { describe, expect, it } from 'vitest'
import { levelTallies, mostRemainingMs, remainingMs, sumTallies, tokensPerSecond } from '#core/run/progress'
import { isUnfinished, nextPosition, reduce } from '#core/run/summary'
import type { RunEvent } from '#core/run/types'
import { answered, created, ENGINE, fold, makeAnswer, makeItem, makePlan, started } from './fixtures'

const plan = makePlan(2)
const paused: RunEvent = { kind: 'paused', at: 3, reason: 'user', failure: null }
const released: RunEvent = { kind: 'released', at: 15 }
const held = (position: number): RunEvent => ({
  kind: 'answered',
  at: 10,
  answer: makeAnswer(position),
  isHeld: true,
})
const stopped: RunEvent = { kind: 'stopped', at: 4, reason: 'user' }
const finished: RunEvent = { kind: 'finished', at: 20 }
const other = started({ ...ENGINE, fingerprint: '0'.repeat(64) })

describe('reduce', () => {
  it.each<{ name: string; events: RunEvent[]; state: string; next: number | null }>([
    { name: 'created', events: [], state: 'ready', next: 0 },
    { name: 'started', events: [started()], state: 'running', next: 0 },
    { name: 'one answered', events: [started(), answered(0)], state: 'running', next: 1 },
    { name: 'paused', events: [started(), answered(0), paused], state: 'paused', next: 1 },
    { name: 'resumed', events: [started(), paused, started(), answered(0)], state: 'running', next: 1 },
    {
      name: 'resumed after a killed tab',
      events: [started(), answered(0), started()],
      state: 'running',
      next: 1,
    },
    { name: 'stopped while running', events: [started(), answered(0), stopped], state: 'stopped', next: 1 },
    { name: 'stopped while paused', events: [started(), paused, stopped], state: 'stopped', next: 0 },
    {
      name: 'finished',
      events: [started(), answered(0), answered(1), finished],
      state: 'finished',
      next: null,
    },
  ])('$name: $state, next question $next', ({ events, state, next }) => {
    const run = fold([created(plan), ...events])
    expect(run.state.kind).toBe(state)
    expect(nextPosition(run)).toBe(next)
    expect(run.events).toBe(events.length + 1)
    expect(isUnfinished(run)).toBe(state !== 'stopped' && state !== 'finished')
  })

  it.each<{ name: string; events: RunEvent[]; event: RunEvent; reason: string }>([
    { name: 'a second creation', events: [], event: created(plan), reason: 'already-created' },
    { name: 'an answer before the start', events: [], event: answered(0), reason: 'wrong-state' },
    {
      name: 'a doubled answer',
      events: [started(), answered(0)],
      event: answered(0),
      reason: 'wrong-position',
    },
    { name: 'a skipped question', events: [started()], event: answered(1), reason: 'wrong-position' },
    {
      name: 'an answer beyond the last',
      events: [started(), answered(0), answered(1)],
      event: answered(2),
      reason: 'wrong-position',
    },
    {
      name: 'an answer while paused',
      events: [started(), paused],
      event: answered(0),
      reason: 'wrong-state',
    },
    { name: 'a pause of a paused run', events: [started(), paused], event: paused, reason: 'wrong-state' },
    { name: 'other weights on resume', events: [started(), paused], event: other, reason: 'other-model' },
    { name: 'a start after a stop', events: [started(), stopped], event: started(), reason: 'wrong-state' },
    { name: 'finishing early', events: [started(), answered(0)], event: finished, reason: 'wrong-position' },
    {
      name: 'a flag on an unanswered item',
      events: [started()],
      event: { kind: 'flagged', at: 9, position: 0, note: '' },
      reason: 'wrong-position',
    },
    {
      name: 'an answer that counts while others are held',
      events: [started(), held(0)],
      event: answered(1),
      reason: 'wrong-state',
    },
    {
      name: 'finishing with held answers',
      events: [started(), answered(0), held(1)],
      event: finished,
      reason: 'wrong-position',
    },
    {
      name: 'a flag on a held answer',
      events: [started(), answered(0), held(1)],
      event: { kind: 'flagged', at: 9, position: 1, note: '' },
      reason: 'wrong-position',
    },
    {
      name: 'withdrawing answers that count',
      events: [started(), answered(0), held(1)],
      event: { ...paused, reason: 'comparison-failed', withdrawnFrom: 0 },
      reason: 'wrong-position',
    },
    {
      name: 'a release of a paused run',
      events: [started(), held(0), paused],
      event: released,
      reason: 'wrong-state',
    },
  ])('refuses $name', ({ events, event, reason }) => {
    expect(reduce(fold([created(plan), ...events]), event)).toEqual({
      ok: false,
      failure: { kind: 'illegal-event', reason },
    })
  })

  it('refuses every event but the creation of a run that does not exist', () => {
    expect(reduce(null, started())).toEqual({
      ok: false,
      failure: { kind: 'illegal-event', reason: 'no-run' },
    })
  })

  it('does not change the run it is given', () => {
    const run = fold([created(plan), started(), answered(0)])
    const before = structuredClone(run)
    reduce(run, answered(1))
    reduce(run, { kind: 'flagged', at: 5, position: 0, note: 'x' })
    expect(run).toEqual(before)
  })

  it('keeps each different engine once', () => {
    const faster = { ...ENGINE, device: 'other' }
    const run = fold([created(plan), started(), paused, started(faster), paused, started()])
    expect(run.engines).toEqual([ENGINE, faster])
  })

  it('keeps the last note of a flag and forgets a withdrawn one', () => {
    const flag = (note: string | null): RunEvent => ({ kind: 'flagged', at: 5, position: 0, note })
    const run = fold([created(plan), started(), answered(0), flag('a'), flag('b')])
    expect(run.flags).toEqual({ 0: 'b' })
    expect(fold([created(plan), started(), answered(0), flag('a'), flag(null)]).flags).toEqual({})
  })

  it('keeps the list of items out of the summary', () => {
    expect('itemIndexes' in fold([created(plan)]).plan).toBe(false)
  })
})

describe('progress', () => {
  const three = makePlan(4)
  const run = fold([
    created(three),
    started(),
    answered(0),
    answered(1, {
      officialLetter: 'B',
      strictLetter: null,
      strictReason: 'none',
      item: makeItem(1, 'zh', 2),
    }),
    answered(2, { officialLetter: 'A', strictLetter: 'A', item: makeItem(2, 'en', 2) }),
  ])

  it('counts both scorings and missing letters', () => {
    expect(sumTallies(run)).toEqual({
      answered: 3,
      correct: { official: 2, strict: 1, forward: 0 },
      unparsed: { official: 0, strict: 1, forward: 3 },
    })
    const unasked = answered(3, { officialLetter: null, strictLetter: null, strictReason: 'empty' })
    const after = fold([created(three), started(), answered(0), answered(1), answered(2), unasked])
    expect(sumTallies(after)).toMatchObject({ answered: 4, unparsed: { official: 1, strict: 1 } })
  })

  it('adds the languages of a level up', () => {
    expect(levelTallies(run)).toEqual([
      {
        level: 1,
        counts: {
          answered: 1,
          correct: { official: 1, strict: 1, forward: 0 },
          unparsed: { official: 0, strict: 0, forward: 1 },
        },
      },
      {
        level: 2,
        counts: {
          answered: 2,
          correct: { official: 1, strict: 0, forward: 0 },
          unparsed: { official: 0, strict: 1, forward: 2 },
        },
      },
    ])
  })

  it('measures speed on the tokens after the first of each reply', () => {
    expect(tokensPerSecond(run)).toBeCloseTo((30 / 600) * 1000)
    expect(tokensPerSecond(fold([created(three)]))).toBeNull()
  })

  it('expects the rest at the mean pace so far', () => {
    expect(remainingMs(run)).toBe(250)
    expect(remainingMs(fold([created(three)]))).toBeNull()
  })
})

describe('a run of several replies', () => {
  const strategy = { kind: 'self-consistency', samples: 4, stopsEarly: true } as const
  const sampling = {
    planned: 4,
    taken: 3,
    official: { letter: 'B', representative: 0, tally: [{ letter: 'B', score: 3 }] },
    strict: { letter: 'B', representative: 0, tally: [{ letter: 'B', score: 3 }] },
  }
  const several: RunEvent = { ...created({ ...makePlan(3), strategy }) }
  const sample = { timeToFirstTokenMs: 10, decodeMs: 90, scores: null }

  it("counts the samples saved, and every reply's first token out of its speed", () => {
    const answer = { sampling, completionTokens: 33, decodeMs: 300, timeToFirstTokenMs: 0 }
    const run = fold([several, started(), answered(0, answer), answered(1, answer)])
    expect(run.saved).toBe(2)
    expect(tokensPerSecond(run)).toBe(100)
    expect(fold([created(plan), started(), answered(0)])).not.toHaveProperty('saved')
  })

  it('knows an upper bound of its time from its first samples', () => {
    const run = fold([several, started()])
    expect(mostRemainingMs(run, [])).toBeNull()
    expect(mostRemainingMs(run, [sample, sample])).toBe(100 * (4 * 3 - 2))
    expect(mostRemainingMs(fold([created(plan), started()]), [sample])).toBeNull()
  })

  it('takes the samples of the question under way for time that is behind', () => {
    const run = fold([several, started(), answered(0, { sampling, timeToFirstTokenMs: 0, decodeMs: 300 })])
    expect(remainingMs(run, [sample])).toBe(600 - 100)
    // However long the question takes, the ones after it are still to come.
    expect(
      remainingMs(
        run,
        Array.from({ length: 9 }, () => sample),
      ),
    ).toBe(300)
    expect(mostRemainingMs(run, [sample])).toBeNull()
  })
})
