import { candidatesOf, scoreOf } from './candidates'
import type { Ballot, Strategy } from './types'

/**
 * Whether no ballot that is still to come can change the letter that `choose` gives: even if all of them were for one
 * other letter and worth 1 each, which none exceeds, the leader would stay ahead. Not before the first vote, unless no
 * ballot is to come.
 */
export function isSettled(strategy: Strategy, ballots: readonly Ballot[]): boolean {
  const remaining = (strategy.kind === 'single' ? 1 : strategy.samples) - ballots.length
  if (remaining <= 0) return true
  const candidates = candidatesOf(strategy, ballots)
  const scores = candidates.map(({ worths }) => scoreOf(strategy, worths))
  const highest = Math.max(...scores)
  const leader = scores.indexOf(highest)
  if (leader < 0) return false
  const rivals = [...candidates.map(({ worths }) => worths), []]
  return rivals.every((worths, index) => {
    if (index === leader) return true
    const most = reachable(strategy, worths, remaining)
    // At a tie the letter that was seen first stays.
    return index < leader ? most < highest : most <= highest
  })
}

/** What a letter with these worths gets from `remaining` more ballots that are worth 1 each. */
function reachable(strategy: Strategy, worths: readonly number[], remaining: number): number {
  return strategy.kind === 'best-of-n' ? 1 : scoreOf(strategy, [...worths, remaining])
}
