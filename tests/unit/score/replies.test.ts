import { describe, expect, it } from 'vitest'
import { median, replySummary, replyTokensPerSecond, splitReply } from '#core/score/replies'
import { answer, randomAnswers, seededRandom, shuffled } from './answers'

describe('replySummary', () => {
  it('pools decoding speed over replies and leaves the first token out', () => {
    const summary = replySummary([
      answer({ tokens: 11, decodeMs: 1000, firstTokenMs: 40 }),
      answer({ tokens: 101, decodeMs: 4000, firstTokenMs: 60, finish: 'length', hidden: true }),
    ])
    expect(summary).toEqual({
      meanTokens: 56,
      medianTokens: 56,
      tokensPerSecond: 22,
      medianTimeToFirstTokenMs: 50,
      truncated: 1,
      notAsked: 0,
      inBackground: 1,
    })
  })

  it('gives no speed when no reply has a second token', () => {
    const summary = replySummary([answer({ tokens: 1, decodeMs: 0 }), answer({ tokens: 0, decodeMs: 5 })])
    expect(summary).toMatchObject({ meanTokens: 0.5, tokensPerSecond: null })
    expect(replyTokensPerSecond(answer({ tokens: 1, decodeMs: 3 }))).toBeNull()
    expect(replyTokensPerSecond(answer({ tokens: 21, decodeMs: 500 }))).toBe(40)
  })

  it('keeps items that could not be asked out of tokens and timings, and counts them', () => {
    const notAsked = answer({
      tokens: 0,
      decodeMs: 0,
      firstTokenMs: 0,
      reply: '',
      failure: { kind: 'context-exceeded', promptTokens: 5000, contextTokens: 4096 },
    })
    const summary = replySummary([answer({ tokens: 30, firstTokenMs: 70 }), notAsked])
    expect(summary).toMatchObject({ meanTokens: 30, medianTimeToFirstTokenMs: 70, notAsked: 1 })
  })

  it('is all null without answers', () => {
    expect(replySummary([])).toEqual({
      meanTokens: null,
      medianTokens: null,
      tokensPerSecond: null,
      medianTimeToFirstTokenMs: null,
      truncated: 0,
      notAsked: 0,
      inBackground: 0,
    })
  })

  it('does not depend on the order of the answers, to the last bit', () => {
    for (let seed = 1; seed <= 25; seed += 1) {
      const answers = randomAnswers(150, seed)
      expect(replySummary(shuffled(answers, seededRandom(seed + 99)))).toEqual(replySummary(answers))
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

describe('splitReply', () => {
  it.each([
    ['a reply of one line has no reasoning', 'Answer: B', '', 'Answer: B'],
    [
      'the last line concludes',
      'A is wrong.\n\nB is right.\nAnswer: B\n',
      'A is wrong.\n\nB is right.',
      'Answer: B',
    ],
    ['a think element is the reasoning', '<think>\nHm.\n</think>\n\nB.\nAnswer: B', 'Hm.', 'B.\nAnswer: B'],
    ['the opening tag may be part of the prompt', 'Hm.\n</think>B', 'Hm.', 'B'],
    ['an unclosed think element has no conclusion', '<think>\nHm. Maybe\nB', 'Hm. Maybe\nB', ''],
    ['an empty reply stays empty', '', '', ''],
    ['blank space is nothing', ' \n\n ', '', ''],
    ['CRLF lines count', 'Hm.\r\nB', 'Hm.', 'B'],
    ['markup stays text', '<b>x</b>\n<script>y</script>', '<b>x</b>', '<script>y</script>'],
  ])('%s', (_, reply, reasoning, conclusion) => {
    expect(splitReply(reply)).toEqual({ reasoning, conclusion })
  })
})
