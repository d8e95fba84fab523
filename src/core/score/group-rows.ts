import type { ItemLanguage } from '../prompt/question'
import type { LevelChoice } from '../run/types'
import type { GroupTable } from './group-table'

/** One line of a table of groups: the items of a language, of a level, of both, or all. */
export interface GroupRow<Group> {
  language: ItemLanguage | null
  level: LevelChoice | null
  group: Group
}

/**
 * The table's lines in reading order: each language's levels and then the language; the levels over both
 * languages; everything. Lines that would repeat another one are left out.
 */
export function groupRows<Group>(table: GroupTable<Group>): GroupRow<Group>[] {
  const manyLevels = table.byLevel.length > 1
  const manyLanguages = table.byLanguage.length > 1
  const rows: GroupRow<Group>[] = []
  if (manyLanguages) {
    for (const { language, group } of table.byLanguage) {
      if (manyLevels) rows.push(...table.cells.filter((cell) => cell.language === language))
      rows.push({ language, level: null, group })
    }
  }
  if (manyLevels || !manyLanguages) {
    rows.push(...table.byLevel.map(({ level, group }) => ({ language: null, level, group })))
  }
  if (manyLevels || manyLanguages) rows.push({ language: null, level: null, group: table.total })
  return rows
}
