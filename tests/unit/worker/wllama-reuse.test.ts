import { describe, expect, it } from 'vitest'
import { PromptReuse, RECHECK_EVERY, REUSE_TOLERANCE } from '../../../src/worker/wllama-reuse'

const cold = { probabilities: [0.7, 0.2, 0.1] }
const off = (by: number) => ({ probabilities: [0.7 + by, 0.2 - by, 0.1] })

describe('PromptReuse', () => {
  it('checks the first reuse, and again after as many as named', () => {
    const reuse = new PromptReuse({})
    expect(reuse.isCheckDue).toBe(true)
    expect(reuse.check(cold, cold)).toBe(true)
    let unchecked = 0
    for (; !reuse.isCheckDue; unchecked += 1) reuse.count()
    expect(unchecked).toBe(RECHECK_EVERY - 1)
  })

  it.each([
    ['the same', 0, true],
    ['a difference within the tolerance', REUSE_TOLERANCE / 2, true],
    ['one beyond it', REUSE_TOLERANCE * 2, false],
    ['no number', NaN, false],
  ] as const)('judges %s', (_, by, agrees) => {
    const reuse = new PromptReuse({})
    expect(reuse.check(off(by), cold)).toBe(agrees)
    expect(reuse.refusal).toBe(agrees ? null : 'check-failed')
    expect(reuse.reading(true, 9, 0).reason).toBe(agrees ? 'nothing-in-common' : 'check-failed')
  })

  it('checks the next reuse after a request that did not come to its end', () => {
    const reuse = new PromptReuse({})
    reuse.check(cold, cold)
    reuse.doubt()
    expect(reuse.isCheckDue).toBe(true)
  })

  it.each([
    [{ 'gemma3.attention.sliding_window': '512' }, 'sliding-window'],
    [{ 'mamba.ssm.state_size': '16' }, 'recurrent-model'],
    [{ 'rwkv7.wkv.head_size': '64' }, 'recurrent-model'],
    [{ 'qwen2.attention.head_count': '4' }, null],
  ] as const)('of %j says %s', (metadata, refusal) => {
    expect(new PromptReuse(metadata as unknown as Record<string, string>).refusal).toBe(refusal)
  })

  it('gives no reason where nobody asked for a reuse', () => {
    expect(new PromptReuse({}).reading(false, 9, 0)).toEqual({ path: 'cold', tokensFed: 9, tokensReused: 0 })
    expect(new PromptReuse({}).reading(true, 2, 7)).toEqual({
      path: 'reused',
      tokensFed: 2,
      tokensReused: 7,
      awaitsComparison: true,
    })
  })

  it('says of a reuse whether it was compared', () => {
    const compared = { path: 'reused', tokensFed: 11, tokensReused: 7, compared: true }
    expect(new PromptReuse({}).reading(true, 11, 7, true)).toEqual(compared)
  })
})
