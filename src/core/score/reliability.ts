/** Whether a run's letter probabilities mean what they say. */
import { calibrationSteps, type Calibration, type Forecast } from '../stats/calibration'
import type { Answer } from '../run/types'

/** Answers made ready between two yields: about a millisecond. */
const STEP_ANSWERS = 5000

/** The calibration of the answers that were scored by a forward pass; null without such. */
export function* reliabilitySteps(
  answers: readonly Pick<Answer, 'item' | 'forward'>[],
): Generator<undefined, Calibration | null> {
  const forecasts: Forecast[] = []
  for (const [index, { item, forward }] of answers.entries()) {
    if (index % STEP_ANSWERS === 0) yield
    if (forward) forecasts.push({ probabilities: forward.probabilities, outcome: item.targetIndex })
  }
  return yield* calibrationSteps(forecasts)
}
