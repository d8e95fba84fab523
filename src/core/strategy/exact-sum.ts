/**
 * The sum of the values, rounded once: the same in any order, and never smaller when a value grows. Plain addition has
 * neither property, and a vote may hang on its last bit.
 *
 * J. R. Shewchuk, "Adaptive precision floating-point arithmetic and fast robust geometric predicates", Discrete &
 * Computational Geometry 18 (1997), 305-363; rounded to nearest, ties to even, as in Python's `math.fsum`. The values
 * must be finite, and their sum far from overflow.
 */
export function exactSum(values: readonly number[]): number {
  /** They do not overlap, rise, and have the exact sum of the values so far. */
  const partials: number[] = []
  for (const value of values) {
    let sum = value
    let kept = 0
    for (const partial of partials) {
      const high = sum + partial
      const low = roundedAway(sum, partial, high)
      if (low !== 0) partials[kept++] = low
      sum = high
    }
    partials[kept] = sum
    partials.length = kept + 1
  }
  return rounded(partials)
}

/** What rounding took away of the sum of two numbers. */
function roundedAway(a: number, b: number, sum: number): number {
  const inB = sum - a
  return a - (sum - inB) + (b - inB)
}

function rounded(partials: number[]): number {
  let high = partials.pop() ?? 0
  for (;;) {
    const partial = partials.pop()
    if (partial === undefined) return high
    const sum = high + partial
    const low = roundedAway(high, partial, sum)
    high = sum
    if (low === 0) continue
    // Exactly halfway to the next number, what is still smaller decides.
    const rest = partials.at(-1) ?? 0
    const onward = high + 2 * low
    return low * rest > 0 && onward - high === 2 * low ? onward : high
  }
}
