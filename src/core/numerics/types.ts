/**
 * What is known of the numbers that a GPU gives. Compiled libraries of WebLLM have a race in the kernel that joins newly
 * fed tokens with those in the KV cache: on some GPUs the logits are then wrong, without any error.
 */

/** What became of the barrier that closes the race, in the shaders of this load. */
export type MergeBarrier =
  | 'inserted'
  /** The user wants the kernel as it comes, for comparison. */
  | 'switched-off'
  /** No shader has this kernel. */
  | 'kernel-absent'
  /** The kernel is there, but not as it is known: it was left alone. */
  | 'pattern-unknown'

/** Ways to bring the same tokens into the KV cache; all must give the same logits as all tokens at once. */
export const FEEDING_ORDERS = ['two-chunks', 'small-chunk', 'one-by-one', 'after-pop'] as const
export type FeedingOrder = (typeof FEEDING_ORDERS)[number]

/** Of any logit of the vocabulary, the largest; null where one was no finite number or the order could not be fed. */
export interface OrderDifferences extends Record<Exclude<FeedingOrder, 'small-chunk'>, number | null> {
  /** Absent in reports of version 1. */
  'small-chunk'?: number | null
}

/** Option letters of known questions, beside those that another device gave with the same files. */
export interface LetterComparison {
  /** The other device, as its engine named it. */
  referenceDevice: string
  items: number
  /** Items with the same most probable letter. */
  sameLetter: number
  /** Largest difference of a letter's probability, 0 to 1. */
  largestDifference: number
}

/** The numerical self-test: once per device, library, engine version and browser version, on the loaded model. */
export interface SelfTestReport {
  version: number
  /** Milliseconds since 1970. */
  at: number
  /** How many tokens were fed in each order. */
  tokens: number
  /** Largest absolute difference of any logit of the vocabulary that still counts as the same. */
  tolerance: number
  differences: OrderDifferences
  /** Null where the model's record has no reference of another device. */
  letters: LetterComparison | null
  elapsedMs: number
}

export interface Numerics {
  mergeBarrier: MergeBarrier
  /** Null: not tested yet, so nothing is taken for granted. */
  selfTest: SelfTestReport | null
}

/** How a prompt came into the KV cache. */
export interface PromptReading {
  /** `reused`: its beginning was there from an earlier request. `stepwise`: one token after another, where the device fails at more. */
  path: 'cold' | 'reused' | 'stepwise'
  /** Tokens that went through the model before the first new one, checks included. */
  tokensFed: number
  tokensReused: number
  /**
   * Why the cache was not reused although the request allowed it; absent also where a prompt was read cold to have
   * something to compare later ones with, or to compare this one. Of several prompts together the gravest reason, also
   * where others among them were reused.
   */
  reason?: ColdReason
  /** The prompt was read in both ways, reusing its beginning and from an empty cache, and the numbers were the same. */
  compared?: true
  /**
   * Tokens were appended to what the cache held, and no comparison with a cold pass followed: what this prompt gave is
   * as right as the next comparison finds. Of several prompts together: it holds after the last of them.
   */
  awaitsComparison?: true
}

/** Gravest first, for what is said of several prompts together. */
export const COLD_REASONS = [
  /** A check against a cold pass failed; nothing is reused until the model is loaded again. */
  'check-failed',
  'self-test-failed',
  /** The engine's inner structure is not the one that is known. */
  'structure-unknown',
  'sliding-window',
  'recurrent-model',
  'not-tested',
  /** Nothing, or too little, in common with the request before. */
  'nothing-in-common',
] as const
export type ColdReason = (typeof COLD_REASONS)[number]
