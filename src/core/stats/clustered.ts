/** Items that belong together, e.g. share a stem: their number and the sum of a value over them. */
export interface Cluster {
  n: number
  sum: number
}

/**
 * Variance of a mean whose observations come in clusters that may be alike: sum over clusters of (sum of residuals)
 * squared over n^2, times G / (G - 1) for G clusters. With clusters of one it is the usual s^2 / n. Null with fewer
 * than two clusters.
 *
 * E. Miller, "Adding error bars to evals", arXiv:2411.00640 (2024), after K.-Y. Liang and S. L. Zeger,
 * Biometrika 73 (1986), 13-22; the factor as in A. C. Cameron and D. L. Miller, Journal of Human Resources 50
 * (2015), 317-372.
 */
export function clusteredVariance(clusters: readonly Cluster[]): number | null {
  const count = clusters.length
  if (count < 2) return null
  let n = 0
  let sum = 0
  for (const cluster of clusters) {
    n += cluster.n
    sum += cluster.sum
  }
  const mean = sum / n
  let squares = 0
  for (const cluster of clusters) squares += (cluster.sum - cluster.n * mean) ** 2
  return (count / (count - 1)) * (squares / (n * n))
}
