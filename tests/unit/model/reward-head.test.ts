import { describe, expect, it } from 'vitest'
import { headTokens, rewardHeadOf, rewardProbability } from '#core/model/reward-head'

const row = (token: number, factor = 1) => ({ token, factor })
const head = {
  version: 1,
  classes: [
    { bias: 0.5, rows: [row(7), row(8, 1 / 16)] },
    { bias: -1, rows: [row(9), row(10, 1 / 16)] },
  ],
}
const config = (rewardHead: unknown) => ({ model_type: 'llama', somnus: { rewardHead } })

describe('the head of a reward model', () => {
  it('is what mlc-chat-config.json says, and a language model has none', () => {
    expect(rewardHeadOf(config(head))).toEqual(head)
    expect(rewardHeadOf({ model_type: 'llama' })).toBeNull()
    expect(rewardHeadOf({ somnus: {} })).toBeNull()
  })

  it.each([
    ['another version', { ...head, version: 2 }],
    ['one class', { ...head, classes: head.classes.slice(1) }],
    ['a class without rows', { ...head, classes: [head.classes[0], { bias: 0, rows: [] }] }],
    ['a token used twice', { ...head, classes: [head.classes[0], { bias: 0, rows: [row(8)] }] }],
    ['a bias that is no number', { ...head, classes: [head.classes[0], { bias: null, rows: [row(1)] }] }],
  ])('is not guessed: %s', (_, wrong) => {
    expect(rewardHeadOf(config(wrong))).toBeNull()
  })

  it('adds rows and bias of each class, and gives the probability of the second', () => {
    const known = rewardHeadOf(config(head))!
    expect(headTokens(known)).toEqual([7, 8, 9, 10])
    // 0.5 + 1 + 16 / 16 against -1 + 3 + 8 / 16
    expect(rewardProbability(known, [1, 16, 3, 8])).toBeCloseTo(1 / (1 + Math.exp(2.5 - 2.5)), 12)
    expect(rewardProbability(known, [0, 0, 3, 0])).toBeCloseTo(1 / (1 + Math.exp(0.5 - 2)), 12)
    expect(rewardProbability(known, [1000, 0, -1000, 0])).toBe(0)
    expect(rewardProbability(known, [1, 16, 3])).toBeNaN()
  })
})
