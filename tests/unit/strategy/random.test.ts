import { describe, expect, it } from 'vitest'
import { choose } from '#core/strategy/choose'
import { exactSum } from '#core/strategy/exact-sum'
import { isSettled } from '#core/strategy/settled'
import type { Ballot, Strategy } from '#core/strategy/types'
import { plainChoice, randomCase, randomNumbers } from './random-cases'

const CASES = 100_000

/** Messages are made for failures only: a hundred thousand of them take seconds. */
function failWith(what: string, strategy: Strategy, ballots: readonly Ballot[]): never {
  throw new Error(`${what}: ${JSON.stringify({ strategy, ballots })}`)
}

/** What is chosen where drawing stops as soon as it may. */
function stopped(strategy: Strategy, ballots: readonly Ballot[]): { letter: string | null; taken: number } {
  let taken = 1
  while (!isSettled(strategy, ballots.slice(0, taken))) taken += 1
  return { letter: choose(strategy, ballots.slice(0, taken)).letter, taken }
}

describe('on random votes', { timeout: 30_000 }, () => {
  it('chooses what a plain count chooses, and stopping early changes no letter', () => {
    const below = randomNumbers(1)
    let [ties, saved] = [0, 0]
    for (let round = 0; round < CASES; round += 1) {
      const { strategies, ballots } = randomCase(below, () => below(9) / 8)
      for (const strategy of strategies) {
        const { letter, representative, tally } = choose(strategy, ballots)
        const [plain, shown] = plainChoice(strategy, ballots)
        if (letter !== plain || representative !== shown) failWith('not as plain', strategy, ballots)
        const early = stopped(strategy, ballots)
        if (early.letter !== letter) failWith('stopped at another letter', strategy, ballots)
        const later = early.taken + below(ballots.length - early.taken + 1)
        if (!isSettled(strategy, ballots.slice(0, later))) failWith('not settled for good', strategy, ballots)
        saved += ballots.length - early.taken
        const highest = Math.max(...tally.map(({ score }) => score))
        if (tally.filter(({ score }) => score === highest).length > 1) ties += 1
      }
    }
    // What is to be proved must occur.
    expect(ties).toBeGreaterThan(CASES / 10)
    expect(saved).toBeGreaterThan(CASES / 10)
  })

  it('holds where sums have to be rounded, and the order of the votes changes only ties', () => {
    const below = randomNumbers(2)
    // Tenths, whose sums differ by their order; and scores near 1 that a sum cannot tell apart.
    const scores = [() => below(11) / 10, () => 1 - below(3) * 2 ** -53]
    let ties = 0
    for (let round = 0; round < CASES / 10; round += 1) {
      const { strategies, ballots } = randomCase(below, scores[round % 2]!)
      const shuffled = [...ballots].sort(() => below(3) - 1)
      for (const strategy of strategies) {
        const { letter, tally } = choose(strategy, ballots)
        if (stopped(strategy, ballots).letter !== letter)
          failWith('stopped at another letter', strategy, ballots)
        const other = choose(strategy, shuffled)
        const scoreOf = new Map(tally.map((each) => [each.letter, each.score]))
        if (other.tally.some((each) => each.score !== scoreOf.get(each.letter)))
          failWith('order changed a score', strategy, ballots)
        if (other.letter === letter) continue
        ties += 1
        if (scoreOf.get(letter!) !== scoreOf.get(other.letter!))
          failWith('order changed more than a tie', strategy, ballots)
      }
    }
    expect(ties).toBeGreaterThan(100)
  })

  it('stops no later than it must: until then some votes would change the letter', () => {
    const below = randomNumbers(3)
    for (let round = 0; round < CASES / 10; round += 1) {
      const { strategies, ballots } = randomCase(below, () => below(9) / 8)
      for (const strategy of strategies) {
        const drawn = ballots.slice(0, below(ballots.length))
        const { letter } = choose(strategy, drawn)
        const changes = [...'ABCDE'].some((rival) => {
          const toCome = ballots.slice(drawn.length).map((): Ballot => ({ letter: rival, steps: [1] }))
          return choose(strategy, [...drawn, ...toCome]).letter !== letter
        })
        if (isSettled(strategy, drawn) === changes) failWith('not settled exactly', strategy, drawn)
      }
    }
  })
})

describe('exactSum', () => {
  it.each([
    [[], 0],
    [[0.1, 0.2, 0.3], 0.6],
    [[0.3, 0.2, 0.1], 0.6],
    [Array<number>(10).fill(0.1), 1],
    [[1, 2 ** -53, 2 ** -53], 1 + 2 ** -52],
    // Halfway goes to the even neighbour, unless something smaller decides.
    [[1, 2 ** -53], 1],
    [[1, 2 ** -53, 2 ** -106], 1 + 2 ** -52],
    [[1 + 2 ** -52, 2 ** -53], 1 + 2 ** -51],
  ])('rounds the sum of %j once', (values, sum) => {
    expect(exactSum(values)).toBe(sum)
  })

  it('is the sum in whole numbers, rounded', () => {
    const below = randomNumbers(4)
    for (let round = 0; round < 5000; round += 1) {
      const values = Array.from({ length: 2 + below(20) }, () => below(2 ** 30) * 2 ** -(30 + below(50)))
      const whole = values.reduce((sum, value) => sum + BigInt(value * 2 ** 80), 0n)
      expect(exactSum(values)).toBe(Number(whole) * 2 ** -80)
    }
  })
})
