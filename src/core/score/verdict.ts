import type { Answer } from '../run/types'
import { optionLetter } from '../prompt/anesbench'

/**
 * The two ways a reply is turned into a letter: `official` gives the letter that AnesBench's own code gives
 * (it guesses rather than give none); `strict` gives one only when the reply states it.
 */
export type Scoring = 'official' | 'strict'
export const SCORINGS: readonly Scoring[] = ['official', 'strict']

/** What scoring needs of an answer. */
export type ScoredAnswer = Pick<Answer, 'item' | 'officialLetter' | 'strictLetter'>

/** An answer without a letter is unparsed, and counts as wrong in every accuracy. */
export type Verdict = 'right' | 'wrong' | 'unparsed'

export function chosenLetter(answer: ScoredAnswer, scoring: Scoring): string | null {
  return scoring === 'official' ? answer.officialLetter : answer.strictLetter
}

export function keyedLetter(answer: Pick<Answer, 'item'>): string {
  return optionLetter(answer.item.targetIndex)
}

export function verdict(answer: ScoredAnswer, scoring: Scoring): Verdict {
  const letter = chosenLetter(answer, scoring)
  if (letter === null) return 'unparsed'
  return letter === keyedLetter(answer) ? 'right' : 'wrong'
}

/** Whether the two scorings read different letters, or only one of them reads a letter. */
export function scoringsDisagree(answer: ScoredAnswer): boolean {
  return answer.officialLetter !== answer.strictLetter
}
