/** The accuracy that choosing at random would have. */

/** Number of items by their number of options. */
export type OptionCounts = Map<number, number>

export function countOptions(counts: OptionCounts, options: number): void {
  counts.set(options, (counts.get(options) ?? 0) + 1)
}

export function addCounts(left: OptionCounts, right: OptionCounts): OptionCounts {
  const sum = new Map(left)
  for (const [options, items] of right) sum.set(options, (sum.get(options) ?? 0) + items)
  return sum
}

/**
 * The mean of 1 / number of options; null without items. Summed in order of the number of options, since sums of
 * fractions depend on their order.
 */
export function randomFloor(counts: OptionCounts): number | null {
  let items = 0
  let right = 0
  for (const [options, count] of [...counts].sort(([left], [right]) => left - right)) {
    items += count
    right += count / options
  }
  return items === 0 ? null : right / items
}
