/** How unlike two values are: 0 for the same. `marginal` counts all pairable values, by value in ascending order. */
type Difference = (one: number, other: number, marginal: ReadonlyMap<number, number>) => number

/** What the values are: names, ranks, or measures on a scale of equal steps. */
export type MeasurementLevel = 'nominal' | 'ordinal' | 'interval'

const DIFFERENCES: Record<MeasurementLevel, Difference> = {
  nominal: (one, other) => (one === other ? 0 : 1),
  ordinal(one, other, marginal) {
    const [low, high] = [Math.min(one, other), Math.max(one, other)]
    let between = 0
    for (const [value, count] of marginal) if (value >= low && value <= high) between += count
    return (between - ((marginal.get(low) ?? 0) + (marginal.get(high) ?? 0)) / 2) ** 2
  },
  interval: (one, other) => (one - other) ** 2,
}

/**
 * Krippendorff's alpha: agreement of any number of raters, each of whom may have left units out. 1 is perfect, 0 what chance
 * gives. K. Krippendorff, "Content Analysis", 2nd ed. (2004), chapter 11; "Computing Krippendorff's alpha-reliability" (2011).
 *
 * @param units for each unit, the values that it was given; units with fewer than two do not count
 * @returns null without such units, or where all their values are the same
 */
export function krippendorffAlpha(
  units: readonly (readonly number[])[],
  level: MeasurementLevel,
): number | null {
  const pairable = units.filter(({ length }) => length >= 2)
  const marginal = countsOf(pairable.flat())
  const difference: Difference = DIFFERENCES[level]
  const total = pairable.reduce((sum, { length }) => sum + length, 0)
  let observed = 0
  for (const unit of pairable) {
    const counts = [...countsOf(unit)]
    for (const [one, times] of counts)
      for (const [other, otherTimes] of counts)
        observed += (times * otherTimes * difference(one, other, marginal)) / (unit.length - 1)
  }
  let expected = 0
  for (const [one, times] of marginal)
    for (const [other, otherTimes] of marginal)
      expected += (times * otherTimes * difference(one, other, marginal)) / (total - 1)
  return expected === 0 || total === 0 ? null : 1 - observed / expected
}

function countsOf(values: readonly number[]): Map<number, number> {
  const counts = new Map<number, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return counts
}
