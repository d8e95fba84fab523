export interface ScoredToken {
  token: string
  prob: number
}

/**
 * The probabilities of the letters among the scored tokens, renormalised over the letters, in their order.
 * Undefined where a letter is missing: then it is not one token of the model's vocabulary. Vocabularies of the
 * SentencePiece kind write a word-initial letter with a space before it.
 */
export function letterProbabilities(
  tokens: readonly ScoredToken[],
  letters: readonly string[],
): number[] | undefined {
  const scores = letters.map((letter) => tokens.find(({ token }) => token.trim() === letter)?.prob)
  const total = scores.reduce<number>((sum, score) => sum + (score ?? 0), 0)
  if (total <= 0 || scores.some((score) => score === undefined)) return undefined
  return scores.map((score) => (score ?? 0) / total)
}

/** Softmax over the logits: the same probabilities, from a vocabulary's raw scores. */
export function softmax(logits: readonly number[]): number[] {
  const most = Math.max(...logits)
  const weights = logits.map((logit) => Math.exp(logit - most))
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return weights.map((weight) => weight / total)
}
