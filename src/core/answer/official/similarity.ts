import type { Phrase } from '#core/answer/official/phrase'
import { type Ids, Needle } from '#core/answer/official/subsequence'

/*
 * Similarity scores from 0 to 100 as rapidfuzz, which thefuzz calls, defines them: the normalised Indel
 * similarity, 1 - (insertions + deletions) / (sum of lengths), of strings, of substrings and of words.
 * The order of the arithmetic is kept, so that scores that tie there tie here.
 *
 * `atLeast` names the lowest score of interest: a lower score may come back as any lower number.
 */

/** Word-based scores count a little less than character-based ones. */
const WORD_SCALE = 0.95
const PARTIAL_SCALE = 0.9
const FAR_PARTIAL_SCALE = 0.6
/** From this ratio of the lengths on, substrings of the longer string are compared. */
const PARTIAL_FROM = 1.5
/** Above this ratio a substring counts less. rapidfuzz before 3.14 has it from this ratio on. */
const FAR_ABOVE = 8

/** rapidfuzz's WRatio: the best of the plain, partial and word-based similarities, scaled. */
export function weightedRatio(a: Phrase, b: Phrase, atLeast: number): number {
  const [short, long] = a.text.length <= b.text.length ? [a, b] : [b, a]
  if (short.text.length === 0) return 0
  const lengths = long.text.length / short.text.length
  if (lengths < PARTIAL_FROM) {
    return Math.max(ratio(short.text, long.text), wordRatio(a, b) * WORD_SCALE)
  }
  const scale = lengths <= FAR_ABOVE ? PARTIAL_SCALE : FAR_PARTIAL_SCALE
  let best = sharesWord(a, b) ? 100 * WORD_SCALE * scale : 0
  best = Math.max(best, partialRatio(short.text, long.text, Math.max(best, atLeast) / scale) * scale)
  if (!sharesWord(a, b)) {
    const wanted = Math.max(best, atLeast) / WORD_SCALE / scale
    best = Math.max(best, partialWordRatio(a, b, wanted) * WORD_SCALE * scale)
  }
  const possible = similarity(long.text.length - short.text.length, long.text.length + short.text.length)
  if (possible < Math.max(best, atLeast)) return best
  return Math.max(best, ratio(short.text, long.text))
}

/** A score that {@link weightedRatio} is certain to reach, found without comparing characters. */
export function certainRatio(a: Phrase, b: Phrase): number {
  return sharesWord(a, b) ? 100 * WORD_SCALE * FAR_PARTIAL_SCALE : 0
}

function similarity(distance: number, lengths: number): number {
  return lengths === 0 ? 100 : (1 - distance / lengths) * 100
}

function ratio(a: Ids, b: Ids, needle = new Needle(a)): number {
  const lengths = a.length + b.length
  return similarity(lengths - 2 * needle.lcs(b), lengths)
}

/** The best similarity of the shorter string with a substring of the longer, at most as long as itself. */
function partialRatio(a: Ids, b: Ids, atLeast: number): number {
  const [short, long] = a.length <= b.length ? [a, b] : [b, a]
  if (short.length === 0) return long.length === 0 ? 100 : 0
  const best = alignedRatio(short, long, atLeast)
  return best < 100 && short.length === long.length
    ? Math.max(best, alignedRatio(long, short, atLeast))
    : best
}

function alignedRatio(short: Ids, long: Ids, atLeast: number): number {
  const size = short.length
  const needle = new Needle(short)
  // One below the smallest subsequence that reaches `atLeast`; rounding errs to the safe side.
  const floor = Math.max(0, Math.ceil((atLeast / 100) * size - 1e-6) - 1)
  const window = needle.bestWindow(long, floor)
  let best = window > floor ? similarity(2 * (size - window), 2 * size) : 0
  if (best < 100) best = Math.max(best, bestPrefix(needle, long.subarray(0, size - 1)))
  if (best < 100)
    best = Math.max(best, bestPrefix(new Needle(short.toReversed()), tail(long, size).toReversed()))
  return best
}

function tail(text: Ids, size: number): Ids {
  return text.subarray(text.length - size)
}

function bestPrefix(needle: Needle, text: Ids): number {
  let best = 0
  needle.lcsOfPrefixes(text).forEach((common, i) => {
    const lengths = needle.length + i + 1
    best = Math.max(best, similarity(lengths - 2 * common, lengths))
  })
  return best
}

function sharesWord(a: Phrase, b: Phrase): boolean {
  const [few, many] = a.words.size <= b.words.size ? [a.words, b.words] : [b.words, a.words]
  for (const word of few) if (many.has(word)) return true
  return false
}

/** Similarity with the words sorted, or with the words in common set apart, whichever is higher. */
function wordRatio(a: Phrase, b: Phrase): number {
  const shared = a.shared(b)
  const onlyA = a.without(b)
  const onlyB = b.without(a)
  if (shared > 0 && (onlyA.length === 0 || onlyB.length === 0)) return 100
  const sorted = ratio(a.sorted, b.sorted)
  const gap = shared > 0 ? 1 : 0
  const lengthA = shared + gap + onlyA.length
  const lengthB = shared + gap + onlyB.length
  const distance = onlyA.length + onlyB.length - 2 * new Needle(onlyA).lcs(onlyB)
  const apart = wordSimilarity(distance, lengthA + lengthB)
  if (shared === 0) return Math.max(sorted, apart)
  const sharedA = wordSimilarity(gap + onlyA.length, shared + lengthA)
  const sharedB = wordSimilarity(gap + onlyB.length, shared + lengthB)
  return Math.max(sorted, apart, sharedA, sharedB)
}

/** As {@link similarity}, rounded as rapidfuzz rounds it here. */
function wordSimilarity(distance: number, lengths: number): number {
  return lengths === 0 ? 100 : 100 - (100 * distance) / lengths
}

/** Partial similarity of the sorted words, and of the sorted different words. No word is shared. */
function partialWordRatio(a: Phrase, b: Phrase, atLeast: number): number {
  const sorted = partialRatio(a.sorted, b.sorted, atLeast)
  if (!a.repeats && !b.repeats) return sorted
  return Math.max(sorted, partialRatio(a.distinct, b.distinct, Math.max(sorted, atLeast)))
}
