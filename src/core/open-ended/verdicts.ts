/** What a judge's comparisons in both orders say. */
import { wilsonInterval, type Interval } from '../score/wilson'
import { mcNemarTest } from '../stats/mcnemar'
import type { OpenState } from './state'
import type { Author, PlaceOrder } from './types'

/** Whose answer is better by one comparison. */
export type Preference = Author | 'equal'

/** `flip`: the two orders name different winners. `half`: one order names a winner, the other finds both equal. */
export type Verdict = Author | 'equal' | 'half' | 'flip'

/** The most probable letter; where two are equally probable, none is preferred. */
export function preferenceOf(probabilities: readonly number[], order: PlaceOrder): Preference {
  const [first = 0, second = 0, equal = 0] = probabilities
  if (first > second && first > equal) return order === 'straight' ? 0 : 1
  if (second > first && second > equal) return order === 'straight' ? 1 : 0
  return 'equal'
}

/** A win needs both orders. */
export function verdictOf(straight: Preference, reversed: Preference): Verdict {
  if (straight === reversed) return straight
  return straight === 'equal' || reversed === 'equal' ? 'half' : 'flip'
}

export interface VerdictReport {
  /** Questions compared in both orders. */
  n: number
  wins: [number, number]
  /** Neither won: found equal twice, equal once, or the orders contradict each other. */
  ties: { equal: number; half: number; flip: number }
  /** Of the first model's wins among all wins; null without any. */
  share: { value: number; interval: Interval } | null
  /** Of contradicting orders among all questions; null without any. */
  flipShare: { value: number; interval: Interval } | null
  /** Exact sign test, two-sided, of "both win equally often"; ties do not count. */
  signTest: number
}

export function countVerdicts(verdicts: readonly Verdict[]): VerdictReport {
  const count = (verdict: Verdict) => verdicts.filter((each) => each === verdict).length
  const [first, second, n] = [count(0), count(1), verdicts.length]
  const flip = count('flip')
  return {
    n,
    wins: [first, second],
    ties: { equal: count('equal'), half: count('half'), flip },
    share: proportion(first, first + second),
    flipShare: proportion(flip, n),
    // The sign test is McNemar's exact test of the wins.
    signTest: mcNemarTest(first, second).exact,
  }
}

function proportion(count: number, n: number): { value: number; interval: Interval } | null {
  return n === 0 ? null : { value: count / n, interval: wilsonInterval(count, n) }
}

/** By question; null where an order is missing. */
export function verdictsOf({ judge, pairs }: Pick<OpenState, 'judge' | 'pairs'>): (Verdict | null)[] {
  return pairs.map((_, pair) => {
    const straight = judge?.compared.straight[pair]
    const reversed = judge?.compared.reversed[pair]
    if (!straight || !reversed) return null
    return verdictOf(preferenceOf(straight, 'straight'), preferenceOf(reversed, 'reversed'))
  })
}

/** The models whose weights the judge has itself; it judges its own answers then. */
export function judgeIsAuthor({ judge, authors }: Pick<OpenState, 'judge' | 'authors'>): Author[] {
  const print = judge?.engine?.fingerprint
  return ([0, 1] as const).filter((author) => print && authors[author].engine?.fingerprint === print)
}
