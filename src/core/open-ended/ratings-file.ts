/** Ratings as a file that another browser merges: raters work apart, each on a copy of the same evaluation. */
import * as v from 'valibot'
import { ASPECTS } from '../cross-filter/types'
import { failure, success, type Result } from '../result'
import { MAX_RATER_NAME, MAX_RATERS } from './limits'
import { StoredRater, StoredRating } from './shapes'
import { OpenFold, type OpenState, type RaterState, type Rating } from './state'
import { AUTHORS, type OpenEvent } from './types'

type RaterEvent = Extract<OpenEvent, { kind: 'rater-joined' | 'rated' }>

const FORMAT = 'somnus-open-ended-ratings'

const RatingsFile = v.object({
  format: v.literal(FORMAT),
  version: v.literal(1),
  /** SHA-256 (hex) of `ratedSource`. */
  study: v.string(),
  notice: v.optional(v.string()),
  raters: v.array(StoredRater),
  ratings: v.array(StoredRating),
})

export type RatingsFile = v.InferOutput<typeof RatingsFile>

/** All that a rater is shown, as text for the hash: ratings of anything else cannot be merged. */
export function ratedSource({ pairs, authors }: OpenState): string {
  const answers = authors.map((author) => author.answers.map((answer) => answer?.text ?? null))
  return JSON.stringify([pairs.map(({ question, answer }) => [question, answer]), answers])
}

/** `study` is the hash of `ratedSource`. */
export function ratingsFile(state: OpenState, study: string, notice: string): RatingsFile {
  return {
    ...{ format: FORMAT, version: 1, study, notice },
    raters: state.raters.map(({ id, name, ratings }) => joined(id, name, ratings)),
    ratings: state.raters.flatMap(({ id, ratings }) => ratedBy(id, ratings)),
  }
}

export type MergeFailure =
  /** Not JSON, or not of this format. */
  | { kind: 'not-ratings' }
  /** Other questions, references or answers. */
  | { kind: 'another-study' }
  | { kind: 'too-many-raters' }

export interface Merge {
  /** What is to be stored; nothing where all was known. */
  events: RaterEvent[]
  added: number
  /** Ratings that are here already, grade by grade. */
  known: number
  /** Names under which raters were added whose grades here differ from those of the file: both are kept. */
  conflicts: string[]
}

/**
 * What a file adds. A rater of whom a question is graded otherwise here comes in as a rater of its own, with the same id
 * and name each time, so that merging a file twice adds nothing.
 */
export function mergeRatings(state: OpenState, study: string, text: string): Result<Merge, MergeFailure> {
  const file = readRatings(text)
  if (!file) return failure({ kind: 'not-ratings' })
  if (file.study !== study) return failure({ kind: 'another-study' })
  const merge: Merge = { events: [], added: 0, known: 0, conflicts: [] }
  let raters = state.raters.length
  for (const { rater, name, at } of file.raters) {
    const ratings = file.ratings.filter((rating) => rating.rater === rater)
    const copy = placeOf(state, rater, ratings)
    const id = copy === 1 ? rater : `${rater}-${copy}`
    const here = state.raters.find((one) => one.id === id)
    if (copy > 1 && !here) merge.conflicts.push(copyName(name, copy))
    if (!here) {
      raters += 1
      merge.events.push({ kind: 'rater-joined', at, rater: id, name: copyName(name, copy) })
    }
    for (const rating of ratings) {
      if (here?.ratings.has(rating.pair)) merge.known += 1
      else merge.events.push({ ...rating, rater: id })
    }
  }
  if (raters > MAX_RATERS) return failure({ kind: 'too-many-raters' })
  merge.added = merge.events.filter(({ kind }) => kind === 'rated').length
  return canFollow(state, merge.events) ? success(merge) : failure({ kind: 'not-ratings' })
}

function readRatings(text: string): RatingsFile | null {
  try {
    const parsed = v.safeParse(RatingsFile, JSON.parse(text))
    return parsed.success ? parsed.output : null
  } catch {
    return null
  }
}

/** 1 for the rater itself, 2 and more for copies: the first under which nothing contradicts what is here. */
function placeOf(state: OpenState, rater: string, ratings: readonly (Rating & { pair: number })[]): number {
  for (let copy = 1; ; copy += 1) {
    const here = state.raters.find(({ id }) => id === (copy === 1 ? rater : `${rater}-${copy}`))
    const differs = (rating: Rating & { pair: number }) => {
      const mine = here?.ratings.get(rating.pair)
      return mine !== undefined && !isSame(mine, rating)
    }
    if (!here || !ratings.some(differs)) return copy
  }
}

function copyName(name: string, copy: number): string {
  const ending = copy === 1 ? '' : ` (${copy})`
  return `${name.slice(0, MAX_RATER_NAME - ending.length)}${ending}`
}

function isSame(one: Rating, other: Rating): boolean {
  return AUTHORS.every((author) =>
    ASPECTS.every((aspect) => one.grades[author][aspect] === other.grades[author][aspect]),
  )
}

/** Whether each rating is of a question with both answers, by a rater of the file, and given once. */
function canFollow(state: OpenState, events: readonly RaterEvent[]): boolean {
  const fold = new OpenFold(state)
  return events.every((event) => fold.add(event) === null)
}

function joined(rater: string, name: string, ratings: RaterState['ratings']) {
  const at = Math.min(...[...ratings.values()].map((rating) => rating.at))
  return { kind: 'rater-joined' as const, at: Number.isFinite(at) ? at : 0, rater, name }
}

function ratedBy(rater: string, ratings: RaterState['ratings']) {
  return [...ratings].map(([pair, { at, left, grades }]) => ({
    ...{ kind: 'rated' as const, at, rater, pair, left },
    grades: [grades[0], grades[1]] as [(typeof grades)[0], (typeof grades)[1]],
  }))
}
