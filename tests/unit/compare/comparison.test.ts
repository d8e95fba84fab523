import { describe, expect, it } from 'vitest'
import { pairIndexes, type ComparedPair } from '#core/compare/comparison'
import { filterFlips, EVERY_FLIP, pairFlips } from '#core/compare/flips'
import { comparisonVerdict } from '#core/compare/verdict'
import type { Answer } from '#core/run/types'
import { SCORINGS, verdict, type Scoring } from '#core/score/verdict'
import { pairedDifferenceInterval } from '#core/stats/paired-difference'
import { answer, randomAnswers, seededRandom, shuffled } from '../score/answers'
import { compareRuns, conditions, tableOf } from './runs'

const two = [conditions({ model: 'A' }), conditions({ model: 'B' })]

/** Two runs over the same items, from the counts of a fourfold table. */
function fourfold(
  both: number,
  onlyFirst: number,
  onlySecond: number,
  neither: number,
): [Answer[], Answer[]] {
  const of = (letter: (position: number) => 'A' | 'B') =>
    Array.from({ length: both + onlyFirst + onlySecond + neither }, (_, position) =>
      answer({ position, official: letter(position), strict: letter(position) }),
    )
  return [
    of((position) => (position < both + onlyFirst ? 'A' : 'B')),
    of((position) =>
      position < both || (position >= both + onlyFirst && position < both + onlyFirst + onlySecond)
        ? 'A'
        : 'B',
    ),
  ]
}

/** The answers of another model to the same items. */
function others(answers: readonly Answer[], seed: number): Answer[] {
  const random = seededRandom(seed)
  const letter = () => (['A', 'B', 'C', null] as const)[Math.floor(random() * 4)] ?? null
  return answers.map((one) => ({ ...one, officialLetter: letter(), strictLetter: letter() }))
}

function onlyPair(runs: [Answer[], Answer[]], scoring: Scoring = 'official'): ComparedPair {
  const [pair] = compareRuns(tableOf(...runs), two, scoring).pairs
  if (!pair) throw new Error('no pair')
  return pair
}

describe('compareRuns', () => {
  it('counts the common items by who was right and tests the difference', () => {
    const { groups, outcome, holm } = onlyPair(fourfold(1, 1, 7, 12))
    expect(groups.total).toMatchObject({ n: 21, bothRight: 1, onlyFirst: 1, onlySecond: 7, bothWrong: 12 })
    expect(groups.total.difference).toBeCloseTo(-6 / 21, 12)
    expect(groups.total.interval).toEqual(pairedDifferenceInterval({ n: 21, onlyFirst: 1, onlySecond: 7 }))
    expect(groups.total.test.exact).toBeCloseTo(0.0703125, 12)
    expect(groups.total.test.midP).toBeCloseTo(0.0390625, 12)
    expect(holm).toBe(groups.total.test.exact)
    expect(outcome).toBe('not-decisive')
    expect(groups.total.randomFloor).toBe(0.25)
  })

  it('takes items whose texts were withheld for items of different stems', () => {
    const withheld = (answers: Answer[]) =>
      answers.map((one) => ({ ...one, item: { ...one.item, stem: '', withheld: one.item.id } }))
    const [first, second] = fourfold(1, 1, 7, 12)
    const pair = onlyPair([withheld(first), withheld(second)])
    expect(pair.groups.total.n).toBe(21)
    expect(pair.sharedStems).toBeNull()
  })

  it('compares only items that both runs answered', () => {
    const [first, second] = fourfold(3, 2, 1, 4)
    expect(onlyPair([first.slice(0, 6), second.slice(4)]).groups.total.n).toBe(2)
    expect(onlyPair([first.slice(0, 4), second.slice(4)])).toMatchObject({
      outcome: 'no-common-items',
      holm: 1,
    })
    expect(onlyPair([[], []]).groups.total).toMatchObject({ n: 0, difference: null, randomFloor: null })
  })

  it('refuses items of one id whose content differs, and says in what', () => {
    const first = [0, 1, 2, 3, 4].map((position) => answer({ position }))
    const second = first.map((one, index) => {
      const { item } = one
      if (index === 0) return { ...one, item: { ...item, stem: 'Another question' } }
      if (index === 1) return { ...one, item: { ...item, options: item.options.toReversed() } }
      if (index === 2) return { ...one, item: { ...item, targetIndex: 2 } }
      if (index === 3) return { ...one, item: { ...item, level: 3 as const } }
      return one
    })
    const pair = onlyPair([first, second])
    expect(pair.groups.total.n).toBe(1)
    expect(pair.refused).toEqual({ text: 2, key: 1, level: 1 })
    expect(onlyPair([second, first]).refused).toEqual(pair.refused)
  })

  it('finds the runs that agree on a changed item', () => {
    const first = [answer({ position: 0 })]
    const changed = [answer({ position: 0, stem: 'Changed' })]
    const { pairs } = compareRuns(tableOf(first, changed, changed), [...two, conditions()], 'official')
    expect(pairs.map((pair) => pair.groups.total.n)).toEqual([0, 0, 1])
    expect(pairs.map((pair) => pair.refused.text)).toEqual([1, 1, 0])
  })

  it('does not confuse the languages of one id', () => {
    const english = [answer({ position: 0, language: 'en' })]
    const chinese = [answer({ position: 0, language: 'zh' })]
    expect(onlyPair([english, chinese]).groups.total.n).toBe(0)
  })

  it('adjusts over the pairs that have common items', () => {
    const [first, second] = fourfold(0, 0, 6, 4)
    const elsewhere = [answer({ position: 99 })]
    const { pairs } = compareRuns(tableOf(first, second, elsewhere), [...two, conditions()], 'official')
    expect(pairs.map((pair) => pair.holm)).toEqual([0.03125, 1, 1])
    expect(pairs.map((pair) => pair.outcome)).toEqual(['second', 'no-common-items', 'no-common-items'])
    const again = compareRuns(tableOf(first, second, second), [...two, conditions()], 'official').pairs
    expect(again.map((pair) => pair.holm)).toEqual([0.09375, 0.09375, 1])
  })

  it('judges each scoring by its own letters', () => {
    const first = [answer({ position: 0, official: 'A', strict: null })]
    const second = [answer({ position: 0, official: 'B', strict: 'A' })]
    expect(onlyPair([first, second], 'official').groups.total.onlyFirst).toBe(1)
    expect(onlyPair([first, second], 'strict').groups.total.onlySecond).toBe(1)
  })

  it('adds up: cells to languages, levels and the total', () => {
    const answers = randomAnswers(400, 3)
    const { groups } = onlyPair([answers, others(answers, 4)])
    for (const part of [groups.cells, groups.byLanguage, groups.byLevel]) {
      for (const count of ['n', 'bothRight', 'onlyFirst', 'onlySecond', 'bothWrong'] as const) {
        expect(part.reduce((sum, { group }) => sum + group[count], 0)).toBe(groups.total[count])
      }
    }
  })

  it('shows all runs on the items that all of them answered', () => {
    const [first, second] = fourfold(3, 2, 1, 4)
    const table = tableOf(first, second, first.slice(0, 5))
    const { shared } = compareRuns(table, [...two, conditions()], 'official')
    expect(shared.total.n).toBe(5)
    expect(shared.total.accuracies.map(({ correct }) => correct)).toEqual([5, 3, 5])
  })

  it.each([1, 2, 3])('flips every sign when the runs are swapped (seed %i)', (seed) => {
    const answers = randomAnswers(300, seed)
    const more = others(answers, seed + 10).slice(20)
    for (const scoring of SCORINGS) {
      const pair = onlyPair([answers, more], scoring)
      const swapped = onlyPair([more, answers], scoring)
      expect(swapped.holm).toBe(pair.holm)
      for (const [index, { group }] of pair.groups.cells.entries()) {
        const other = swapped.groups.cells[index]?.group
        expect(other?.difference).toBeCloseTo(-(group.difference ?? NaN), 12)
        expect(other?.interval.lower).toBeCloseTo(-group.interval.upper, 12)
        expect(other?.first).toEqual(group.second)
        expect(other?.test).toEqual(group.test)
      }
    }
  })

  it.each([1, 2, 3])('is the same for any order of the items (seed %i)', (seed) => {
    const answers = randomAnswers(300, seed)
    const more = others(answers, seed + 20)
    const random = seededRandom(seed)
    const mixed: [Answer[], Answer[]] = [shuffled(answers, random), shuffled(more, random)]
    expect(onlyPair(mixed)).toEqual(onlyPair([answers, more]))
    const table = tableOf(...mixed)
    expect(compareRuns(table, two, 'strict').shared).toEqual(
      compareRuns(tableOf(answers, more), two, 'strict').shared,
    )
  })

  it('is built in slices as in one piece', () => {
    const answers = randomAnswers(50, 8)
    const sliced = tableOf(answers, [])
    for (const one of others(answers, 9)) sliced.add(1, [one])
    expect(compareRuns(sliced, two, 'official')).toEqual(
      compareRuns(tableOf(answers, others(answers, 9)), two, 'official'),
    )
  })
})

describe('pairIndexes', () => {
  it('names every two runs once', () => {
    expect(pairIndexes(4)).toEqual([
      [0, 1],
      [0, 2],
      [0, 3],
      [1, 2],
      [1, 3],
      [2, 3],
    ])
  })
})

describe('shared stems', () => {
  it('widen the interval where items that share one fall together', () => {
    const [first, second] = fourfold(10, 8, 2, 10)
    const stem = (answers: Answer[]) =>
      answers.map((one, index) => ({ ...one, item: { ...one.item, stem: `Case ${Math.floor(index / 2)}` } }))
    expect(onlyPair([first, second]).sharedStems).toBeNull()
    const { sharedStems, groups } = onlyPair([stem(first), stem(second)])
    expect(sharedStems?.groups).toBe(15)
    const width = ({ lower, upper }: { lower: number; upper: number }) => upper - lower
    expect(width(sharedStems?.interval ?? { lower: 0, upper: 0 })).toBeGreaterThan(
      width(groups.total.interval),
    )
  })

  it('tell nothing when all items share one', () => {
    const [first, second] = fourfold(1, 1, 1, 1)
    const one = (answers: Answer[]) => answers.map((each) => ({ ...each, item: { ...each.item, stem: 'x' } }))
    expect(onlyPair([one(first), one(second)]).sharedStems).toEqual({ groups: 1, interval: null })
  })
})

describe('comparisonVerdict', () => {
  const verdictOf = (...runs: Answer[][]) =>
    comparisonVerdict(
      compareRuns(
        tableOf(...runs),
        runs.map((_, index) => conditions({ model: `${index}` })),
        'official',
      ).pairs,
    )

  it('names the better of two runs only where the test decides', () => {
    const [first, second] = fourfold(20, 20, 4, 20)
    expect(verdictOf(first, second)).toMatchObject({ kind: 'better', better: 0, worse: 1 })
    expect(verdictOf(second, first)).toMatchObject({ kind: 'better', better: 1, worse: 0 })
    expect(verdictOf(...fourfold(20, 9, 4, 20)).kind).toBe('not-decisive')
    expect(verdictOf(first, first).kind).toBe('not-decisive')
    expect(verdictOf(first, []).kind).toBe('no-common-items')
  })

  it('names a leader of several, or how many pairs are decided', () => {
    const [first, second] = fourfold(20, 20, 4, 20)
    expect(verdictOf(second, first, second)).toEqual({ kind: 'one-leads', run: 1 })
    expect(verdictOf(first, first, second)).toEqual({ kind: 'some-decided', decided: 2, pairs: 3 })
    expect(verdictOf(first, first, first)).toEqual({ kind: 'none-decided', pairs: 3 })
  })
})

describe('flips', () => {
  const answers = randomAnswers(500, 5)
  const table = tableOf(answers, others(answers, 6))
  const flips = pairFlips(table, [0, 1], { first: 'official', second: 'official' })

  it('are the items that one run alone got right', () => {
    const { total } = onlyPair([answers, others(answers, 6)]).groups
    expect(flips.filter(({ right }) => right === 'first')).toHaveLength(total.onlyFirst)
    expect(flips.filter(({ right }) => right === 'second')).toHaveLength(total.onlySecond)
  })

  it('are filtered by direction, language and level, and the counts foretell each choice', () => {
    const all = filterFlips(flips, EVERY_FLIP)
    expect(all.matches).toEqual(flips)
    const narrowed = filterFlips(flips, { right: 'first', language: 'zh', level: 2 })
    expect(narrowed.matches.length).toBeGreaterThan(0)
    for (const { right, compared } of narrowed.matches) {
      expect([right, compared.item.language, compared.item.level]).toEqual(['first', 'zh', 2])
    }
    for (const right of ['first', 'second'] as const) {
      const chosen = filterFlips(flips, { right, language: 'zh', level: 2 })
      expect(narrowed.counts.right[right]).toBe(chosen.matches.length)
    }
    expect(narrowed.counts.level.unlabelled).toBe(
      filterFlips(flips, { right: 'first', language: 'zh', level: 'unlabelled' }).matches.length,
    )
  })
})

describe('runs of different protocols', () => {
  /** The same 200 items, answered in words, and by one pass that is right where the item's number ends in 0 to 6. */
  const written = randomAnswers(200, 8)
  const passed = written.map((one, index): Answer => {
    const letter = String.fromCharCode(65 + ((one.item.targetIndex + (index % 10 < 7 ? 0 : 1)) % 3))
    return {
      ...one,
      reply: '',
      officialLetter: null,
      strictLetter: null,
      forward: { probabilities: [], letter, promptTokens: 1, elapsedMs: 1 },
    }
  })
  const runs = [conditions({ model: 'A' }), conditions({ model: 'A', protocol: 'letters' })]
  const table = tableOf(written, passed)
  const rightIn = (answers: readonly Answer[], scoring: Scoring) =>
    answers.filter((one) => verdict(one, scoring) === 'right').length

  it.each(['official', 'strict'] as const)(
    'judge a pass by its probabilities beside %s replies',
    (scoring) => {
      const { scorings, shared, pairs } = compareRuns(table, runs, scoring)
      expect(scorings).toEqual([scoring, 'forward'])
      expect(shared.total.accuracies.map(({ correct }) => correct)).toEqual([rightIn(written, scoring), 140])
      expect(pairs[0]?.groups.total.second.correct).toBe(140)
      expect(pairs[0]?.confounders).toEqual(['protocol'])
    },
  )

  it('judge replies officially beside passes', () => {
    const { scorings, shared } = compareRuns(table, runs, 'forward')
    expect(scorings).toEqual(['official', 'forward'])
    expect(shared.total.accuracies.map(({ correct }) => correct)).toEqual([rightIn(written, 'official'), 140])
  })

  it('flip where one is right, each by its own scoring', () => {
    const { total } = compareRuns(table, runs, 'strict').pairs[0]?.groups ?? {}
    const flips = pairFlips(table, [0, 1], { first: 'strict', second: 'forward' })
    expect(flips).toHaveLength((total?.onlyFirst ?? 0) + (total?.onlySecond ?? 0))
    expect(flips.length).toBeGreaterThan(0)
  })
})
