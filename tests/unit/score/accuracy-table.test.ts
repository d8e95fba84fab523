import { describe, expect, it } from 'vitest'
import { reduce, type RunSummary, type Tally } from '#core/run/summary'
import type { Answer, RunEvent } from '#core/run/types'
import { accuracyOfTallies, accuracyTable, type ScoredGroup } from '#core/score/accuracy-table'
import { wilsonInterval } from '#core/score/wilson'
import { answer, randomAnswers, seededRandom, shuffled } from './answers'

describe('accuracyTable', () => {
  it('is empty and claims nothing without answers', () => {
    const table = accuracyTable([])
    expect(table.cells).toEqual([])
    expect(table.total).toEqual({
      n: 0,
      randomFloor: null,
      disagreements: 0,
      official: { n: 0, correct: 0, accuracy: null, interval: { lower: 0, upper: 1 }, unparsed: 0 },
      strict: { n: 0, correct: 0, accuracy: null, interval: { lower: 0, upper: 1 }, unparsed: 0 },
      forward: { n: 0, correct: 0, accuracy: null, interval: { lower: 0, upper: 1 }, unparsed: 0 },
    })
  })

  it('scores both ways, counts unparsed as wrong and keeps them in n', () => {
    const { total } = accuracyTable([
      answer({ target: 0, official: 'A', strict: 'A' }),
      answer({ target: 0, official: 'A', strict: null }),
      answer({ target: 1, official: 'A', strict: 'B' }),
      answer({ target: 1, official: null, strict: null }),
    ])
    expect(total.official).toEqual({
      n: 4,
      correct: 2,
      accuracy: 0.5,
      interval: wilsonInterval(2, 4),
      unparsed: 1,
    })
    expect(total.strict).toEqual({
      n: 4,
      correct: 2,
      accuracy: 0.5,
      interval: wilsonInterval(2, 4),
      unparsed: 2,
    })
    expect(total.disagreements).toBe(2)
  })

  it('groups by language and level, unlabelled last, leaving out empty groups', () => {
    const table = accuracyTable([
      answer({ language: 'zh', level: null }),
      answer({ language: 'en', level: 3 }),
      answer({ language: 'en', level: 1, official: 'B' }),
      answer({ language: 'zh', level: 3 }),
    ])
    expect(
      table.cells.map(({ language, level, group }) => [language, level, group.n, group.official.correct]),
    ).toEqual([
      ['en', 1, 1, 0],
      ['en', 3, 1, 1],
      ['zh', 3, 1, 1],
      ['zh', 'unlabelled', 1, 1],
    ])
    expect(table.byLanguage.map(({ language, group }) => [language, group.n])).toEqual([
      ['en', 2],
      ['zh', 2],
    ])
    expect(table.byLevel.map(({ level, group }) => [level, group.n])).toEqual([
      [1, 1],
      [3, 2],
      ['unlabelled', 1],
    ])
  })

  it('takes the random floor as the mean of one over the number of options', () => {
    const table = accuracyTable([
      answer({ options: 4 }),
      answer({ options: 2 }),
      answer({ options: 9, level: 2 }),
    ])
    expect(table.total.randomFloor).toBeCloseTo((1 / 4 + 1 / 2 + 1 / 9) / 3, 15)
    expect(table.byLevel[0]?.group.randomFloor).toBe(0.375)
  })

  it('does not depend on the order of the answers, to the last bit', () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const answers = randomAnswers(200, seed)
      const table = accuracyTable(answers)
      expect(accuracyTable(shuffled(answers, seededRandom(seed + 1000)))).toEqual(table)
    }
  })

  it('adds up: cells, languages and levels partition the total', () => {
    const table = accuracyTable(randomAnswers(1000, 7))
    for (const groups of [table.cells, table.byLanguage, table.byLevel]) {
      const sum = (of: (group: (typeof table)['total']) => number) =>
        groups.reduce((total, { group }) => total + of(group), 0)
      expect(sum((group) => group.n)).toBe(1000)
      expect(sum((group) => group.official.correct)).toBe(table.total.official.correct)
      expect(sum((group) => group.strict.unparsed)).toBe(table.total.strict.unparsed)
      expect(sum((group) => group.disagreements)).toBe(table.total.disagreements)
      expect(sum((group) => (group.randomFloor ?? 0) * group.n)).toBeCloseTo(
        (table.total.randomFloor ?? 0) * 1000,
        9,
      )
    }
  })

  it('never finds more right than it parsed', () => {
    for (let seed = 1; seed <= 10; seed += 1) {
      const { total } = accuracyTable(randomAnswers(100, seed))
      for (const score of [total.official, total.strict]) {
        expect(score.correct + score.unparsed).toBeLessThanOrEqual(score.n)
      }
    }
  })
})

/** As a run's summary counts them. */
function tallied(answers: readonly Answer[]): Tally[] {
  let run = {
    state: { kind: 'running' },
    answered: 0,
    total: answers.length,
    tallies: [],
  } as Partial<RunSummary>
  for (const [position, given] of answers.entries()) {
    const event: RunEvent = { kind: 'answered', at: 0, answer: { ...given, position } }
    const next = reduce(run as RunSummary, event)
    if (!next.ok) throw new Error(next.failure.reason)
    run = next.value
  }
  return run.tallies ?? []
}

it('says the same from a run’s summary, but for random floors and disagreements', () => {
  const answers = randomAnswers(200, 11)
  const tallies = tallied(answers)
  const known = accuracyOfTallies(tallies)
  const table = accuracyTable(answers)
  const less = ({ group, ...place }: { group: ScoredGroup }) => ({
    ...place,
    group: { ...group, randomFloor: null, disagreements: 0 },
  })
  expect(known.cells).toEqual(table.cells.map(less))
  expect(known.byLanguage).toEqual(table.byLanguage.map(less))
  expect(known.byLevel).toEqual(table.byLevel.map(less))
  expect(known.total).toEqual(less({ group: table.total }).group)
})
