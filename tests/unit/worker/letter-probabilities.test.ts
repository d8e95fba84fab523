import { describe, expect, it } from 'vitest'
import { letterProbabilities, softmax } from '../../../src/worker/letter-probabilities'
import { LogitTap } from '../../../src/worker/logit-tap'

describe('letterProbabilities', () => {
  it('keeps the order of the letters, whatever the order of the tokens', () => {
    const tokens = [
      { token: 'C', prob: 0.6 },
      { token: 'A', prob: 0.3 },
      { token: 'B', prob: 0.1 },
    ]
    expect(letterProbabilities(tokens, ['A', 'B', 'C'])).toEqual([0.3, 0.1, 0.6])
  })

  it('renormalises over the letters asked for', () => {
    const tokens = [
      { token: ' A', prob: 0.2 },
      { token: ' B', prob: 0.3 },
      { token: 'The', prob: 0.5 },
    ]
    const [a, b] = letterProbabilities(tokens, ['A', 'B'])!
    expect(a).toBeCloseTo(0.4)
    expect(b).toBeCloseTo(0.6)
  })

  it('refuses when a letter is not there', () => {
    expect(letterProbabilities([{ token: 'A', prob: 1 }], ['A', 'B'])).toBeUndefined()
    expect(letterProbabilities([], ['A'])).toBeUndefined()
  })
})

describe('softmax', () => {
  it('does not overflow on large logits', () => {
    expect(softmax([1000, 1000])).toEqual([0.5, 0.5])
    expect(softmax([0, Math.log(3)])[1]).toBeCloseTo(0.75)
  })
})

describe('LogitTap', () => {
  it('copies the armed logits, so that the engine may reuse its memory', () => {
    const tap = new LogitTap()
    const logits = Float32Array.of(1, 2, 3)
    tap.arm([2, 0])
    expect(tap.processLogits(logits)).toBe(logits)
    logits.fill(9)
    expect(tap.take()).toEqual([3, 1])
  })

  it('gives nothing unless there was exactly one pass', () => {
    const tap = new LogitTap()
    tap.arm([0])
    expect(tap.take()).toBeUndefined()
    tap.processLogits(Float32Array.of(1))
    tap.processLogits(Float32Array.of(1))
    expect(tap.take()).toBeUndefined()
  })
})
