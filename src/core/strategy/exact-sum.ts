/**
 * The sum of the values, rounded once: the same in any order, and never smaller when a value grows. Plain addition has
 * neither property, and a vote may hang on its last bit.
 *
 * J. R. Shewchuk, "Adaptive precision floating-point arithmetic and fast robust geometric predicates", Discrete &
 * Computational Geometry 18 (1997), 305-363; rounded to nearest, ties to even, as in Python's `math.fsum`. The values
 * must be finite, and their sum far from overflow.
 */
export function exactSum(values: readonly number[]): number {
  /** Do not overlap, in rising order; their exact sum is that of the values so far. */
  let partials: number[] = []
  for (const value of values) {
    let sum = value
    const next: number[] = []
    for (const partial of partials) {
      const [high, low] = twoSum(sum, partial)
      if (low !== 0) next.push(low)
      sum = high
    }
    next.push(sum)
    partials = next
  }
  return rounded(partials)
}

/** The rounded sum of two numbers, and what rounding took away. */
function twoSum(a: number, b: number): [number, number] {
  const high = a + b
  const inB = high - a
  return [high, a - (high - inB) + (b - inB)]
}

function rounded(partials: number[]): number {
  let high = partials.pop() ?? 0
  for (;;) {
    const partial = partials.pop()
    if (partial === undefined) return high
    const [sum, low] = twoSum(high, partial)
    high = sum
    if (low === 0) continue
    // Exactly halfway to the next number, what is still smaller decides.
    const rest = partials.at(-1) ?? 0
    const onward = high + 2 * low
    return low * rest > 0 && onward - high === 2 * low ? onward : high
  }
}
