/** Copies chosen logits out of a forward pass; matches WebLLM's LogitProcessor. */
export class LogitTap {
  #ids: readonly number[] = []
  #taken: number[] | undefined
  #passes = 0

  /** Names the tokens whose logits the next forward pass shall give. */
  arm(ids: readonly number[]): void {
    this.#ids = ids
    this.#taken = undefined
    this.#passes = 0
  }

  /** The logits of the armed tokens, or undefined unless there was exactly one forward pass. */
  take(): number[] | undefined {
    return this.#passes === 1 ? this.#taken : undefined
  }

  // The array is a view of the engine's memory, reused by the next pass: values are copied here and now.
  readonly processLogits = (logits: Float32Array): Float32Array => {
    this.#passes += 1
    this.#taken = this.#ids.map((id) => logits[id] ?? Number.NEGATIVE_INFINITY)
    return logits
  }
  readonly processSampledToken = (): void => undefined
  readonly resetState = (): void => undefined
}
