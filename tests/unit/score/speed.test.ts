import { describe, expect, it } from 'vitest'
import { median, replyTokensPerSecond, speedSummary } from '#core/score/speed'
import { answer, randomAnswers, seededRandom, shuffled } from './answers'

describe('speedSummary', () => {
  it('pools decoding speed over replies and leaves the first token out', () => {
    const summary = speedSummary([
      answer({ tokens: 11, decodeMs: 1000, firstTokenMs: 40 }),
      answer({ tokens: 101, decodeMs: 4000, firstTokenMs: 60, finish: 'length' }),
    ])
    expect(summary).toEqual({
      meanTokens: 56,
      medianTokens: 56,
      tokensPerSecond: 22,
      medianTimeToFirstTokenMs: 50,
      truncated: 1,
    })
  })

  it('gives no speed when no reply has a second token', () => {
    expect(
      speedSummary([answer({ tokens: 1, decodeMs: 0 }), answer({ tokens: 0, decodeMs: 5 })]),
    ).toMatchObject({
      meanTokens: 0.5,
      tokensPerSecond: null,
    })
    expect(replyTokensPerSecond(answer({ tokens: 1, decodeMs: 3 }))).toBeNull()
    expect(replyTokensPerSecond(answer({ tokens: 21, decodeMs: 500 }))).toBe(40)
  })

  it('is all null without answers', () => {
    expect(speedSummary([])).toEqual({
      meanTokens: null,
      medianTokens: null,
      tokensPerSecond: null,
      medianTimeToFirstTokenMs: null,
      truncated: 0,
    })
  })

  it('does not depend on the order of the answers, to the last bit', () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const answers = randomAnswers(150, seed)
      expect(speedSummary(shuffled(answers, seededRandom(seed + 99)))).toEqual(speedSummary(answers))
    }
  })
})

describe('median', () => {
  it.each([
    [[], null],
    [[5], 5],
    [[9, 1], 5],
    [[3, 1, 2], 2],
    [[10, 9, 1, 2], 5.5],
    [[100, 20, 3], 20],
  ])('of %j is %j', (values, expected) => {
    expect(median(values)).toBe(expected)
  })
})
