/**
 * BLEU (Papineni et al., ACL 2002) as sacreBLEU 2 computes it (Post, WMT 2018): up to four words, exponential smoothing
 * of orders without a match, one reference.
 */
import type { ItemLanguage } from '../prompt/question'
import { nGramCounts, overlap, total } from './n-grams'
import { bleuTokens } from './tokens'

const ORDERS = [1, 2, 3, 4] as const

/** What a pair of texts adds; sums of it give the score of a corpus. Both lists are by order. */
export interface BleuCounts {
  matches: number[]
  possible: number[]
  candidateWords: number
  referenceWords: number
}

export function bleuCounts(candidate: string, reference: string, language: ItemLanguage): BleuCounts {
  const [words, wanted] = [bleuTokens(candidate, language), bleuTokens(reference, language)]
  const pairs = ORDERS.map((order) => [nGramCounts(words, order), nGramCounts(wanted, order)] as const)
  return {
    matches: pairs.map(([mine, theirs]) => overlap(mine, theirs)),
    possible: pairs.map(([mine]) => total(mine)),
    candidateWords: words.length,
    referenceWords: wanted.length,
  }
}

/** The score of all pairs together, 0 to 100: matches are summed before they are divided. 0 without any pair. */
export function corpusBleu(pairs: readonly BleuCounts[]): number {
  const sum = (of: (pair: BleuCounts) => number) => pairs.reduce((whole, pair) => whole + of(pair), 0)
  return score(
    {
      matches: ORDERS.map((_, index) => sum(({ matches }) => matches[index] ?? 0)),
      possible: ORDERS.map((_, index) => sum(({ possible }) => possible[index] ?? 0)),
      candidateWords: sum(({ candidateWords }) => candidateWords),
      referenceWords: sum(({ referenceWords }) => referenceWords),
    },
    ORDERS.length,
  )
}

/** The score of one pair, 0 to 100, over the orders that the candidate is long enough for ("effective order"). */
export function sentenceBleu(pair: BleuCounts): number {
  return score(pair, pair.possible.filter((count) => count > 0).length)
}

function score({ matches, possible, candidateWords, referenceWords }: BleuCounts, orders: number): number {
  if (orders === 0 || !matches.some((count) => count > 0)) return 0
  let halvings = 1
  let logs = 0
  for (let index = 0; index < orders; index++) {
    const [matched, all] = [matches[index] ?? 0, possible[index] ?? 0]
    if (all === 0) return 0
    if (matched === 0) halvings *= 2
    logs += Math.log(matched === 0 ? 1 / (halvings * all) : matched / all)
  }
  const brevity = candidateWords < referenceWords ? Math.exp(1 - referenceWords / candidateWords) : 1
  return 100 * brevity * Math.exp(logs / orders)
}
