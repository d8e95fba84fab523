import type { Answer } from './types'

/** Tokens after the first of each reply, which is what `decodeMs` measures; an answer may have several replies. */
export function decodedTokens({
  completionTokens,
  sampling,
}: Pick<Answer, 'completionTokens' | 'sampling'>): number {
  return Math.max(0, completionTokens - (sampling?.taken ?? 1))
}
