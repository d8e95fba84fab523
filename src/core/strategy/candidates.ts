import { exactSum } from './exact-sum'
import type { Ballot, Strategy } from './types'
import { worthOf } from './worth'

/** A letter with the ballots for it. */
export interface Candidate {
  letter: string
  /** What each of its ballots counts, 0 to 1. */
  worths: number[]
  /** Index of the ballot that is shown for it: the first of those that are worth most. */
  representative: number
}

/** The letters that got votes, in the order first seen; a ballot without a letter does not vote. */
export function candidatesOf(strategy: Strategy, ballots: readonly Ballot[]): Candidate[] {
  const candidates = new Map<string, Candidate>()
  for (const [index, { letter, steps }] of ballots.entries()) {
    if (letter === null) continue
    const worth = 'aggregate' in strategy ? worthOf(strategy.aggregate, steps) : 1
    const candidate = candidates.get(letter) ?? { letter, worths: [], representative: index }
    candidates.set(letter, candidate)
    if (worth > Math.max(...candidate.worths)) candidate.representative = index
    candidate.worths.push(worth)
  }
  return [...candidates.values()]
}

/**
 * What ballots of these worths amount to: the highest of them for best-of-N, their sum otherwise. With more ballots or
 * higher worths it never falls, rounding included; stopping early relies on it.
 */
export function scoreOf({ kind }: Strategy, worths: readonly number[]): number {
  return kind === 'best-of-n' ? Math.max(0, ...worths) : exactSum(worths)
}
