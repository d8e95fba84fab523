/** Items as exports have them: with or without the question, but always with a hash that names it. */
import { itemLine } from '../dataset/fingerprint'
import type { Item } from '../dataset/item'
import { optionLetter, type ItemLanguage } from '../prompt/question'
import type { LevelChoice } from '../run/types'

export interface ExportedItem {
  id: string
  language: ItemLanguage
  level: LevelChoice
  optionCount: number
  /** The keyed letter, as the options were asked. */
  key: string
  /**
   * SHA-256 (hex) of the item's line in its dataset's fingerprint, options as the dataset has them: whoever has the
   * dataset can check an export without questions item by item. Missing where the item came without its text and hash.
   */
  sha256?: string
  /** Present when the questions are included; `options[0]` is A, as asked. */
  stem?: string
  options?: readonly string[]
}

/**
 * @param item as it was asked
 * @param rotation by how many places its options had been moved on
 * @param sha256 the SHA-256 (hex) of a text in UTF-8
 */
export function exportedItem(
  item: Item,
  rotation: number,
  includeQuestion: boolean,
  sha256: (text: string) => string,
): ExportedItem {
  const { id, language, level, stem, options, targetIndex, withheld } = item
  const hash = itemSha256(item, rotation, sha256)
  return {
    id,
    language,
    level: level ?? 'unlabelled',
    optionCount: options.length,
    key: optionLetter(targetIndex),
    ...(hash !== null && { sha256: hash }),
    ...(includeQuestion && withheld === undefined && { stem, options }),
  }
}

/** The hash that names an item (see `ExportedItem`), of an item as it was asked; null where it is not known. */
export function itemSha256(item: Item, rotation: number, sha256: (text: string) => string): string | null {
  if (item.withheld === '') return null
  return item.withheld ?? sha256(itemLine(asInDataset(item, rotation)))
}

/** The item before its options were moved on by `rotation` places. */
export function asInDataset(item: Item, rotation: number): Item {
  if (rotation === 0) return item
  const { options, targetIndex } = item
  return {
    ...item,
    options: [...options.slice(rotation), ...options.slice(0, rotation)],
    targetIndex: (targetIndex - rotation + options.length) % options.length,
  }
}
