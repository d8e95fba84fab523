import { Z_95, type Interval } from '../score/wilson'

export interface WeightedKappa {
  n: number
  /** 1 is perfect agreement, 0 what chance gives; null where both raters give all one same grade. */
  kappa: number | null
  standardError: number | null
  /** 95%, of large samples, cut at -1 and 1; null where the standard error is null or 0. */
  interval: Interval | null
}

/** How much of an agreement two grades are, from 0 to 1 (the same grade). */
export type AgreementWeight = (first: number, second: number, grades: number) => number

/** 1 - (i - j)^2 / (k - 1)^2. */
export const quadraticWeight: AgreementWeight = (first, second, grades) =>
  1 - (first - second) ** 2 / (grades - 1) ** 2

/** 1 - |i - j| / (k - 1). */
export const linearWeight: AgreementWeight = (first, second, grades) =>
  1 - Math.abs(first - second) / (grades - 1)

/**
 * Cohen's weighted kappa of two raters over grades 0 to `grades` - 1, with its large-sample standard error.
 *
 * J. Cohen, "Weighted kappa", Psychological Bulletin 70 (1968), 213-220; J. L. Fleiss, J. Cohen and B. S. Everitt,
 * "Large sample standard errors of kappa and weighted kappa", Psychological Bulletin 72 (1969), 323-327, equation 13.
 * Quadratic weights make it the two raters' concordance: one who is always two grades higher does not agree.
 *
 * @throws RangeError when the lists differ in length.
 */
export function weightedKappa(
  first: readonly number[],
  second: readonly number[],
  grades: number,
  weight: AgreementWeight = quadraticWeight,
): WeightedKappa {
  const n = first.length
  if (n !== second.length) throw new RangeError(`Not pairs: ${n} and ${second.length}`)
  const counts = new Float64Array(grades * grades)
  for (const [index, grade] of first.entries()) {
    const cell = grade * grades + (second[index] ?? 0)
    counts[cell] = (counts[cell] ?? 0) + 1
  }
  return kappaOfCounts(counts, grades, weight)
}

/** The same from a table of counts, row by row: rows are the first rater's grades, columns the second's. */
export function kappaOfCounts(
  counts: ArrayLike<number>,
  grades: number,
  weight: AgreementWeight = quadraticWeight,
): WeightedKappa {
  const places = Array.from({ length: grades }, (_, grade) => grade)
  const cell = (row: number, column: number) => counts[row * grades + column] ?? 0
  const n = sum(places.map((row) => sum(places.map((column) => cell(row, column)))))
  const nothing = { n, kappa: null, standardError: null, interval: null }
  if (n === 0) return nothing
  const rows = places.map((row) => sum(places.map((column) => cell(row, column))) / n)
  const columns = places.map((column) => sum(places.map((row) => cell(row, column))) / n)
  const weightOf = (row: number, column: number) => weight(row, column, grades)
  const overCells = (value: (row: number, column: number) => number) =>
    sum(places.map((row) => sum(places.map((column) => value(row, column)))))
  const observed = overCells((row, column) => (weightOf(row, column) * cell(row, column)) / n)
  const chance = overCells((row, column) => weightOf(row, column) * (rows[row] ?? 0) * (columns[column] ?? 0))
  if (1 - chance < 1e-12) return nothing
  const kappa = (observed - chance) / (1 - chance)
  const rowWeights = places.map((row) =>
    sum(places.map((column) => (columns[column] ?? 0) * weightOf(row, column))),
  )
  const columnWeights = places.map((column) =>
    sum(places.map((row) => (rows[row] ?? 0) * weightOf(row, column))),
  )
  const spread = overCells((row, column) => {
    const mean = (rowWeights[row] ?? 0) + (columnWeights[column] ?? 0)
    return (cell(row, column) / n) * (weightOf(row, column) - mean * (1 - kappa)) ** 2
  })
  const variance = (spread - (kappa - chance * (1 - kappa)) ** 2) / (n * (1 - chance) ** 2)
  const standardError = Math.sqrt(Math.max(0, variance))
  const interval = {
    lower: Math.max(-1, kappa - Z_95 * standardError),
    upper: Math.min(1, kappa + Z_95 * standardError),
  }
  return { n, kappa, standardError, interval: standardError < 1e-9 ? null : interval }
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
