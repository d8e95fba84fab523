/**
 * Shaders of a large model compile for a minute on slow graphics, and a shard of 32 MB takes seconds to copy;
 * who waits longer without a sign deserves a word and a way out.
 */
export const STILL_MS = 20_000

/** Whether nothing has been heard for long. */
export class Stillness {
  #long = $state(false)
  #timer: ReturnType<typeof setTimeout> | undefined

  get long(): boolean {
    return this.#long
  }

  /** Something was heard, or a wait begins. */
  begin(): void {
    this.end()
    this.#timer = setTimeout(() => (this.#long = true), STILL_MS)
  }

  end(): void {
    clearTimeout(this.#timer)
    this.#long = false
  }
}
