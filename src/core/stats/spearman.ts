import { Z_95, type Interval } from '../score/wilson'

export interface RankCorrelation {
  n: number
  /** -1 to 1; null where one side has the same value everywhere, so that there is no order to compare. */
  rho: number | null
  /** 95%; null with fewer than four pairs, and where `rho` is null, 1 or -1: a line of points tells no spread. */
  interval: Interval | null
}

/**
 * Spearman's rank correlation, ties having the mean of their ranks: Pearson's correlation of the ranks.
 *
 * The interval is Fisher's transformation with the variance (1 + rho^2 / 2) / (n - 3) of D. G. Bonett and T. A. Wright,
 * Psychometrika 65 (2000), 23-28, which keeps its coverage for ordinal scores better than 1 / (n - 3).
 *
 * @throws RangeError when the lists differ in length.
 */
export function spearman(first: readonly number[], second: readonly number[]): RankCorrelation {
  const n = first.length
  if (n !== second.length) throw new RangeError(`Not pairs: ${n} and ${second.length}`)
  const rho = pearson(midranks(first), midranks(second))
  return { n, rho, interval: rho === null || Math.abs(rho) === 1 || n < 4 ? null : interval(rho, n) }
}

/** Ranks from 1; equal values share the mean of the places they take. */
export function midranks(values: readonly number[]): Float64Array {
  const order = Uint32Array.from(values.keys()).sort((a, b) => (values[a] ?? 0) - (values[b] ?? 0))
  const ranks = new Float64Array(values.length)
  for (let from = 0; from < order.length;) {
    const value = values[order[from] ?? 0]
    let to = from + 1
    while (to < order.length && values[order[to] ?? 0] === value) to += 1
    // Places from + 1 to `to`.
    for (let at = from; at < to; at += 1) ranks[order[at] ?? 0] = (from + 1 + to) / 2
    from = to
  }
  return ranks
}

/** Ranks have the mean (n + 1) / 2 whatever their ties. */
function pearson(first: Float64Array, second: Float64Array): number | null {
  const mean = (first.length + 1) / 2
  let [product, squares, otherSquares] = [0, 0, 0]
  for (const [index, rank] of first.entries()) {
    const [gap, otherGap] = [rank - mean, (second[index] ?? 0) - mean]
    product += gap * otherGap
    squares += gap * gap
    otherSquares += otherGap * otherGap
  }
  if (squares === 0 || otherSquares === 0) return null
  return Math.max(-1, Math.min(1, product / Math.sqrt(squares * otherSquares)))
}

function interval(rho: number, n: number): Interval {
  const half = Z_95 * Math.sqrt((1 + (rho * rho) / 2) / (n - 3))
  const z = Math.atanh(rho)
  return { lower: Math.tanh(z - half), upper: Math.tanh(z + half) }
}
