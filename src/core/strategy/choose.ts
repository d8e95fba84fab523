import { candidatesOf, scoreOf } from './candidates'
import type { Ballot, Choice, Strategy } from './types'

/**
 * What the strategy chooses. Ties go to the letter that was seen first, so the order of the ballots changes the letter
 * only where several letters got the same. `single` takes the first ballot.
 */
export function choose(strategy: Strategy, ballots: readonly Ballot[]): Choice {
  const candidates = candidatesOf(strategy, strategy.kind === 'single' ? ballots.slice(0, 1) : ballots)
  const scores = candidates.map(({ worths }) => scoreOf(strategy, worths))
  const winner = candidates[scores.indexOf(Math.max(...scores))]
  return {
    letter: winner?.letter ?? null,
    representative: winner?.representative ?? null,
    tally: candidates.map(({ letter }, index) => ({ letter, score: scores[index] ?? 0 })),
  }
}
