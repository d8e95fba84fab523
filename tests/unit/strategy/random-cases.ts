/** Random votes, and the plainest way to count them. */
import type { Ballot, Strategy } from '#core/strategy/types'
import { AGGREGATES } from '#core/strategy/worth'

export interface Case {
  strategies: Strategy[]
  /** As many as the strategies plan. */
  ballots: Ballot[]
}

/** Whole numbers from 0 to `below - 1`, the same in every run: Marsaglia's xorshift. */
export function randomNumbers(seed: number): (below: number) => number {
  let state = seed
  return (below) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % below
  }
}

/** Letters often tie, and are often missing; so are steps. `score` draws one step's score. */
export function randomCase(below: (below: number) => number, score: () => number): Case {
  const samples = 2 + below(below(8) === 0 ? 15 : 5)
  const letters = 1 + below(4)
  const ballots = Array.from({ length: samples }, (): Ballot => {
    const letter = below(8) === 0 ? null : 'ABCD'.charAt(below(letters))
    // Means of 1, 2 and 4 eighths are exact.
    return { letter, steps: Array.from({ length: [0, 1, 2, 4][below(4)]! }, score) }
  })
  const aggregate = AGGREGATES[below(4)]!
  const drawing = { samples, stopsEarly: true }
  return {
    ballots,
    strategies: [
      { kind: 'self-consistency', ...drawing },
      { kind: 'best-of-n', ...drawing, aggregate },
      { kind: 'vote-sum', ...drawing, aggregate },
    ],
  }
}

/** The letter and the ballot that stands for it; right where every sum is exact. */
export function plainChoice(strategy: Strategy, ballots: readonly Ballot[]): [string | null, number | null] {
  let [letter, highest]: [string | null, number] = [null, -1]
  for (const candidate of new Set(ballots.map((ballot) => ballot.letter))) {
    if (candidate === null) continue
    let score = 0
    for (const ballot of ballots) {
      if (ballot.letter !== candidate) continue
      if (strategy.kind === 'best-of-n') score = Math.max(score, plainWorth(strategy, ballot))
      else score += plainWorth(strategy, ballot)
    }
    if (score > highest) [letter, highest] = [candidate, score]
  }
  if (letter === null) return [null, null]
  let [shown, most] = [-1, -1]
  for (const [index, ballot] of ballots.entries()) {
    const worth = plainWorth(strategy, ballot)
    if (ballot.letter === letter && worth > most) [shown, most] = [index, worth]
  }
  return [letter, shown]
}

function plainWorth(strategy: Strategy, { steps }: Ballot): number {
  if (!('aggregate' in strategy)) return 1
  if (steps.length === 0) return 0
  if (strategy.aggregate === 'last') return steps[steps.length - 1]!
  let [lowest, sum, product] = [1, 0, 1]
  for (const step of steps) {
    if (step < lowest) lowest = step
    sum += step
    product *= step
  }
  return { min: lowest, mean: sum / steps.length, product }[strategy.aggregate]
}
