/**
 * A sentinel keeps the logits that came after the first tokens of a prompt. When the cache is to hold these tokens
 * again, the last of them is fed once more: other logits than the sentinel's show a cache that is not what it should be.
 */
export interface Sentinel {
  tokens: readonly number[]
  /** Of the whole vocabulary, after the last of `tokens`. */
  logits: Float32Array
  /** Whether a prompt read on from here, or from where this one came from, was compared with a cold pass. */
  isConfirmed: boolean
  /** How many readings on from a sentinel lie between a cold pass and this one; 0 for a cold pass. */
  depth: number
}

/** Below this, popping and comparing cost as much as reading. */
export const MIN_REUSED_TOKENS = 16

/** A common beginning, and the ends of the last prompts; each holds a copy of the vocabulary's logits (0.6 MB). */
export const MAX_SENTINELS = 4

/** How many tokens two sequences have in common from their beginning. */
export function commonLength(one: readonly number[], other: readonly number[]): number {
  const most = Math.min(one.length, other.length)
  let length = 0
  while (length < most && one[length] === other[length]) length += 1
  return length
}

/** The sentinels with `added` as the last used one; it takes the place of one at the same tokens, else of the longest unused. */
export function remember(sentinels: readonly Sentinel[], added: Sentinel): Sentinel[] {
  const others = sentinels.filter(({ tokens }) => !areEqual(tokens, added.tokens))
  return [...others, added].slice(-MAX_SENTINELS)
}

/** The longest sentinel at which a cache that has `common` tokens in common with `prompt` can be compared. */
export function longestUsable(
  sentinels: readonly Sentinel[],
  prompt: readonly number[],
  common: number,
): Sentinel | undefined {
  return sentinels
    .filter(({ tokens: { length } }) => length >= MIN_REUSED_TOKENS && length <= common)
    .filter(({ tokens }) => commonLength(tokens, prompt) === tokens.length)
    .reduce<Sentinel | undefined>((longest, sentinel) => {
      return longest && longest.tokens.length >= sentinel.tokens.length ? longest : sentinel
    }, undefined)
}

/** Whether `tokens` are the beginning of what was confirmed, with the same cache entries. */
export function isWithinConfirmed(sentinels: readonly Sentinel[], tokens: readonly number[]): boolean {
  return sentinels.some(
    (sentinel) => sentinel.isConfirmed && commonLength(sentinel.tokens, tokens) === tokens.length,
  )
}

/** Whether all logits are finite numbers and differ by at most `tolerance`. */
export function agree(one: Float32Array, other: Float32Array, tolerance: number): boolean {
  // Comparisons with NaN are false, so they are written for what is right.
  return one.length === other.length && one.every((logit, at) => Math.abs(logit - other[at]!) <= tolerance)
}

function areEqual(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && commonLength(one, other) === one.length
}
