/** Who scored steps: what makes two scorers the same. */
import type { StepScorer } from './types'
import { VERIFIER_VERSION } from './verifier'

/** The words that every self-verifier was asked with whose record does not name them. */
const FIRST_VERSION = 'somnus-verifier-1'

/** A language model asked by the words of today whether a solution is right so far. */
export function selfVerifier(model: Omit<StepScorer, 'kind' | 'verifierVersion'>): StepScorer {
  const { modelName, quantization, fingerprint } = model
  return { kind: 'self-verifier', modelName, quantization, fingerprint, verifierVersion: VERIFIER_VERSION }
}

/** The version of the words that a self-verifier was asked with; null of a reward model, which is asked nothing. */
export function verifierVersionOf({ kind, verifierVersion }: StepScorer): string | null {
  return kind === 'self-verifier' ? (verifierVersion ?? FIRST_VERSION) : null
}

/** The weights and what is asked of them make a scorer, not its name: equal for two exactly if they are the same. */
export function scorerKey(scorer: StepScorer): string {
  return [scorer.kind, scorer.fingerprint, verifierVersionOf(scorer) ?? ''].join(' ')
}
