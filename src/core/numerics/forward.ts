/** A loaded model below its engine: tokens into the KV cache, logits out. Positions follow from what was fed. */
export interface Forward {
  /** Most tokens of one call of `feed`. */
  readonly chunkTokens: number
  /** Tokens in the KV cache. */
  readonly length: number
  /** Empties the KV cache. */
  reset(): void
  /**
   * Appends 1 to `chunkTokens` tokens; gives the logits after the last one, of the whole vocabulary, as a copy. Throws
   * what the engine throws; the cache is then in an unknown state and must be reset.
   */
  feed(tokens: readonly number[]): Promise<Float32Array>
  /** Takes the last `count` tokens out of the KV cache. */
  pop(count: number): void
}
