import type { ReadPrompt } from '../numerics/reading'
import type { Answer } from './types'

/** The prompts of the answers whose way into the engine's cache is known; all replies to a question count as one. */
export function readPrompts(answers: readonly Answer[]): ReadPrompt[] {
  return answers.flatMap(({ reading, promptTokens, forward }) => [
    ...(reading ? [{ reading, promptTokens }] : []),
    ...(forward?.reading ? [{ reading: forward.reading, promptTokens: forward.promptTokens }] : []),
  ])
}
