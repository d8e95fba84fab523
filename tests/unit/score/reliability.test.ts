import { expect, it } from 'vitest'
import { reliabilitySteps } from '#core/score/reliability'
import type { Calibration } from '#core/stats/calibration'
import { answer } from './answers'

function reliability(answers: Parameters<typeof reliabilitySteps>[0]): Calibration | null {
  const steps = reliabilitySteps(answers)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

const scored = (probabilities: number[], target: number) => ({
  ...answer({ target, options: probabilities.length }),
  forward: { probabilities, letter: 'A', promptTokens: 9, elapsedMs: 5 },
})

it('holds the probability of the chosen letter against how often it is right', () => {
  // By hand: confidences 0.6, 0.8, 0.9 (mean 2.3 / 3), two of three right.
  const found = reliability([
    scored([0.6, 0.4], 0),
    scored([0.1, 0.8, 0.1], 1),
    scored([0.9, 0.1], 1),
    answer({}),
  ])
  expect(found?.n).toBe(3)
  expect(found?.overconfidence).toBeCloseTo((2.3 - 2) / 3, 12)
  expect(found?.brier).toBeCloseTo((0.32 + 0.06 + 1.62) / 3, 12)
})

it('has nothing to say without a forward pass', () => {
  expect(reliability([answer({})])).toBeNull()
  expect(reliability([])).toBeNull()
})
