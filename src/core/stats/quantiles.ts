/** What splits sorted values into four equal parts. */
export interface Quartiles {
  n: number
  lower: number
  median: number
  upper: number
}

/**
 * Lower quartile, median and upper quartile in the values' own unit; null without values. Linear between the order
 * statistics: definition 7 of R. J. Hyndman and Y. Fan, "Sample quantiles in statistical packages", The American
 * Statistician 50 (1996), 361-365, the default of R and NumPy.
 */
export function quartiles(values: readonly number[]): Quartiles | null {
  const sorted = Float64Array.from(values).sort()
  if (sorted.length === 0) return null
  return {
    n: sorted.length,
    lower: sortedQuantile(sorted, 0.25),
    median: sortedQuantile(sorted, 0.5),
    upper: sortedQuantile(sorted, 0.75),
  }
}

/** The value below which a `share` (0 to 1) of ascending values lies, by the same definition; NaN of none. */
export function sortedQuantile(sorted: Float64Array, share: number): number {
  const rank = (sorted.length - 1) * share
  const below = sorted[Math.floor(rank)] ?? Number.NaN
  const above = sorted[Math.ceil(rank)] ?? Number.NaN
  return below + (rank - Math.floor(rank)) * (above - below)
}
