/**
 * Fleiss' kappa: agreement of the same number of raters per unit beyond chance, over categories without an order.
 * J. L. Fleiss, "Measuring nominal scale agreement among many raters", Psychological Bulletin 76 (1971), 378-382.
 *
 * @param units for each unit, how many raters chose each category; every unit has the same sum, at least 2
 * @returns null without units, or where all ratings are one same category
 * @throws RangeError where the sums differ or are below 2
 */
export function fleissKappa(units: readonly (readonly number[])[]): number | null {
  const [first] = units
  if (!first) return null
  const raters = sum(first)
  if (raters < 2 || units.some((unit) => sum(unit) !== raters))
    throw new RangeError('Each unit needs as many ratings as the others, and two at least.')
  const agreement = sum(units.map((unit) => pairsAlike(unit) / (raters * (raters - 1)))) / units.length
  const categories = Math.max(...units.map(({ length }) => length))
  const shares = Array.from(
    { length: categories },
    (_, category) => sum(units.map((unit) => unit[category] ?? 0)) / (units.length * raters),
  )
  const chance = sum(shares.map((share) => share ** 2))
  return 1 - chance < 1e-12 ? null : (agreement - chance) / (1 - chance)
}

/** Ordered pairs of raters who chose the same. */
function pairsAlike(unit: readonly number[]): number {
  return sum(unit.map((count) => count * (count - 1)))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
