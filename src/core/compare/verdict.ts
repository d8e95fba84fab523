import type { ComparedPair } from './comparison'

/** What the comparison comes to, in one sentence; runs by index. */
export type ComparisonVerdict =
  | { kind: 'no-common-items' }
  /** Two runs, one of them better. */
  | { kind: 'better'; better: number; worse: number; pair: ComparedPair }
  | { kind: 'not-decisive'; pair: ComparedPair }
  /** Of more than two, one is better than each of the others. */
  | { kind: 'one-leads'; run: number }
  | { kind: 'some-decided'; decided: number; pairs: number }
  | { kind: 'none-decided'; pairs: number }

/** The verdict over all pairs; those without common items are no ground for one. */
export function comparisonVerdict(pairs: readonly ComparedPair[]): ComparisonVerdict {
  const tested = pairs.filter((pair) => pair.outcome !== 'no-common-items')
  const [only] = tested
  if (!only) return { kind: 'no-common-items' }
  if (pairs.length === 1) {
    const better = winner(only)
    if (better === null) return { kind: 'not-decisive', pair: only }
    return { kind: 'better', better, worse: better === only.first ? only.second : only.first, pair: only }
  }
  const winners = tested.map(winner).filter((run) => run !== null)
  const leader = winners.find((run) =>
    pairs.every((pair) => (pair.first !== run && pair.second !== run) || winner(pair) === run),
  )
  if (leader !== undefined) return { kind: 'one-leads', run: leader }
  if (winners.length > 0) return { kind: 'some-decided', decided: winners.length, pairs: tested.length }
  return { kind: 'none-decided', pairs: tested.length }
}

/** The better run of a pair, or null when the pair does not tell. */
function winner({ first, second, outcome }: ComparedPair): number | null {
  if (outcome === 'first') return first
  return outcome === 'second' ? second : null
}
