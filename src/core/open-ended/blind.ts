/** What a rater sees: two answers without names, sides drawn by chance. */
import { randomBelow } from '../run/random'
import { answersTo, type OpenState, type RaterState } from './state'
import type { Author } from './types'

/** Whose answer stands on the left; the same each time for one rater and one question. */
export function leftAuthor(seed: number, rater: string, pair: number): Author {
  let stream = 0
  for (const character of rater) stream = (stream * 31 + (character.codePointAt(0) ?? 0)) >>> 0
  const below = randomBelow(seed, stream)
  let side = 0
  for (let draw = 0; draw <= pair; draw += 1) side = below(2)
  return side === 0 ? 0 : 1
}

/** Questions that can be rated: those with both answers. */
export function ratedPlaces(state: OpenState): number[] {
  return [...state.pairs.keys()].filter((pair) => answersTo(state, pair))
}

/** The first question that the rater has not rated; null when all are. */
export function nextUnrated(state: OpenState, { ratings }: Pick<RaterState, 'ratings'>): number | null {
  return ratedPlaces(state).find((pair) => !ratings.has(pair)) ?? null
}
