/** Whether probabilities mean what they say: of all answers given with 80%, are 80% right? */
import { wilsonInterval, type Interval } from '../score/wilson'

/** What a model said of one item's options, and which of them is right. */
export interface Forecast {
  /** Of each option, summing to 1. */
  probabilities: readonly number[]
  /** Index of the right option. */
  outcome: number
}

/** Forecasts whose highest probability lies above `from` and up to `to`. */
export interface ReliabilityBin {
  from: number
  to: number
  n: number
  /** Forecasts whose most probable option was the right one. */
  correct: number
  /** `correct / n`; null in an empty bin. */
  accuracy: number | null
  /** Mean of the highest probabilities; null in an empty bin. */
  confidence: number | null
  /** Wilson 95% interval of the accuracy. */
  interval: Interval
}

export interface Calibration {
  n: number
  /** Mean multi-class Brier score: 0 is perfect, 2 certain and always wrong. */
  brier: number
  /** What always giving each option the same probability would score on these items. */
  brierOfChance: number
  /** Expected calibration error, as a fraction of 1. */
  ece: number
  /** Mean of the highest probabilities minus the accuracy: above 0 the model is too sure of itself. */
  overconfidence: number
  /** Of equal width from 0 to 1, empty ones included. */
  bins: ReliabilityBin[]
}

/** As many bins as Guo et al. use; and no more than leaves each this many forecasts on average. */
export const MOST_BINS = 15
export const FORECASTS_PER_BIN = 10
/** Forecasts between two yields. */
const STEP_FORECASTS = 2000

/** How many bins `n` forecasts are sorted into: 15, fewer when there are under 150, at least one. */
export function binCount(n: number): number {
  return Math.min(MOST_BINS, Math.max(1, Math.floor(n / FORECASTS_PER_BIN)))
}

/**
 * Brier score, expected calibration error and the bins of a reliability diagram. Null without forecasts.
 *
 * Brier score: mean over items of the sum over options of (p - o)^2, o being 1 for the right option and 0 for the
 * others, i.e. the original form with the range 0 to 2. G. W. Brier, "Verification of forecasts expressed in terms of
 * probability", Monthly Weather Review 78 (1950), 1-3.
 *
 * ECE: sum over bins of n_b / n * |accuracy_b - confidence_b|, bins of equal width closed above. C. Guo, G. Pleiss,
 * Y. Sun and K. Q. Weinberger, "On calibration of modern neural networks", ICML 2017, arXiv:1706.04599, equation 3.
 * A forecast whose highest probability is shared by two options chooses none and counts as not right, as in scoring.
 */
export function calibration(forecasts: readonly Forecast[], bins?: number): Calibration | null {
  const steps = calibrationSteps(forecasts, bins)
  for (;;) {
    const step = steps.next()
    if (step.done) return step.value
  }
}

/** The same in steps of about a millisecond, so that many forecasts do not hold up the page. */
export function* calibrationSteps(
  forecasts: readonly Forecast[],
  bins = binCount(forecasts.length),
): Generator<undefined, Calibration | null> {
  const n = forecasts.length
  if (n === 0) return null
  const tallies = Array.from({ length: bins }, () => ({ n: 0, correct: 0, confidence: 0 }))
  let brier = 0
  let chance = 0
  for (const [at, { probabilities, outcome }] of forecasts.entries()) {
    if (at % STEP_FORECASTS === 0) yield
    const { index, highest } = mostProbable(probabilities)
    brier += brierOf(probabilities, outcome)
    chance += 1 - 1 / probabilities.length
    const tally = tallies[binOf(highest, bins)]
    if (!tally) continue
    tally.n += 1
    tally.confidence += highest
    if (index === outcome) tally.correct += 1
  }
  const correct = sum(tallies.map((tally) => tally.correct))
  const confidence = sum(tallies.map((tally) => tally.confidence))
  return {
    n,
    brier: brier / n,
    brierOfChance: chance / n,
    ece: sum(tallies.map((tally) => Math.abs(tally.correct - tally.confidence))) / n,
    overconfidence: (confidence - correct) / n,
    bins: tallies.map((tally, bin) => ({
      from: bin / bins,
      to: (bin + 1) / bins,
      n: tally.n,
      correct: tally.correct,
      accuracy: tally.n === 0 ? null : tally.correct / tally.n,
      confidence: tally.n === 0 ? null : tally.confidence / tally.n,
      interval: wilsonInterval(tally.correct, tally.n),
    })),
  }
}

function brierOf(probabilities: readonly number[], outcome: number): number {
  return probabilities.reduce((total, p, option) => total + (p - (option === outcome ? 1 : 0)) ** 2, 0)
}

/** The option with the highest probability, -1 where two share it. */
function mostProbable(probabilities: readonly number[]): { index: number; highest: number } {
  let index = -1
  let highest = -1
  for (const [option, p] of probabilities.entries()) {
    if (p > highest) {
      highest = p
      index = option
    } else if (p === highest) index = -1
  }
  return { index, highest }
}

/** The bin (k / bins, (k + 1) / bins] that holds a probability; 0 falls into the first. */
function binOf(probability: number, bins: number): number {
  return Math.min(bins - 1, Math.max(0, Math.ceil(probability * bins) - 1))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
