import { scoreSteps, type ScoringEngine } from '#app/score-steps'
import type { LetterRequest } from '#core/engine'
import type { PromptReading } from '#core/numerics/types'
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

  it('ask a self-verifier for a reuse of what its prompts share, and tell how all of them were read', async () => {
    const requests: LetterRequest[] = []
    const readings: PromptReading[] = [
      { path: 'cold', tokensFed: 7, tokensReused: 0, reason: 'nothing-in-common' },
      { path: 'reused', tokensFed: 3, tokensReused: 5 },
      { path: 'reused', tokensFed: 2, tokensReused: 8 },
    ]
    const engine: ScoringEngine = {
      scoreLetters: (request) => {
        const reading = readings[requests.push(request) - 1]!
        return Promise.resolve(
          success({ probabilities: [0.5, 0.5], promptTokens: 10, elapsedMs: 1, reading }),
        )
      },
    }
    const never = new AbortController().signal
    const scored = await scoreSteps(engine, VERIFIER, QUESTION, REPLY, 'en', never)
    expect(scored).toMatchObject({
      value: { reading: { path: 'reused', tokensFed: 12, tokensReused: 13 } },
    })
    expect(requests.map(({ reusePrompt }) => reusePrompt)).toEqual([true, true, true])
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
