/** Items grouped by language × level, and pooled over languages, over levels and over all. */
import type { ItemLanguage } from '../prompt/question'
import { LANGUAGE_ORDER, LEVEL_ORDER } from '../run/sample'
import type { LevelChoice } from '../run/types'

/** Groups without items are left out, except `total`. */
export interface GroupTable<Group> {
  /** By language and then by level. */
  cells: { language: ItemLanguage; level: LevelChoice; group: Group }[]
  byLanguage: { language: ItemLanguage; group: Group }[]
  byLevel: { level: LevelChoice; group: Group }[]
  total: Group
}

/** Where the cell of a language × level stands in `emptyCells`. */
export function cellIndex(language: ItemLanguage, level: LevelChoice): number {
  return LANGUAGE_ORDER.indexOf(language) * LEVEL_ORDER.length + LEVEL_ORDER.indexOf(level)
}

/** One tally for each language × level, in the order of `cellIndex`. */
export function emptyCells<Tally>(empty: () => Tally): Tally[] {
  return LANGUAGE_ORDER.flatMap(() => LEVEL_ORDER.map(empty))
}

/** What pooling needs to know of a kind of tally. */
export interface Pooling<Tally, Group> {
  empty: () => Tally
  add: (left: Tally, right: Tally) => Tally
  isEmpty: (tally: Tally) => boolean
  group: (tally: Tally) => Group
}

export function groupTable<Tally, Group>(
  tallies: readonly Tally[],
  { empty, add, isEmpty, group }: Pooling<Tally, Group>,
): GroupTable<Group> {
  const filled = LANGUAGE_ORDER.flatMap((language) =>
    LEVEL_ORDER.map((level) => ({
      language,
      level,
      tally: tallies[cellIndex(language, level)] ?? empty(),
    })),
  ).filter(({ tally }) => !isEmpty(tally))
  const pooled = (part: typeof filled) => group(part.map(({ tally }) => tally).reduce(add, empty()))
  return {
    cells: filled.map(({ language, level, tally }) => ({ language, level, group: group(tally) })),
    byLanguage: LANGUAGE_ORDER.filter((language) => filled.some((cell) => cell.language === language)).map(
      (language) => ({ language, group: pooled(filled.filter((cell) => cell.language === language)) }),
    ),
    byLevel: LEVEL_ORDER.filter((level) => filled.some((cell) => cell.level === level)).map((level) => ({
      level,
      group: pooled(filled.filter((cell) => cell.level === level)),
    })),
    total: pooled(filled),
  }
}
