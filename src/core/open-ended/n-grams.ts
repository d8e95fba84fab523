/** How often each sequence of `order` neighbours occurs; sequences are joined by a character that no token holds. */
export function nGramCounts(tokens: readonly string[], order: number): Map<string, number> {
  const counts = new Map<string, number>()
  for (let from = 0; from + order <= tokens.length; from++) {
    const key = tokens.slice(from, from + order).join('\0')
    counts.set(key, (counts.get(key) ?? 0) + 1)
  }
  return counts
}

/** How many occurrences two counts have in common. */
export function overlap(one: ReadonlyMap<string, number>, other: ReadonlyMap<string, number>): number {
  let common = 0
  for (const [key, count] of one) common += Math.min(count, other.get(key) ?? 0)
  return common
}

export function total(counts: ReadonlyMap<string, number>): number {
  let sum = 0
  for (const count of counts.values()) sum += count
  return sum
}
