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
const compared: PromptReading = { ...cold, tokensFed: 200, compared: true }
const waiting: PromptReading = { ...reused, awaitsComparison: true }
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
    ['one alone that waits', [waiting], waiting],
    [
      'one that waits after the last comparison',
      [compared, cold, waiting, cold],
      { path: 'reused', tokensFed: 410, tokensReused: 90, compared: true, awaitsComparison: true },
    ],
    [
      'one that a later comparison speaks for',
      [waiting, compared, cold],
      { path: 'reused', tokensFed: 310, tokensReused: 90, compared: true },
    ],
    [
      'several that were compared and wait again, after one that waited',
      [waiting, { ...compared, awaitsComparison: true }],
      { path: 'reused', tokensFed: 210, tokensReused: 90, compared: true, awaitsComparison: true },
    ],
    [
      'one that waits before a failed comparison',
      [waiting, failed],
      {
        ...{ path: 'reused', tokensFed: 110, tokensReused: 90 },
        ...{ reason: 'check-failed', awaitsComparison: true },
      },
    ],
    ['one unknown', [cold, undefined], undefined],
    ['nothing', [], undefined],
  ] as const)('%s', (_, readings, all) => {
    expect(allReadings(readings)).toEqual(all)
  })
})

describe('readingTotals', () => {
  it('counts prompts by how they were read, and those read anew by reason', () => {
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
