/**
 * What llama.cpp's server keeps of prompts that made room for others: a copy of each one's cache in the memory of the
 * WebAssembly module, up to 8 GB, also where nothing may be reused. wllama has no setting for it, and the module has
 * 4 GB for everything; so it is started anew once such copies could have filled their share.
 */

/** Hundreds of questions for a small model; a start in between costs about a hundredth of their time. */
export const MOST_SAVED_BYTES = 512 * 1024 ** 2

/** Of a cache that is displaced, llama.cpp saves a copy if the new prompt has less than this share of it. */
const SHARE_KEPT = 0.5

/** Keys and values in half precision. */
const BYTES_PER_POSITION = 2 * 2

export class SavedPrompts {
  readonly #bytesPerToken: number
  /** Tokens in the cache. */
  #held = 0
  #savedTokens = 0

  /** @param metadata the GGUF file's, by key */
  constructor(metadata: Readonly<Record<string, string>>) {
    this.#bytesPerToken = cacheBytesPerToken(metadata)
  }

  /** A request was answered: `cached` of its `promptTokens` were there, and `completionTokens` were written. */
  add(promptTokens: number, cached: number, completionTokens: number): void {
    // Without reuse it is not told what both have in common; then there may be a copy.
    if (cached < SHARE_KEPT * this.#held) this.#savedTokens += this.#held
    this.#held = promptTokens + completionTokens
  }

  /** Whether the copies may have filled their share. */
  get isFull(): boolean {
    return this.#savedTokens * this.#bytesPerToken > MOST_SAVED_BYTES
  }
}

/** Bytes of one token in the KV cache. */
export function cacheBytesPerToken(metadata: Readonly<Record<string, string>>): number {
  const architecture = metadata['general.architecture'] ?? ''
  const number = (key: string) => Number(metadata[`${architecture}.${key}`])
  const heads = number('attention.head_count')
  // A list, one for each layer, is no number: then as many as there can be.
  const keyValueHeads = number('attention.head_count_kv') || heads
  const headSize = number('attention.key_length') || number('embedding_length') / heads
  return number('block_count') * keyValueHeads * headSize * BYTES_PER_POSITION
}
