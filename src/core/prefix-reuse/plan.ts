/** How a prompt is to come into the KV cache, given what the cache holds and what it can be compared with. */
import { commonLength, longestUsable, MIN_REUSED_TOKENS, type Sentinel } from './sentinel'

export type ReadingPlan =
  | {
      kind: 'cold'
      /** Where a first piece ends, whose logits become a sentinel: the beginning in common with the prompt before. */
      splitAt?: number
      /** Set where the prompt is one that was read before, so that it may well come again. */
      isRepeated: boolean
    }
  | { kind: 'reuse'; sentinel: Sentinel }

/** Every so many readings on from a sentinel, one is compared with a cold pass over the whole prompt. */
export const RECHECK_EVERY = 64

/** After so many readings on from one another the next one is compared, so that small differences cannot add up unseen. */
export const MAX_DEPTH = 8

/** `held` are the tokens in the cache. */
export function planReading(
  prompt: readonly number[],
  held: readonly number[],
  sentinels: readonly Sentinel[],
): ReadingPlan {
  const common = commonLength(prompt, held)
  const sentinel = longestUsable(sentinels, prompt, common)
  if (sentinel) return { kind: 'reuse', sentinel }
  if (common === prompt.length) return { kind: 'cold', isRepeated: true }
  return { kind: 'cold', isRepeated: false, ...(common >= MIN_REUSED_TOKENS && { splitAt: common }) }
}

/**
 * Whether a prompt read on from `sentinel` must be read cold as well before its logits are given. A prompt that ends
 * at the sentinel of a cold pass has been compared with that pass already. `reuses` were not compared since the last
 * that was.
 */
export function needsColdPass(sentinel: Sentinel, promptLength: number, reuses: number): boolean {
  const endsHere = sentinel.tokens.length === promptLength
  if (endsHere && sentinel.depth === 0) return false
  return !sentinel.isConfirmed || sentinel.depth >= MAX_DEPTH || reuses + 1 >= RECHECK_EVERY
}
