import type { LetterScores } from '../engine'
import { optionLetter } from '../prompt/question'
import type { ForwardScores } from './types'

/** What a forward pass says; two letters that are equally probable give none. */
export function forwardScores({
  probabilities,
  promptTokens,
  elapsedMs,
  reading,
}: LetterScores): ForwardScores {
  const most = Math.max(...probabilities)
  const first = probabilities.indexOf(most)
  const isTied = first !== probabilities.lastIndexOf(most)
  return {
    probabilities,
    letter: isTied || first < 0 ? null : optionLetter(first),
    ...{ promptTokens, elapsedMs },
    ...(reading && { reading }),
  }
}
