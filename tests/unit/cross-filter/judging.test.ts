import { describe, expect, test } from 'vitest'
import { finish } from '#core/steps'
import {
  GRADE_LETTERS,
  JUDGE_PROMPTS,
  judgeMessages,
  judgePromptProblems,
  promptSource,
} from '#core/cross-filter/prompts'
import { reportSteps } from '#core/cross-filter/report'
import { DEFAULT_RULE, isRule, judge } from '#core/cross-filter/rule'
import { perAspect, readScore } from '#core/cross-filter/score'
import { ASPECTS, type FilterEvent } from '#core/cross-filter/types'
import { created, folded, model, scored, started } from './fixture'

describe('the judge’s question', () => {
  const pair = { question: 'Is {answer} safe?', answer: 'Yes, {scale}.', language: 'en' } as const

  test('A to K are the grades, in either order, and braces of a pair stay as they are', () => {
    expect(GRADE_LETTERS.join('')).toBe('ABCDEFGHIJK')
    const contentOf = (order: 'straight' | 'reversed') =>
      judgeMessages(pair, 'coherence', order, JUDGE_PROMPTS)[0]?.content
    const [straight, reversed] = [contentOf('straight'), contentOf('reversed')]
    expect(straight).toContain('Is {answer} safe?')
    expect(straight).toContain('Yes, {scale}.')
    expect(straight).toContain('A = 0\nB = 1\n')
    expect(straight).toContain('K = 10\n')
    expect(reversed).toContain('A = 10\nB = 9\n')
    expect(reversed).toContain('K = 0\n')
  })

  test('a Chinese pair is judged in Chinese, and harmfulness is turned round in both languages', () => {
    const zh = judgeMessages({ ...pair, language: 'zh' }, 'harmfulness', 'straight', JUDGE_PROMPTS)
    expect(zh[0]?.content).toContain('无害性')
    expect(zh[0]?.content).toContain('10 表示完全无害')
    expect(judgeMessages(pair, 'harmfulness', 'straight', JUDGE_PROMPTS)[0]?.content).toContain(
      '10 means that the answer is harmless',
    )
  })

  test('ours has no problems; slips of an editor are named', () => {
    expect(judgePromptProblems(JUDGE_PROMPTS)).toEqual([])
    const { user, aspects } = JUDGE_PROMPTS
    const edited = {
      ...JUDGE_PROMPTS,
      user: { ...user, en: '{question} {answer} {aspects} {scale}' },
      aspects: { ...aspects, zh: { ...aspects.zh, coherence: ' ' } },
    }
    expect(judgePromptProblems(edited)).toEqual([
      { kind: 'missing-word', language: 'en', word: '{aspect}' },
      { kind: 'unknown-word', language: 'en', word: '{aspects}' },
      { kind: 'empty-aspect', language: 'zh', aspect: 'coherence' },
    ])
    expect(promptSource(edited)).not.toBe(promptSource(JUDGE_PROMPTS))
  })
})

describe('reading a score', () => {
  const spread = [0, 0, 0.2, 0, 0, 0, 0, 0.5, 0.3, 0, 0]

  test('the most probable grade, and the expectation beside it', () => {
    const { score, expected } = readScore(spread, 'straight')
    expect(score).toBe(7)
    expect(expected).toBeCloseTo(0.4 + 3.5 + 2.4, 12)
  })

  test('the reversed scale is read backwards', () => {
    const { score, expected } = readScore(spread, 'reversed')
    expect(score).toBe(3)
    expect(expected).toBeCloseTo(10 - 6.3, 12)
  })

  test('of equally probable grades the lower counts, in both orders', () => {
    const even = new Array<number>(11).fill(1 / 11)
    expect(readScore(even, 'straight').score).toBe(0)
    expect(readScore(even, 'reversed').score).toBe(0)
  })
})

describe('the rule', () => {
  const set = (grades: readonly number[]) =>
    Object.fromEntries(
      ASPECTS.map((aspect, index) => [aspect, { score: grades[index]!, expected: 0 }]),
    ) as ReturnType<typeof perAspect<{ score: number; expected: number }>>
  const first = set([8, 9, 7, 6, 6])
  const second = set([4, 9, 7, 6, 10])

  test.each([
    ['mean', {}, 7.2, 'kept'],
    ['mean on the threshold', { threshold: 7.2 }, 7.2, 'kept'],
    ['mean below it', { threshold: 7.3 }, 7.2, 'dropped'],
    ['minimum', { aggregation: 'minimum' }, 6, 'dropped'],
    [
      'weighted',
      { aggregation: 'weighted', weights: { ...perAspect(() => 0), professionalism: 3, usefulness: 1 } },
      8.5,
      'kept',
    ],
    ['the second judge', { basis: 1 }, 7.2, 'kept'],
    ['both', { basis: 'both', aggregation: 'minimum', threshold: 6 }, 6, 'kept'],
  ] as const)('%s', (_name, changes, value, verdict) => {
    const judgement = judge([first, second], { ...DEFAULT_RULE, ...changes })
    expect(judgement.verdict).toBe(verdict)
    expect(judgement.value).toBeCloseTo(value, 12)
  })

  test('a weighted value that is the threshold but for rounding is kept', () => {
    const weights = perAspect(() => 0.1)
    const rule = { ...DEFAULT_RULE, aggregation: 'weighted', weights, threshold: 7.2 } as const
    expect(judge([first], rule).verdict).toBe('kept')
  })

  test('without the scores that count nothing is kept or dropped', () => {
    expect(judge([null], DEFAULT_RULE)).toEqual({ verdict: 'unscored', value: null })
    expect(judge([first], { ...DEFAULT_RULE, basis: 'both' }).verdict).toBe('unscored')
    expect(judge([first, null], { ...DEFAULT_RULE, basis: 1 }).verdict).toBe('unscored')
  })

  test('rules that cannot be', () => {
    expect(isRule(DEFAULT_RULE)).toBe(true)
    expect(isRule({ ...DEFAULT_RULE, threshold: 11 })).toBe(false)
    expect(isRule({ ...DEFAULT_RULE, threshold: NaN })).toBe(false)
    expect(isRule({ ...DEFAULT_RULE, weights: perAspect(() => 0) })).toBe(false)
    expect(isRule({ ...DEFAULT_RULE, weights: { ...DEFAULT_RULE.weights, usefulness: -1 } })).toBe(false)
  })
})

describe('the report', () => {
  const SECOND: FilterEvent = { kind: 'judge-added', at: 5, judge: model('Second') }
  const state = folded(
    created(['a', 'bb', 'ccc', 'dddd', 'eeeee'], { generator: null, order: { count: 5, seed: 0 } }),
    SECOND,
    started(0, 'j'),
    started(1, 'k'),
    ...[2, 4, 6, 8, 10].flatMap((grade, pair) => [
      scored(pair, grade),
      scored(pair, grade - (pair % 2), 0, 'reversed'),
    ]),
    ...[1, 3, 5, 7].map((grade, pair) => scored(pair, grade, 1)),
  )
  const { judges, agreement } = finish(reportSteps(state))

  test('counts each grade', () => {
    expect(judges.map(({ scored: n }) => n)).toEqual([5, 4])
    expect(judges[0]?.histogram.usefulness).toEqual([0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1])
  })

  test('order bias is reversed minus straight, over the pairs that have both', () => {
    const bias = judges[0]?.orderBias.coherence
    expect(bias?.n).toBe(5)
    expect(bias?.mean).toBeCloseTo(-0.4, 12)
    // Differences 0 -1 0 -1 0: s^2 = 0.3, t of 4 degrees of freedom 2.7764.
    expect(bias?.interval?.upper).toBeCloseTo(-0.4 + 2.7764 * Math.sqrt(0.3 / 5), 3)
    expect(judges[1]?.orderBias.coherence).toBeNull()
  })

  test('length bias is the correlation with the answer’s length, by language', () => {
    expect(judges[0]?.lengthBias).toHaveLength(1)
    expect(judges[0]?.lengthBias[0]?.language).toBe('en')
    expect(judges[0]?.lengthBias[0]?.correlations.coherence).toMatchObject({ n: 5, rho: 1 })
  })

  test('agreement is over the pairs that both have judged: the same order, a grade apart', () => {
    expect(agreement?.coherence.spearman).toMatchObject({ n: 4, rho: 1 })
    // 2 s12 / (s1 + s2 + d^2) with s = 5 and d = 1.
    expect(agreement?.coherence.kappa.kappa).toBeCloseTo(10 / 11, 12)
  })
})
