import { describe, expect, it } from 'vitest'
import { choose } from '#core/strategy/choose'
import { isSettled } from '#core/strategy/settled'
import type { Ballot, Strategy } from '#core/strategy/types'
import { AGGREGATES, worthOf } from '#core/strategy/worth'

const MAJORITY: Strategy = { kind: 'self-consistency', samples: 4, stopsEarly: true }
const SUM: Strategy = { kind: 'vote-sum', samples: 4, stopsEarly: true, aggregate: 'min' }
const BEST: Strategy = { kind: 'best-of-n', samples: 4, stopsEarly: true, aggregate: 'min' }

const ballot = (letter: string | null, ...steps: number[]): Ballot => ({ letter, steps })

describe('worthOf', () => {
  it('is the lowest, last, mean or product of the steps', () => {
    const steps = [0.5, 0.25, 0.75]
    expect(AGGREGATES.map((by) => worthOf(by, steps))).toEqual([0.25, 0.75, 0.5, 0.09375])
  })

  it('is 0 without steps', () => {
    expect(AGGREGATES.map((by) => worthOf(by, []))).toEqual([0, 0, 0, 0])
  })
})

describe('choose', () => {
  it('takes what most replies say, and at a tie what was seen first', () => {
    expect(choose(MAJORITY, [ballot('B'), ballot('A'), ballot('A'), ballot('B')])).toEqual({
      letter: 'B',
      representative: 0,
      tally: [
        { letter: 'B', score: 2 },
        { letter: 'A', score: 2 },
      ],
    })
  })

  it('sums worths by letter and shows the reply that is worth most of them', () => {
    const ballots = [ballot('A', 0.75), ballot('B', 0.5), ballot('B', 0.625, 0.9), ballot(null, 1)]
    expect(choose(SUM, ballots)).toEqual({
      letter: 'B',
      representative: 2,
      tally: [
        { letter: 'A', score: 0.75 },
        { letter: 'B', score: 1.125 },
      ],
    })
    expect(choose(BEST, ballots)).toMatchObject({ letter: 'A', representative: 0 })
  })

  it('lets a reply without steps vote with nothing', () => {
    expect(choose(SUM, [ballot('A'), ballot('B', 0.1)]).letter).toBe('B')
    expect(choose(SUM, [ballot('A'), ballot('B')]).letter).toBe('A')
  })

  it('lets no score that is none spoil the vote', () => {
    const ballots = [ballot('A', NaN), ballot('B', 0.5), ballot('A', 0.75, Infinity), ballot('C', -1)]
    for (const aggregate of AGGREGATES)
      expect(choose({ ...SUM, aggregate }, ballots)).toMatchObject({ letter: 'B', representative: 1 })
  })

  it('chooses nothing where nobody voted', () => {
    const nothing = { letter: null, representative: null, tally: [] }
    for (const strategy of [MAJORITY, SUM, BEST]) {
      expect(choose(strategy, [])).toEqual(nothing)
      expect(choose(strategy, [ballot(null, 1)])).toEqual(nothing)
    }
  })

  it('takes the first reply for a single one, even if it has no letter', () => {
    expect(choose({ kind: 'single' }, [ballot(null), ballot('B')]).letter).toBeNull()
    expect(choose({ kind: 'single' }, [ballot('A'), ballot('B')]).letter).toBe('A')
  })
})

describe('isSettled', () => {
  it.each<[string, Strategy, Ballot[], boolean]>([
    ['two of four alike', MAJORITY, [ballot('A'), ballot('A')], true],
    ['one each', MAJORITY, [ballot('A'), ballot('B')], false],
    [
      'a leader whom the one seen before can still pass at a tie',
      MAJORITY,
      [ballot('A'), ballot('B'), ballot('B')],
      false,
    ],
    ['a leader who was seen first', MAJORITY, [ballot('A'), ballot('B'), ballot('A')], true],
    ['replies without a letter only', MAJORITY, [ballot(null), ballot(null), ballot(null)], false],
    ['all drawn, no letter', MAJORITY, Array<Ballot>(4).fill(ballot(null)), true],
    ['sums that may be passed', SUM, [ballot('A', 0.9), ballot('A', 0.9)], false],
    ['sums that may not', SUM, [ballot('A', 0.9), ballot('A', 0.9), ballot('B', 0.5)], true],
    ['a best that is not perfect', BEST, [ballot('A', 0.99), ballot('A', 0.1), ballot('A', 0.9)], false],
    ['a perfect one', BEST, [ballot('A', 1)], true],
    ['a single reply', { kind: 'single' }, [ballot(null)], true],
    ['nothing yet', { kind: 'single' }, [], false],
  ])('judges %s', (_, strategy, ballots, settled) => {
    expect(isSettled(strategy, ballots)).toBe(settled)
  })
})
