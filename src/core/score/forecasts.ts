import type { Answer } from '../run/types'
import type { Forecast } from '../stats/calibration'

/** The probabilities of the option letters with the key, of the answers that have them. */
export function letterForecasts(answers: readonly Pick<Answer, 'item' | 'forward'>[]): Forecast[] {
  return answers.flatMap(({ item, forward }) =>
    forward ? [{ probabilities: forward.probabilities, outcome: item.targetIndex }] : [],
  )
}
