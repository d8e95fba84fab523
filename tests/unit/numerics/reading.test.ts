import { describe, expect, it } from 'vitest'
import { allReadings, readingTotals } from '#core/numerics/reading'
import type { PromptReading } from '#core/numerics/types'

const cold: PromptReading = { path: 'cold', tokensFed: 100, tokensReused: 0 }
const reused: PromptReading = { path: 'reused', tokensFed: 10, tokensReused: 90 }
const stepwise: PromptReading = {
  path: 'stepwise',
  tokensFed: 100,
  tokensReused: 0,
  reason: 'self-test-failed',
}
const failed: PromptReading = { ...cold, reason: 'check-failed' }

describe('allReadings', () => {
  it.each([
    ['a reuse among them', [cold, reused, reused], { path: 'reused', tokensFed: 120, tokensReused: 180 }],
    ['none', [cold, failed], { path: 'cold', tokensFed: 200, tokensReused: 0, reason: 'check-failed' }],
    [
      'a failed comparison after a reuse',
      [{ ...cold, reason: 'nothing-in-common' }, { ...cold, compared: true }, reused, failed],
      { path: 'reused', tokensFed: 310, tokensReused: 90, reason: 'check-failed', compared: true },
    ],
    ['one token after another', [stepwise], stepwise],
    ['one unknown', [cold, undefined], undefined],
    ['nothing', [], undefined],
  ] as const)('%s', (_, readings, all) => {
    expect(allReadings(readings)).toEqual(all)
  })
})

describe('readingTotals', () => {
  it('counts prompts by how they were read, and those read anew by reason', () => {
    const compared = { ...cold, compared: true } as const
    const reusedThenFailed = { ...reused, reason: 'check-failed' } as const
    const prompts = [compared, reused, reusedThenFailed, stepwise, failed, failed].map((reading) => ({
      reading,
      promptTokens: 100,
    }))
    expect(readingTotals(prompts)).toEqual({
      prompts: 6,
      promptTokens: 600,
      tokensReused: 180,
      reused: 2,
      stepwise: 1,
      cold: [
        { reason: 'check-failed', prompts: 2 },
        { reason: 'self-test-failed', prompts: 1 },
      ],
      compared: 1,
      checkFailed: true,
    })
  })

  it('is null where nothing is known', () => {
    expect(readingTotals([])).toBeNull()
  })
})
