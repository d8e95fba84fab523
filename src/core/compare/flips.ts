/** Items that one run got right and the other wrong. */
import type { ItemLanguage } from '../prompt/question'
import { LANGUAGE_ORDER, LEVEL_ORDER } from '../run/sample'
import type { Answer, LevelChoice } from '../run/types'
import { levelChoice } from '../score/accuracy-table'
import { zeroes } from '../score/filter'
import { verdict, type Scoring } from '../score/verdict'
import type { ComparedItem, ItemTable } from './item-table'

export type FlipDirection = 'first' | 'second'
export const FLIP_DIRECTIONS: readonly FlipDirection[] = ['first', 'second']

export interface Flip {
  compared: ComparedItem
  /** The answers of the pair's two runs. */
  answers: Record<FlipDirection, Answer>
  /** Which of the two is right; an answer without a letter is not. */
  right: FlipDirection
}

/** Null lets everything through. */
export interface FlipFilter {
  right: FlipDirection | null
  language: ItemLanguage | null
  level: LevelChoice | null
}

export const EVERY_FLIP: FlipFilter = { right: null, language: null, level: null }

/** For each choice of a filter, how many items it would show while the other filters stay as they are. */
export interface FlipCounts {
  right: Record<FlipDirection, number>
  language: Record<ItemLanguage, number>
  level: Record<LevelChoice, number>
}

/** The flipped items of the runs `first` and `second`, each judged by its own scoring, in the table's order. */
export function pairFlips(
  table: ItemTable,
  [first, second]: readonly [number, number],
  scorings: Record<FlipDirection, Scoring>,
): Flip[] {
  const flips: Flip[] = []
  for (const compared of table.items) {
    const left = compared.answers[first]
    const right = compared.answers[second]
    if (!left || !right) continue
    const firstRight = verdict(left, scorings.first) === 'right'
    if (firstRight === (verdict(right, scorings.second) === 'right')) continue
    flips.push({
      compared,
      answers: { first: left, second: right },
      right: firstRight ? 'first' : 'second',
    })
  }
  return flips
}

export function filterFlips(
  flips: readonly Flip[],
  filter: FlipFilter,
): { matches: Flip[]; counts: FlipCounts } {
  const counts: FlipCounts = {
    right: zeroes(FLIP_DIRECTIONS),
    language: zeroes(LANGUAGE_ORDER),
    level: zeroes(LEVEL_ORDER),
  }
  const matches = flips.filter((flip) => {
    const { language } = flip.compared.item
    const level = levelChoice(flip.answers.first)
    const wrongSide = filter.right !== null && filter.right !== flip.right
    const wrongLanguage = filter.language !== null && filter.language !== language
    const wrongLevel = filter.level !== null && filter.level !== level
    const failures = +wrongSide + +wrongLanguage + +wrongLevel
    // An item counts towards a choice when no filter but that choice's own stands in its way.
    if (failures === +wrongSide) counts.right[flip.right] += 1
    if (failures === +wrongLanguage) counts.language[language] += 1
    if (failures === +wrongLevel) counts.level[level] += 1
    return failures === 0
  })
  return { matches, counts }
}
