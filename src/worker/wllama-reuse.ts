/**
 * When llama.cpp may go on from the prompt before, and what is done to be sure of it: the first reuse after a load and
 * every so many are computed a second time from nothing, before their result is given.
 */
import type { ColdReason, PromptReading } from '#core/numerics/types'

/** Reuses from one check to the next: a pass over the whole prompt each, so that checking costs a few percent. */
export const RECHECK_EVERY = 64

/**
 * Most that a letter's probability may differ. Measured: nothing at all, over 40 questions of the built-in model and 16
 * each of models with random weights in F16, Q4_0, Q8_0, Q4_K and Q5_K. So any difference that can be seen is a fault.
 */
export const REUSE_TOLERANCE = 1e-6

export interface CheckedPass {
  probabilities: readonly number[]
}

export class PromptReuse {
  #refusal: ColdReason | null
  #untilCheck = 0

  /** @param metadata the GGUF file's, by key */
  constructor(metadata: Readonly<Record<string, string>>) {
    this.#refusal = refusalOf(metadata)
  }

  /** Why nothing is reused; null where it is. */
  get refusal(): ColdReason | null {
    return this.#refusal
  }

  /** Whether the next reuse is to be checked. */
  get isCheckDue(): boolean {
    return this.#untilCheck <= 0
  }

  /** A prompt's beginning was reused, unchecked. */
  count(): void {
    this.#untilCheck -= 1
  }

  /** A request did not come to its end, so the cache may not hold what is believed: the next reuse is checked. */
  doubt(): void {
    this.#untilCheck = 0
  }

  refuse(reason: ColdReason): void {
    this.#refusal = reason
  }

  /** Whether a reuse gave what the cold pass gives. If not, nothing is reused until the model is loaded again. */
  check(reused: CheckedPass, cold: CheckedPass): boolean {
    return this.#compare(reused, cold, RECHECK_EVERY - 1)
  }

  /**
   * The same of a prompt that was just read cold and is gone on from. It says less, as nothing was taken off the cache:
   * the second reuse of an earlier prompt is checked whole, but prompts with nothing in common are not checked in vain.
   */
  checkOwn(reused: CheckedPass, cold: CheckedPass): boolean {
    return this.#compare(reused, cold, 1)
  }

  #compare(reused: CheckedPass, cold: CheckedPass, untilCheck: number): boolean {
    const differences = reused.probabilities.map((value, at) =>
      Math.abs(value - (cold.probabilities[at] ?? NaN)),
    )
    // No comparison with NaN is true.
    const agrees = differences.every((difference) => difference <= REUSE_TOLERANCE)
    if (agrees) this.#untilCheck = untilCheck
    else this.#refusal = 'check-failed'
    return agrees
  }

  /** How a prompt was read: `fed` tokens went through the model, `reused` were there; `compared` is what `check` found. */
  reading(wanted: boolean, fed: number, reused: number, compared = false): PromptReading {
    const told = { tokensFed: fed, tokensReused: reused, ...(compared && { compared }) }
    if (reused > 0) return { path: 'reused', ...told, ...(!compared && { awaitsComparison: true }) }
    if (!wanted) return { path: 'cold', ...told }
    return { path: 'cold', ...told, reason: this.#refusal ?? 'nothing-in-common' }
  }
}

/** llama.cpp keeps of such models' prompts only the newest part, or a state that no token can be taken out of. */
function refusalOf(metadata: Readonly<Record<string, string>>): ColdReason | null {
  const keys = Object.keys(metadata)
  if (keys.some((key) => key.endsWith('.attention.sliding_window'))) return 'sliding-window'
  if (keys.some((key) => key.includes('.ssm.') || key.includes('.wkv.'))) return 'recurrent-model'
  return null
}
