/** A share of a run's items asked again: how many answers are no longer the same. */
import type { Answer } from '../run/types'
import { median } from '../score/replies'
import { share, type Share } from '../score/share'
import { chosenLetter, verdict, type Scoring } from '../score/verdict'

/** One item, asked twice. */
export interface AskedAgain {
  before: Answer
  after: Answer
}

export type FlipKind = 'right-to-wrong' | 'wrong-to-right' | 'wrong-to-other'
export const FLIP_KINDS: readonly FlipKind[] = ['right-to-wrong', 'wrong-to-right', 'wrong-to-other']

export interface FlipRate {
  /** Items whose letter changed, one that came or went included; Wilson 95% interval. */
  flipped: Share
  /** How many of them went which way; an answer without a letter is wrong. */
  kinds: Record<FlipKind, number>
}

/** How far the probabilities of the option letters moved. */
export interface ForwardChange {
  n: number
  /** Of each item's largest change of one letter's probability: the largest and the median. */
  largest: number
  median: number
}

/** Questions that both runs answered: the same item, moved on by as many places. Both runs ask one dataset. */
export function askedAgain(before: readonly Answer[], after: readonly Answer[]): AskedAgain[] {
  const byQuestion = new Map(before.map((answer) => [questionKey(answer), answer]))
  return after.flatMap((answer) => {
    const earlier = byQuestion.get(questionKey(answer))
    return earlier ? [{ before: earlier, after: answer }] : []
  })
}

/** Null where the letter stayed. */
export function flipKind({ before, after }: AskedAgain, scoring: Scoring): FlipKind | null {
  if (chosenLetter(before, scoring) === chosenLetter(after, scoring)) return null
  if (verdict(before, scoring) === 'right') return 'right-to-wrong'
  return verdict(after, scoring) === 'right' ? 'wrong-to-right' : 'wrong-to-other'
}

export function flipRate(pairs: readonly AskedAgain[], scoring: Scoring): FlipRate {
  const kinds: FlipRate['kinds'] = { 'right-to-wrong': 0, 'wrong-to-right': 0, 'wrong-to-other': 0 }
  let count = 0
  for (const pair of pairs) {
    const kind = flipKind(pair, scoring)
    if (kind === null) continue
    kinds[kind] += 1
    count += 1
  }
  return { flipped: share(count, pairs.length), kinds }
}

/** Replies that are the same to the character, of those that both generated. */
export function sameReplies(pairs: readonly AskedAgain[]): Share {
  const generated = pairs.filter(({ before, after }) => before.reply !== '' || after.reply !== '')
  return share(generated.filter(({ before, after }) => before.reply === after.reply).length, generated.length)
}

/** Null where no item has probabilities from both. */
export function forwardChange(pairs: readonly AskedAgain[]): ForwardChange | null {
  const changes = pairs.flatMap(({ before, after }) => {
    const [earlier, later] = [before.forward?.probabilities, after.forward?.probabilities]
    if (!earlier || earlier.length !== later?.length) return []
    return [Math.max(...earlier.map((probability, index) => Math.abs(probability - (later[index] ?? 0))))]
  })
  const middle = median(changes)
  if (middle === null) return null
  return {
    n: changes.length,
    largest: changes.reduce((most, change) => Math.max(most, change), 0),
    median: middle,
  }
}

function questionKey({ item, rotation }: Answer): string {
  return `${item.language}/${item.id}/${rotation}`
}
