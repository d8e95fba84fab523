import * as v from 'valibot'
import { describe, expect, test } from 'vitest'
import { leftAuthor, nextUnrated } from '#core/open-ended/blind'
import { MAX_QUESTIONS, MAX_RATERS } from '#core/open-ended/limits'
import { nextOpenTask, openProgress } from '#core/open-ended/next'
import { comparisonMessages, COMPARISON_PROMPTS } from '#core/open-ended/prompts'
import { raterSteps } from '#core/open-ended/raters'
import { mergeRatings, ratedSource, ratingsFile } from '#core/open-ended/ratings-file'
import { illegalOpenEvent, StoredOpenEvent } from '#core/open-ended/shapes'
import { similaritySteps } from '#core/open-ended/similarity'
import { OpenFold } from '#core/open-ended/state'
import type { OpenEvent } from '#core/open-ended/types'
import { countVerdicts, judgeIsAuthor, preferenceOf, verdictOf, verdictsOf } from '#core/open-ended/verdicts'
import { answered, answeredEvents, compared, created, folded, joined, rated, started } from './fixture'

function drained<Value>(steps: Generator<unknown, Value>): Value {
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

const JUDGED = [...answeredEvents(1), started('judge', 'j')]

describe('turns', () => {
  test('each model answers all, then both orders of each question are compared', () => {
    const state = folded(created(2), started(0, 'w0'), answered(0, 0, 'x'))
    expect(nextOpenTask(state)).toEqual({ role: 0, pair: 1 })
    expect(openProgress(state, 'judge')).toMatchObject({ done: 0, total: 4 })
    const judging = folded(...answeredEvents(2), started('judge', 'j'), compared(0, 'straight', 'A'))
    expect(nextOpenTask(judging)).toEqual({ role: 'judge', pair: 0, order: 'reversed' })
    expect(openProgress(judging, 'judge')).toEqual({ role: 'judge', done: 1, total: 4, remainingMs: 600 })
  })

  test('a question that one model cannot answer is not judged', () => {
    const failure = { kind: 'context-exceeded', promptTokens: 9, contextTokens: 5 } as const
    const state = folded(...[created(1), started(0, 'w0'), answered(0, 0, 'x'), started(1, 'w1')], {
      kind: 'passed-over',
      at: 3,
      role: 1,
      pair: 0,
      failure,
    })
    expect(nextOpenTask(state)).toBeNull()
  })

  test.each<[string, readonly OpenEvent[], OpenEvent, string]>([
    ['an answer before its model began', [created(1)], answered(0, 0, 'x'), 'not-started'],
    ['a second answer', answeredEvents(1), answered(0, 0, 'y'), 'already-done'],
    ['the same weights twice', [created(1), started(0, 'w')], started(1, 'w'), 'same-author'],
    ['other weights than before', JUDGED, started('judge', 'k'), 'other-weights'],
    [
      'a comparison of one answer',
      [created(1), started('judge', 'j')],
      compared(0, 'straight', 'A'),
      'no-answer',
    ],
    ['no judge', answeredEvents(1, { judge: null }), started('judge', 'j'), 'no-such-role'],
    ['a question that is not there', JUDGED, compared(1, 'straight', 'A'), 'unknown-pair'],
    ['a rating by nobody', JUDGED, rated('r', 0, 1, 2), 'no-such-rater'],
    ['a rating before all is answered', [created(1), joined('r')], rated('r', 0, 1, 2), 'no-answer'],
    ['a grade of 11', [...JUDGED, joined('r')], rated('r', 0, 11, 2), 'bad-values'],
    [
      'too many raters',
      [...JUDGED, ...Array.from({ length: MAX_RATERS }, (_, at) => joined(`r${at}`))],
      joined('one more'),
      'too-many-raters',
    ],
  ])('refused: %s', (_name, events, event, refusal) => {
    const fold = new OpenFold()
    for (const each of events) expect(fold.add(each)).toBeNull()
    expect(fold.add(event)).toBe(refusal)
  })
})

describe('the judge', () => {
  test('words in braces inside a text stay as they are', () => {
    const texts = { question: '{first}', reference: 'R', first: 'F', second: 'S', language: 'en' as const }
    const [message] = comparisonMessages(texts, COMPARISON_PROMPTS)
    expect(message?.content).toContain('Question:\n{first}\n')
    expect(message?.content).toContain('Second answer:\nS\n')
  })

  test('a letter names the answer at its place, and equal probabilities name none', () => {
    expect(preferenceOf([0.5, 0.3, 0.2], 'straight')).toBe(0)
    expect(preferenceOf([0.5, 0.3, 0.2], 'reversed')).toBe(1)
    expect(preferenceOf([0.2, 0.5, 0.3], 'reversed')).toBe(0)
    expect(preferenceOf([0.4, 0.4, 0.2], 'straight')).toBe('equal')
    expect(preferenceOf([0.4, 0.2, 0.4], 'straight')).toBe('equal')
  })

  test('a win needs both orders', () => {
    expect(verdictOf(1, 1)).toBe(1)
    expect(verdictOf(0, 1)).toBe('flip')
    expect(verdictOf(0, 'equal')).toBe('half')
    expect(verdictOf('equal', 'equal')).toBe('equal')
  })

  test('counted by hand: 8 wins to 1, three ties, of which one flip', () => {
    const report = countVerdicts([...Array.from({ length: 8 }, () => 0 as const), 1, 'flip', 'half', 'equal'])
    expect(report).toMatchObject({ n: 12, wins: [8, 1], ties: { equal: 1, half: 1, flip: 1 } })
    // 2 (1 + 9) / 2^9.
    expect(report.signTest).toBeCloseTo(20 / 512, 12)
    expect(report.share?.value).toBeCloseTo(8 / 9, 12)
    expect(report.share?.interval.lower).toBeCloseTo(0.565, 3)
    expect(report.flipShare?.value).toBeCloseTo(1 / 12, 12)
    expect(countVerdicts([])).toMatchObject({ share: null, flipShare: null, signTest: 1 })
  })

  test('one that always takes the first place flips, and only whole comparisons count', () => {
    const both = [compared(0, 'straight', 'A'), compared(0, 'reversed', 'A')] as const
    const state = folded(...answeredEvents(2), started('judge', 'w1'), ...both, compared(1, 'straight', 'A'))
    expect(verdictsOf(state)).toEqual(['flip', null])
    expect(judgeIsAuthor(state)).toEqual([1])
  })
})

test('answers that are the references score 100, and languages stand apart', () => {
  const [report, ...more] = drained(similaritySteps(folded(...answeredEvents(6))))
  expect(more).toEqual([])
  expect(report).toMatchObject({ language: 'en', n: 6 })
  for (const { metric, values, difference, interval } of report!.metrics) {
    if (metric !== 'bleu') expect(values[0]).toBeCloseTo(100, 9)
    expect(difference).toBeCloseTo(values[0] - values[1], 12)
    if (interval) expect(interval.lower).toBeGreaterThan(0)
  }
})

describe('raters', () => {
  test('a side is drawn once for a rater and a question, and both sides occur', () => {
    const sides = Array.from({ length: 100 }, (_, pair) => leftAuthor(7, 'r', pair))
    expect(Array.from({ length: 100 }, (_, pair) => leftAuthor(7, 'r', pair))).toEqual(sides)
    expect(sides.filter((side) => side === 0).length).toBeGreaterThan(30)
    expect(sides.filter((side) => side === 1).length).toBeGreaterThan(30)
    expect(Array.from({ length: 100 }, (_, pair) => leftAuthor(7, 's', pair))).not.toEqual(sides)
  })

  test('a rater goes on at the first question that is not rated', () => {
    const state = folded(...answeredEvents(3), joined('r'), rated('r', 0, 5, 5), rated('r', 2, 5, 5))
    expect(nextUnrated(state, state.raters[0]!)).toBe(1)
  })

  test('two who agree wholly, and their mean difference', () => {
    const ratings = ['r', 's'].flatMap((rater) => [
      ...[joined(rater), rated(rater, 0, 8, 4), rated(rater, 1, 6, 4), rated(rater, 2, 9, 1)],
    ])
    const report = drained(raterSteps(folded(...answeredEvents(3), ...ratings)))
    expect(report.rated).toBe(3)
    expect(report.aspects?.usefulness.means).toEqual([23 / 3, 3])
    expect(report.aspects?.usefulness.difference.mean).toBeCloseTo(14 / 3, 12)
    const { cohen, fleiss, alpha } = report.agreement!.usefulness
    for (const each of [cohen, fleiss, alpha]) {
      expect(each).toMatchObject({ n: 6, interval: null })
      expect(each!.value).toBeCloseTo(1, 9)
    }
  })

  test('with three, Cohen’s is for nobody, and Fleiss’ takes only what all have rated', () => {
    const ratings = ['r', 's', 't'].flatMap((rater, index) => [
      ...[joined(rater), rated(rater, 0, 8 - index, 4), rated(rater, 1, 6, 4 + index)],
      ...(index < 2 ? [rated(rater, 2, 9, 1 + index)] : []),
    ])
    const report = drained(raterSteps(folded(...answeredEvents(3), ...ratings)))
    const { cohen, fleiss, alpha } = report.agreement!.coherence
    expect(cohen).toBeNull()
    expect(fleiss.n).toBe(4)
    expect(alpha.n).toBe(6)
    expect(alpha.interval!.lower).toBeLessThanOrEqual(alpha.value!)
  })
})

describe('merging ratings', () => {
  const base = () => answeredEvents(2)
  const STUDY = 'hash'
  const fileOf = (...events: OpenEvent[]) =>
    JSON.stringify(ratingsFile(folded(...base(), ...events), STUDY, 'notice'))

  test('another rater is added, once', () => {
    const text = fileOf(joined('s', 'Li'), rated('s', 0, 3, 4), rated('s', 1, 5, 6))
    const here = [...base(), joined('r', 'Ann'), rated('r', 0, 7, 7)]
    const merged = mergeRatings(folded(...here), STUDY, text)
    if (!merged.ok) throw new Error(merged.failure.kind)
    expect(merged.value).toMatchObject({ added: 2, known: 0, conflicts: [] })
    const after = folded(...here, ...merged.value.events)
    expect(after.raters.map(({ name, ratings }) => [name, ratings.size])).toEqual([
      ['Ann', 1],
      ['Li', 2],
    ])
    expect(mergeRatings(after, STUDY, text)).toMatchObject({ value: { events: [], added: 0, known: 2 } })
  })

  test('a rater who graded otherwise elsewhere is kept twice, and merging again adds nothing', () => {
    const text = fileOf(joined('r', 'Ann'), rated('r', 0, 3, 4))
    const here = [...base(), joined('r', 'Ann'), rated('r', 0, 7, 7)]
    const merged = mergeRatings(folded(...here), STUDY, text)
    if (!merged.ok) throw new Error(merged.failure.kind)
    expect(merged.value).toMatchObject({ added: 1, conflicts: ['Ann (2)'] })
    const after = folded(...here, ...merged.value.events)
    expect(after.raters.map(({ name }) => name)).toEqual(['Ann', 'Ann (2)'])
    expect(after.raters[0]?.ratings.get(0)?.grades[0].coherence).toBe(7)
    expect(mergeRatings(after, STUDY, text)).toMatchObject({ value: { added: 0, conflicts: [] } })
  })

  test('another study and other files are refused', () => {
    const state = folded(...base())
    const text = fileOf(joined('s'), rated('s', 0, 3, 4))
    expect(mergeRatings(state, 'other', text)).toMatchObject({ failure: { kind: 'another-study' } })
    expect(mergeRatings(state, STUDY, '{')).toMatchObject({ failure: { kind: 'not-ratings' } })
    const wrong = text.replace('"coherence":3', '"coherence":30')
    expect(mergeRatings(state, STUDY, wrong)).toMatchObject({ failure: { kind: 'not-ratings' } })
    const place = text.replace('"pair":0', '"pair":9')
    expect(mergeRatings(state, STUDY, place)).toMatchObject({ failure: { kind: 'not-ratings' } })
    const crowd = Array.from({ length: MAX_RATERS }, (_, at) => joined(`r${at}`))
    expect(mergeRatings(folded(...base(), ...crowd), STUDY, text)).toMatchObject({
      failure: { kind: 'too-many-raters' },
    })
  })

  test('other answers are another study', () => {
    expect(ratedSource(folded(...base()))).not.toBe(ratedSource(folded(...answeredEvents(1))))
  })
})

describe('events from an archive', () => {
  const events: OpenEvent[] = [
    ...[...JUDGED, compared(0, 'straight', 'A'), joined('r', 'Ann'), rated('r', 0, 3, 4)],
    { kind: 'paused', at: 9, reason: 'user', failure: null },
  ]

  test('are read as they were written, and an impossible one is named', () => {
    for (const event of events) expect(v.parse(StoredOpenEvent, event)).toEqual(event)
    expect(illegalOpenEvent(events)).toBeNull()
    expect(illegalOpenEvent(events.slice(1))).toBe(0)
  })

  test('more questions than the limit are refused', () => {
    expect(v.safeParse(StoredOpenEvent, created(MAX_QUESTIONS)).success).toBe(true)
    expect(v.safeParse(StoredOpenEvent, created(MAX_QUESTIONS + 1)).success).toBe(false)
  })
})
