/**
 * ROUGE-N and ROUGE-L (Lin, 2004) as Google's `rouge_score` computes them, without stemming: the F1 of common sequences of
 * words, and of the longest common subsequence of the whole texts.
 */
import type { ItemLanguage } from '../prompt/question'
import { nGramCounts, overlap, total } from './n-grams'
import { rougeTokens } from './tokens'

/** F1 of each, 0 to 1. */
export interface Rouge {
  rouge1: number
  rouge2: number
  rougeL: number
}

export function rouge(candidate: string, reference: string, language: ItemLanguage): Rouge {
  const [mine, theirs] = [rougeTokens(candidate, language), rougeTokens(reference, language)]
  const byOrder = (order: number) => {
    const [one, other] = [nGramCounts(mine, order), nGramCounts(theirs, order)]
    return f1(overlap(one, other), total(one), total(other))
  }
  return {
    rouge1: byOrder(1),
    rouge2: byOrder(2),
    rougeL: f1(longestCommon(mine, theirs), mine.length, theirs.length),
  }
}

function f1(common: number, mine: number, theirs: number): number {
  return mine + theirs === 0 ? 0 : (2 * common) / (mine + theirs)
}

/** Length of the longest common subsequence; time is the product of the lengths, memory the shorter of them. */
function longestCommon(one: readonly string[], other: readonly string[]): number {
  const [long, short] = one.length >= other.length ? [one, other] : [other, one]
  let previous = new Uint32Array(short.length + 1)
  for (const word of long) {
    const next = new Uint32Array(short.length + 1)
    for (let at = 1; at <= short.length; at++)
      next[at] =
        word === short[at - 1] ? (previous[at - 1] ?? 0) + 1 : Math.max(previous[at] ?? 0, next[at - 1] ?? 0)
    previous = next
  }
  return previous.at(-1) ?? 0
}
