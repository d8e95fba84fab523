/** What sampling needs of all items, held apart from them so that a run's plan does not read every question. */
import type { ItemLanguage } from '../prompt/question'
import type { Item, Level } from './item'

export interface ItemMeta {
  id: string
  language: ItemLanguage
  level: Level | null
}

/** The same in columns; `strata[i]` packs language and level of item i. */
export interface ItemMetaColumns {
  ids: string[]
  strata: Uint8Array
}

/** Levels take two bits (0 = unlabelled), the language the third. */
const CHINESE = 0b100
const LEVEL_BITS = 0b011
const LEVEL_OF_CODE: readonly (Level | null)[] = [null, 1, 2, 3]

export function packItemMeta(items: readonly Pick<Item, 'id' | 'language' | 'level'>[]): ItemMetaColumns {
  return {
    ids: items.map((item) => item.id),
    strata: Uint8Array.from(items, (item) => (item.language === 'zh' ? CHINESE : 0) | (item.level ?? 0)),
  }
}

export function unpackItemMeta({ ids, strata }: ItemMetaColumns): ItemMeta[] {
  return ids.map((id, index) => {
    const code = strata[index] ?? 0
    return { id, language: code & CHINESE ? 'zh' : 'en', level: LEVEL_OF_CODE[code & LEVEL_BITS] ?? null }
  })
}
