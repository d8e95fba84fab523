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
  const toCome = Array.from({ length: remaining }, () => 1)
  const rivals = [...candidates.map(({ worths }) => worths), []]
  return rivals.every((worths, index) => {
    if (index === leader) return true
    const reachable = scoreOf(strategy, [...worths, ...toCome])
    // At a tie the letter that was seen first stays.
    return index < leader ? reachable < highest : reachable <= highest
  })
}
