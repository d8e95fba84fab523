/** Finding answers in a finished or running run. */
import type { ItemLanguage } from '../prompt/question'
import { LANGUAGE_ORDER, LEVEL_ORDER } from '../run/sample'
import type { Answer, LevelChoice } from '../run/types'
import { levelChoice } from './accuracy-table'
import { finish } from '../steps'
import { SCORINGS, scoringsDisagree, verdict, type ByScoring, type Scoring, type Verdict } from './verdict'

/** Null lets everything through. All conditions must hold. */
export interface AnswerFilter {
  language: ItemLanguage | null
  level: LevelChoice | null
  /** By which scoring `verdict` is judged. */
  scoring: Scoring
  verdict: Verdict | null
  /** Only answers in which the two scorings read different letters. */
  disagreeing: boolean
  /** Only items whose key was flagged as doubtful. */
  flagged: boolean
  /** Case-insensitive; found anywhere in the item's id, question, options or the reply. */
  text: string
}

export const NO_FILTER: AnswerFilter = {
  language: null,
  level: null,
  scoring: 'official',
  verdict: null,
  disagreeing: false,
  flagged: false,
  text: '',
}

/** For each choice of a filter, how many answers it would show while the other filters stay as they are. */
export interface FilterCounts {
  language: Record<ItemLanguage, number>
  level: Record<LevelChoice, number>
  verdict: Record<Verdict, number>
  disagreeing: number
  flagged: number
}

export interface FilteredAnswers {
  /** In the order given. */
  matches: Answer[]
  counts: FilterCounts
}

const VERDICTS: readonly Verdict[] = ['right', 'wrong', 'unparsed']

/** Answers looked at between two chances to pause. */
const STEP = 2000

/**
 * Answers made ready for being filtered: their texts in lower case, and what filters ask of each in the bits of a
 * number, since judging 100,000 answers anew takes as long as a person notices.
 */
export class AnswerIndex {
  readonly #answers: Answer[] = []
  readonly #texts: string[] = []
  readonly #facets: number[] = []

  /** Takes answers in behind those it has; they must not change. About 10 ms for 1,000. */
  add(answers: readonly Answer[]): void {
    for (const answer of answers) {
      const { id, stem, options } = answer.item
      this.#answers.push(answer)
      this.#texts.push([id, stem, ...options, answer.reply].join('\n').toLowerCase())
      this.#facets.push(facetsOf(answer))
    }
  }

  /** The answers that fit, in the order they came. `isFlagged` is asked by position. */
  *steps(
    filter: AnswerFilter,
    isFlagged: (position: number) => boolean,
  ): Generator<undefined, FilteredAnswers> {
    const counts = new FacetCounts()
    const matches: Answer[] = []
    const needle = filter.text.trim().toLowerCase()
    const wantedLanguage = filter.language === null ? null : LANGUAGE_ORDER.indexOf(filter.language)
    const wantedLevel = filter.level === null ? null : LEVEL_ORDER.indexOf(filter.level)
    const wantedVerdict = filter.verdict === null ? null : VERDICTS.indexOf(filter.verdict)
    const verdictBits = VERDICT_BITS[filter.scoring]
    const count = this.#answers.length
    for (let at = 0; at < count; at += 1) {
      if (at % STEP === STEP - 1) yield
      if (needle !== '' && !this.#texts[at]!.includes(needle)) continue
      const answer = this.#answers[at]!
      const facets = this.#facets[at]!
      const language = (facets >> LANGUAGE_BITS) & CHOICE
      const level = (facets >> LEVEL_BITS) & CHOICE
      const outcome = (facets >> verdictBits) & CHOICE
      const disagrees = (facets & DISAGREES) !== 0
      const flagged = isFlagged(answer.position)
      const wrongLanguage = wantedLanguage !== null && wantedLanguage !== language
      const wrongLevel = wantedLevel !== null && wantedLevel !== level
      const wrongVerdict = wantedVerdict !== null && wantedVerdict !== outcome
      const notDisagreeing = filter.disagreeing && !disagrees
      const notFlagged = filter.flagged && !flagged
      const failures = +wrongLanguage + +wrongLevel + +wrongVerdict + +notDisagreeing + +notFlagged
      // An answer counts towards a choice when no filter but that choice's own stands in its way.
      if (failures === +wrongLanguage) counts.language[language]! += 1
      if (failures === +wrongLevel) counts.level[level]! += 1
      if (failures === +wrongVerdict) counts.verdict[outcome]! += 1
      if (disagrees && failures === +notDisagreeing) counts.disagreeing += 1
      if (flagged && failures === +notFlagged) counts.flagged += 1
      if (failures === 0) matches.push(answer)
    }
    return { matches, counts: counts.byChoice() }
  }
}

/** The same at once. */
export function filterAnswers(
  answers: readonly Answer[],
  isFlagged: (position: number) => boolean,
  filter: AnswerFilter,
): FilteredAnswers {
  const index = new AnswerIndex()
  index.add(answers)
  return finish(index.steps(filter, isFlagged))
}

/** Places of choices: indexes into `LANGUAGE_ORDER`, `LEVEL_ORDER` and `VERDICTS`, none of which exceeds three. */
const CHOICE = 0b11
const LANGUAGE_BITS = 0
const LEVEL_BITS = 2
const VERDICT_BITS: ByScoring<number> = { official: 4, strict: 6, forward: 8 }
const DISAGREES = 1 << 10

function facetsOf(answer: Answer): number {
  let facets = LANGUAGE_ORDER.indexOf(answer.item.language) << LANGUAGE_BITS
  facets |= LEVEL_ORDER.indexOf(levelChoice(answer)) << LEVEL_BITS
  for (const scoring of SCORINGS)
    facets |= VERDICTS.indexOf(verdict(answer, scoring)) << VERDICT_BITS[scoring]
  return scoringsDisagree(answer) ? facets | DISAGREES : facets
}

class FacetCounts {
  readonly language = LANGUAGE_ORDER.map(() => 0)
  readonly level = LEVEL_ORDER.map(() => 0)
  readonly verdict = VERDICTS.map(() => 0)
  disagreeing = 0
  flagged = 0

  byChoice(): FilterCounts {
    return {
      language: named(LANGUAGE_ORDER, this.language),
      level: named(LEVEL_ORDER, this.level),
      verdict: named(VERDICTS, this.verdict),
      disagreeing: this.disagreeing,
      flagged: this.flagged,
    }
  }
}

function named<Key extends string | number>(keys: readonly Key[], counts: readonly number[]) {
  return Object.fromEntries(keys.map((key, at) => [key, counts[at]])) as Record<Key, number>
}

/** A count of 0 for each key. */
export function zeroes<Key extends string | number>(keys: readonly Key[]): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>
}
