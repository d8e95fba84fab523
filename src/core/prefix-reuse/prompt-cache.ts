/**
 * The KV cache of a loaded model as the reading of prompts needs it. `Logits` is where the engine keeps the logits of
 * a pass, on the GPU; they are copied only where somebody looks at them.
 */
export interface PromptCache<Logits> {
  /** Most tokens of one call of `feed`. */
  readonly chunkTokens: number
  /** Tokens in the cache by the engine's own count; null where it does not tell. */
  countTokens(): number | null
  /** Empties the cache. */
  reset(): void
  /** Takes the last `count` tokens out. */
  pop(count: number): void
  /** Appends 1 to `chunkTokens` tokens and gives the logits after the last one. After a throw the cache is unknown. */
  feed(tokens: readonly number[]): Promise<Logits>
  /** The same for tokens whose logits nobody needs: they are let go once they are computed. */
  feedUnseen(tokens: readonly number[]): Promise<void>
  /** The logits of the whole vocabulary, which later passes leave alone. */
  copy(logits: Logits): Promise<Float32Array>
}
