/**
 * chrF (Popović, WMT 2015) as sacreBLEU 2 computes it: characters up to sequences of six, no words, beta 2, white space
 * left out, case kept. Chinese needs no cutting.
 */
import { nGramCounts, overlap, total } from './n-grams'

const ORDERS = [1, 2, 3, 4, 5, 6] as const
/** Recall weighs beta squared times as much as precision. */
const BETA_SQUARED = 4

/** By order: sequences of the candidate, of the reference, and common to both. */
export type ChrfCounts = readonly { candidate: number; reference: number; matches: number }[]

export function chrfCounts(candidate: string, reference: string): ChrfCounts {
  const [mine, theirs] = [characters(candidate), characters(reference)]
  return ORDERS.map((order) => {
    const [one, other] = [nGramCounts(mine, order), nGramCounts(theirs, order)]
    // Where the reference has none, sacreBLEU does not count the candidate's either.
    const reference = total(other)
    return { candidate: reference > 0 ? total(one) : 0, reference, matches: overlap(one, other) }
  })
}

/** 0 to 100, over the orders that both have; of several pairs the counts are summed first. */
export function chrf(pairs: readonly ChrfCounts[]): number {
  let [precision, recall, orders] = [0, 0, 0]
  for (const index of ORDERS.keys()) {
    const sum = (of: (counts: ChrfCounts[number]) => number) =>
      pairs.reduce((whole, pair) => whole + (pair[index] ? of(pair[index]) : 0), 0)
    const [candidate, reference, matches] = [
      sum((counts) => counts.candidate),
      sum((counts) => counts.reference),
      sum((counts) => counts.matches),
    ]
    if (candidate === 0 || reference === 0) continue
    precision += matches / candidate
    recall += matches / reference
    orders++
  }
  if (orders === 0 || precision + recall === 0) return 0
  const [p, r] = [precision / orders, recall / orders]
  return (100 * (1 + BETA_SQUARED) * p * r) / (BETA_SQUARED * p + r)
}

function characters(text: string): string[] {
  return Array.from(text.replace(/\s+/gu, ''))
}
