import type { Answer, Protocol } from '../run/types'
import { optionLetter } from '../prompt/question'

/**
 * The ways to a letter. From a reply: `official` gives the letter that AnesBench's own code gives (it guesses rather
 * than give none); `strict` gives one only when the reply states it. Without a reply: `forward` gives the most
 * probable letter of a single forward pass.
 */
export type Scoring = 'official' | 'strict' | 'forward'
export const SCORINGS: readonly Scoring[] = ['official', 'strict', 'forward']

/** The scorings that a run of this protocol has, the one that stands for it first. */
export function scoringsOf(protocol: Protocol): readonly [Scoring, ...Scoring[]] {
  switch (protocol) {
    case 'generate':
      return ['official', 'strict']
    case 'letters':
      return ['forward']
    case 'both':
      return ['official', 'strict', 'forward']
  }
}

/** What a run of this protocol is judged by when `wanted` is asked for: its own primary scoring where it lacks that. */
export function scoringFor(protocol: Protocol, wanted: Scoring): Scoring {
  const had = scoringsOf(protocol)
  return had.includes(wanted) ? wanted : had[0]
}

/** A value for each scoring. */
export type ByScoring<Value> = Record<Scoring, Value>

export function byScoring<Value>(value: (scoring: Scoring) => Value): ByScoring<Value> {
  return { official: value('official'), strict: value('strict'), forward: value('forward') }
}

/** What scoring needs of an answer. */
export type ScoredAnswer = Pick<Answer, 'item' | 'officialLetter' | 'strictLetter' | 'forward'>

/** An answer without a letter is unparsed, and counts as wrong in every accuracy. */
export type Verdict = 'right' | 'wrong' | 'unparsed'

export function chosenLetter(answer: ScoredAnswer, scoring: Scoring): string | null {
  switch (scoring) {
    case 'official':
      return answer.officialLetter
    case 'strict':
      return answer.strictLetter
    case 'forward':
      return answer.forward?.letter ?? null
  }
}

export function keyedLetter(answer: Pick<Answer, 'item'>): string {
  return optionLetter(answer.item.targetIndex)
}

export function verdict(answer: ScoredAnswer, scoring: Scoring): Verdict {
  const letter = chosenLetter(answer, scoring)
  if (letter === null) return 'unparsed'
  return letter === keyedLetter(answer) ? 'right' : 'wrong'
}

/** Whether the two readings of a reply give different letters, or only one of them gives a letter. */
export function scoringsDisagree(answer: ScoredAnswer): boolean {
  return answer.officialLetter !== answer.strictLetter
}
