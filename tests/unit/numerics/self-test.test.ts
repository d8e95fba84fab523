import { describe, expect, it } from 'vitest'
import { differencesBetweenOrders, testTokens, TOLERANCE_F16, TOLERANCE_F32 } from '#core/numerics/self-test'
import type { SelfTestReport } from '#core/numerics/types'
import { verdictOf } from '#core/numerics/verdict'
import { ToyAttention, type Fault } from './toy-attention'

const ignore = () => undefined

async function reportOf(fault: Fault | null, tolerance = TOLERANCE_F32): Promise<SelfTestReport> {
  const toy = new ToyAttention(211, fault)
  const differences = await differencesBetweenOrders(toy.forward(), toy.vocabulary, tolerance, ignore)
  return { version: 1, at: 0, tokens: 40, tolerance, differences, letters: null, elapsedMs: 1 }
}

describe('the self-test', () => {
  it('finds a sound model sound, to rounding', async () => {
    const report = await reportOf(null)
    for (const difference of Object.values(report.differences)) expect(difference).toBeLessThan(1e-4)
    expect(verdictOf(report)).toEqual({
      appendsSound: true,
      stepsSound: true,
      popsSound: true,
      lettersAgree: null,
      sound: true,
    })
  })

  it.each([
    // What is appended after a pop is appended, too.
    ['racing-append', { appendsSound: false, stepsSound: true, popsSound: false }],
    ['racing-step', { appendsSound: true, stepsSound: false, popsSound: true }],
    ['wrong-pop', { appendsSound: true, stepsSound: true, popsSound: false }],
    ['stale-length', { appendsSound: true, stepsSound: true, popsSound: false }],
    ['swapped-sequence', { appendsSound: true, stepsSound: true, popsSound: false }],
    ['pop-throws', { appendsSound: true, stepsSound: true, popsSound: false }],
    ['nan', { appendsSound: false, stepsSound: false, popsSound: false }],
    ['nan-after-append', { appendsSound: false, stepsSound: false, popsSound: false }],
    ['constant-logits', { appendsSound: false, stepsSound: false, popsSound: false }],
    ['forgetful', { appendsSound: false, stepsSound: false, popsSound: false }],
    ['deaf', { appendsSound: false, stepsSound: false, popsSound: false }],
  ] as const)('finds the planted fault %s and no other', async (fault, expected) => {
    for (const tolerance of [TOLERANCE_F32, TOLERANCE_F16]) {
      expect(verdictOf(await reportOf(fault, tolerance))).toMatchObject({ ...expected, sound: false })
    }
  })

  it('finds what is wrong only where a few tokens are appended', async () => {
    // Of the toy's 40 tokens four are too few to move a logit by the tolerance of half precision.
    const report = await reportOf('racing-few')
    expect(verdictOf(report)).toMatchObject({ appendsSound: false, stepsSound: true, popsSound: true })
  })

  it('leaves an empty cache, also when it is ended', async () => {
    const toy = new ToyAttention()
    toy.append([1, 2, 3])
    await differencesBetweenOrders(toy.forward(), toy.vocabulary, TOLERANCE_F32, ignore)
    expect(toy.length).toBe(0)
    let passes = 0
    const ended = differencesBetweenOrders(toy.forward(), toy.vocabulary, TOLERANCE_F32, () => {
      if (passes++ === 3) throw new Error('ended')
    })
    await expect(ended).rejects.toThrow('ended')
    expect(passes).toBe(4)
    expect(toy.length).toBe(0)
  })

  it('tells the share done before each pass', async () => {
    const toy = new ToyAttention()
    const steps: number[] = []
    await differencesBetweenOrders(toy.forward(), toy.vocabulary, TOLERANCE_F32, (fraction) =>
      steps.push(fraction),
    )
    expect(steps[0]).toBe(0)
    expect(steps).toEqual(steps.toSorted((a, b) => a - b))
    expect(steps.at(-1)).toBeCloseTo(1 - 1 / steps.length, 10)
  })

  it('does not judge a model whose chunks are too short for it', async () => {
    const toy = new ToyAttention()
    await expect(
      differencesBetweenOrders(toy.forward(16), toy.vocabulary, TOLERANCE_F32, ignore),
    ).rejects.toThrow()
  })
})

describe('the verdict', () => {
  it('takes reports of version 1 as they are, which have no small chunk', async () => {
    const { differences, ...report } = await reportOf('racing-few')
    const { 'small-chunk': few, ...rest } = differences
    expect(few).toBeGreaterThan(TOLERANCE_F32)
    expect(verdictOf({ ...report, differences: rest })).toMatchObject({ appendsSound: true, sound: true })
    expect(verdictOf({ ...report, differences: { ...rest, 'small-chunk': null } })).toMatchObject({
      appendsSound: false,
      sound: false,
    })
  })
})

describe('testTokens', () => {
  it.each([151_936, 32_000, 256_000, 211])('spreads over a vocabulary of %d, away from its ends', (size) => {
    const tokens = testTokens(size, 45)
    expect(new Set(tokens).size).toBe(45)
    expect(Math.min(...tokens)).toBeGreaterThanOrEqual(Math.floor(size * 0.05))
    expect(Math.max(...tokens)).toBeLessThan(size * 0.95)
    expect(Math.max(...tokens) - Math.min(...tokens)).toBeGreaterThan(size * 0.8)
    expect(testTokens(size, 45)).toEqual(tokens)
  })
})
