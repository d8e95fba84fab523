import { scoreSteps, type ScoringEngine } from '#app/score-steps'
import { success } from '#core/result'
import { selfVerifier } from '#core/strategy/scorer'
import type { StepScorer } from '#core/strategy/types'
import { describe, expect, it } from 'vitest'

const MODEL = { modelName: 'Model', quantization: 'F32', fingerprint: 'ab' }
const VERIFIER = selfVerifier(MODEL)
const REWARD_MODEL: StepScorer = { kind: 'reward-model', ...MODEL }
const REPLY = 'First.\n\nSecond.\n\nThird.'
const QUESTION = [{ role: 'user', content: 'Which?' }] as const

/** An engine that gives these probabilities, one pass after the other. */
function engineOf(passes: readonly number[][]): ScoringEngine {
  let pass = 0
  const next = () => {
    const probabilities = passes[pass++] ?? []
    return Promise.resolve(success({ probabilities, promptTokens: 7, elapsedMs: 5 }))
  }
  return { scoreLetters: next, scoreReward: next }
}

const score = (scorer: StepScorer, passes: readonly number[][]) =>
  scoreSteps(engineOf(passes), scorer, QUESTION, REPLY, 'en', new AbortController().signal)

describe('the scores of steps', () => {
  it.each([VERIFIER, REWARD_MODEL])('are probabilities, both ends included, by a $kind', async (scorer) => {
    expect(await score(scorer, [[0, 1], [1, 0], [0.25]])).toEqual(
      success({ scorer, steps: [0, 1, 0.25], promptTokens: 21, elapsedMs: 15 }),
    )
  })

  it.each([
    ['NaN', [NaN]],
    ['Infinity', [Infinity]],
    ['-0.01', [-0.01]],
    ['1.5', [1.5]],
    ['undefined', []],
  ])('are never %s: a failure names the step', async (named, second) => {
    for (const scorer of [VERIFIER, REWARD_MODEL]) {
      const scored = await score(scorer, [[0.5, 0.5], second, [0.5, 0.5]])
      const detail = `The score of step 2 is ${named}, which is no probability.`
      expect(scored).toEqual({ ok: false, failure: { kind: 'engine-error', detail } })
    }
  })
})
