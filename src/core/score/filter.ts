/** Finding answers in a finished or running run. */
import type { ItemLanguage } from '../prompt/question'
import { LANGUAGE_ORDER, LEVEL_ORDER } from '../run/sample'
import type { Answer, LevelChoice } from '../run/types'
import { levelChoice } from './accuracy-table'
import { scoringsDisagree, verdict, type Scoring, type Verdict } from './verdict'

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

/** `isFlagged` is asked by position. Fast enough to follow typing once `prepareSearch` has run. */
export function filterAnswers(
  answers: readonly Answer[],
  isFlagged: (position: number) => boolean,
  filter: AnswerFilter,
): FilteredAnswers {
  const counts: FilterCounts = {
    language: zeroes(LANGUAGE_ORDER),
    level: zeroes(LEVEL_ORDER),
    verdict: zeroes(VERDICTS),
    disagreeing: 0,
    flagged: 0,
  }
  const needle = filter.text.trim().toLowerCase()
  const matches = answers.filter((answer) => {
    if (needle !== '' && !searchText(answer).includes(needle)) return false
    const { language } = answer.item
    const level = levelChoice(answer)
    const outcome = verdict(answer, filter.scoring)
    const disagrees = scoringsDisagree(answer)
    const flagged = isFlagged(answer.position)
    const wrongLanguage = filter.language !== null && filter.language !== language
    const wrongLevel = filter.level !== null && filter.level !== level
    const wrongVerdict = filter.verdict !== null && filter.verdict !== outcome
    const notDisagreeing = filter.disagreeing && !disagrees
    const notFlagged = filter.flagged && !flagged
    const failures = +wrongLanguage + +wrongLevel + +wrongVerdict + +notDisagreeing + +notFlagged
    // An answer counts towards a choice when no filter but that choice's own stands in its way.
    if (failures === +wrongLanguage) counts.language[language] += 1
    if (failures === +wrongLevel) counts.level[level] += 1
    if (failures === +wrongVerdict) counts.verdict[outcome] += 1
    if (disagrees && failures === +notDisagreeing) counts.disagreeing += 1
    if (flagged && failures === +notFlagged) counts.flagged += 1
    return failures === 0
  })
  return { matches, counts }
}

/** Gets the answers' texts ready, so that the first search is as fast as the next; about 20 ms per 1,000. */
export function prepareSearch(answers: readonly Answer[]): void {
  for (const answer of answers) searchText(answer)
}

const searchTexts = new WeakMap<Answer, string>()

/** Lower-cased once and remembered: answers never change. */
function searchText(answer: Answer): string {
  const known = searchTexts.get(answer)
  if (known !== undefined) return known
  const { id, stem, options } = answer.item
  const text = [id, stem, ...options, answer.reply].join('\n').toLowerCase()
  searchTexts.set(answer, text)
  return text
}

/** A count of 0 for each key. */
export function zeroes<Key extends string | number>(keys: readonly Key[]): Record<Key, number> {
  return Object.fromEntries(keys.map((key) => [key, 0])) as Record<Key, number>
}
