/** What people's blind ratings say about the two models, and how far the raters agree. */
import { ASPECTS, type Aspect, type PerAspect } from '../cross-filter/types'
import { perAspect } from '../cross-filter/score'
import { randomBelow } from '../run/random'
import type { Interval } from '../score/wilson'
import { bootstrapSteps, withSpread } from '../stats/bootstrap'
import { fleissKappa } from '../stats/fleiss-kappa'
import { krippendorffAlpha } from '../stats/krippendorff-alpha'
import { meanEstimate, type MeanEstimate } from '../stats/mean-interval'
import { weightedKappa } from '../stats/weighted-kappa'
import { RATING_GRADES } from './limits'
import type { OpenState, RaterState } from './state'
import { AUTHORS, type Author, type PerAuthor } from './types'

export interface AspectRating {
  /** Mean grade of each model, over questions; a question's grade is the mean of its raters. */
  means: PerAuthor<number>
  /** First model minus second, paired by question, with a t interval. */
  difference: MeanEstimate
}

export interface Agreement {
  /** 1 is perfect, 0 what chance gives; null where all grades are the same. */
  value: number | null
  /** 95%, over questions drawn anew; null with fewer than two, and where nothing varies. */
  interval: Interval | null
  /** Answers that count: two of a question. */
  n: number
}

export interface AspectAgreement {
  /** Cohen's, quadratic weights; null unless there are exactly two raters. */
  cohen: Agreement | null
  /** Over answers that every rater graded; grades without order. */
  fleiss: Agreement
  /** Krippendorff's, ordinal; over answers that two or more raters graded. */
  alpha: Agreement
}

export interface RatersReport {
  /** Questions with at least one rating. */
  rated: number
  aspects: PerAspect<AspectRating> | null
  /** Null with fewer than two raters who rated. */
  agreement: PerAspect<AspectAgreement> | null
}

const BOOTSTRAP_SEED = 20_240_303

export function* raterSteps(state: OpenState): Generator<undefined, RatersReport> {
  const raters = state.raters.filter(({ ratings }) => ratings.size > 0)
  const places = [...state.pairs.keys()].filter((pair) => raters.some(({ ratings }) => ratings.has(pair)))
  const rated = places.length
  if (rated === 0) return { rated, aspects: null, agreement: null }
  const aspects = perAspect((aspect) => aspectRating(raters, places, aspect))
  if (raters.length < 2) return { rated, aspects, agreement: null }
  const agreement = {} as PerAspect<AspectAgreement>
  for (const aspect of ASPECTS) agreement[aspect] = yield* agreementSteps(raters, places, aspect)
  return { rated, aspects, agreement }
}

function aspectRating(
  raters: readonly RaterState[],
  places: readonly number[],
  aspect: Aspect,
): AspectRating {
  const of = (author: Author) =>
    places.map((pair) => mean(gradesOf(raters, pair, author, aspect).filter((grade) => grade !== null)))
  const [first, second] = [of(0), of(1)]
  const differences = first.map((grade, index) => grade - (second[index] ?? 0))
  const difference = meanEstimate(differences) ?? { n: 0, mean: 0, interval: null }
  return { means: [mean(first), mean(second)], difference }
}

/** By rater; null where the rater has not rated the question. */
function gradesOf(raters: readonly RaterState[], pair: number, author: Author, aspect: Aspect) {
  return raters.map(({ ratings }) => ratings.get(pair)?.grades[author][aspect] ?? null)
}

/** The grades of both answers to one question, by rater. A question is what is drawn anew: its two answers belong together. */
type Unit = readonly (readonly (number | null)[])[]

function* agreementSteps(
  raters: readonly RaterState[],
  places: readonly number[],
  aspect: Aspect,
): Generator<undefined, AspectAgreement> {
  const units: Unit[] = places.map((pair) => AUTHORS.map((author) => gradesOf(raters, pair, author, aspect)))
  const count = (unit: Unit) => given(unit[0] ?? []).length
  const shared = units.filter((unit) => count(unit) >= 2)
  const whole = units.filter((unit) => count(unit) === raters.length)
  const random = (stream: number) => randomBelow(BOOTSTRAP_SEED, ASPECTS.indexOf(aspect) * 3 + stream)
  const measure = function* (
    drawn: readonly Unit[],
    value: (units: readonly Unit[]) => number | null,
    at: number,
  ) {
    const interval = yield* bootstrapSteps(drawn, value, random(at))
    const agreement: Agreement = {
      ...{ value: value(drawn), interval: withSpread(interval) },
      n: drawn.length * AUTHORS.length,
    }
    return agreement
  }
  return {
    cohen: raters.length === 2 ? yield* measure(whole, cohen, 0) : null,
    fleiss: yield* measure(whole, fleiss, 1),
    alpha: yield* measure(shared, alpha, 2),
  }
}

function cohen(units: readonly Unit[]): number | null {
  const answers = units.flat()
  const by = (rater: number) => answers.map((grades) => grades[rater] ?? 0)
  return weightedKappa(by(0), by(1), RATING_GRADES).kappa
}

function fleiss(units: readonly Unit[]): number | null {
  return fleissKappa(
    units.flat().map((grades) => {
      const counts = new Array<number>(RATING_GRADES).fill(0)
      for (const grade of given(grades)) counts[grade] = (counts[grade] ?? 0) + 1
      return counts
    }),
  )
}

function alpha(units: readonly Unit[]): number | null {
  return krippendorffAlpha(units.flat().map(given), 'ordinal')
}

function given(grades: readonly (number | null)[]): number[] {
  return grades.filter((grade) => grade !== null)
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length
}
