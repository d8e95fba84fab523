import { parse } from 'valibot'
import { describe, expect, it } from 'vitest'
import { sampledItem, scorersOf } from '#core/strategy/sampled-item'
import { scorerKey, selfVerifier, verifierVersionOf } from '#core/strategy/scorer'
import { ScoresShape } from '#core/strategy/shapes'
import type { Sample, StepScorer } from '#core/strategy/types'
import { VERIFIER_VERSION } from '#core/strategy/verifier'

const MODEL = { modelName: 'M', quantization: 'q', fingerprint: 'f' }
const NOW = selfVerifier(MODEL)
/** As records had it before they named the words. */
const OLD: StepScorer = { kind: 'self-verifier', ...MODEL }
const OTHER_WORDS: StepScorer = { ...OLD, verifierVersion: 'somnus-verifier-0' }
const REWARD_MODEL: StepScorer = { kind: 'reward-model', ...MODEL }

const scoresBy = (scorer: StepScorer, step = 0.5) => ({
  scorer,
  steps: [step],
  promptTokens: 1,
  elapsedMs: 1,
})
const sample = { index: 0, scores: scoresBy(OLD) } as Sample

describe('a scorer', () => {
  it('names the words that it was asked with, if it was asked', () => {
    expect(NOW.verifierVersion).toBe(VERIFIER_VERSION)
    expect(verifierVersionOf(REWARD_MODEL)).toBeNull()
    expect(verifierVersionOf(OLD)).toBe('somnus-verifier-1')
  })

  it('is the same by kind, weights and words, whatever it is called', () => {
    const first = scorerKey({ ...OLD, verifierVersion: 'somnus-verifier-1' })
    expect(scorerKey(OLD)).toBe(first)
    expect(scorerKey({ ...OLD, modelName: 'N', quantization: 'p' })).toBe(first)
    const others = [OTHER_WORDS, REWARD_MODEL, { ...OLD, fingerprint: 'g' }]
    expect(new Set([first, ...others.map(scorerKey)]).size).toBe(4)
  })

  it('is read from old and new records alike', () => {
    for (const scorer of [OLD, NOW, REWARD_MODEL]) {
      expect(parse(ScoresShape, scoresBy(scorer)).scorer).toEqual(scorer)
    }
  })

  it('does not pass its scores for those of other words', () => {
    const later = [{ at: 1, sample: 0, scores: scoresBy(OTHER_WORDS, 0.9) }]
    const question = { samples: [sample as never], later }
    expect(scorersOf([question])).toEqual([OLD, OTHER_WORDS])
    const stepsBy = (scorer: StepScorer) =>
      sampledItem('A', question, 'strict', scorer).samples[0]?.scores?.steps
    expect(stepsBy(OLD)).toEqual([0.5])
    expect(stepsBy(OTHER_WORDS)).toEqual([0.9])
    expect(stepsBy({ ...OLD, verifierVersion: 'somnus-verifier-2' })).toBeUndefined()
  })
})
