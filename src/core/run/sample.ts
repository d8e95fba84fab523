/**
 * Which items a run asks: a sample stratified over language × level, proportional with largest remainders.
 *
 * The same items and seed give the same sample whatever the order of the dataset's rows or of the choices
 * made in the interface, so two laboratories can name a sample by its seed.
 */
import type { Item, ItemCounts } from '../dataset/item'
import type { ItemMeta } from '../dataset/strata'
import type { ItemLanguage } from '../prompt/question'
import { drawWithoutReplacement, randomBelow } from './random'
import type { LevelChoice, Selection, Stratum } from './types'

export const LANGUAGE_ORDER: readonly ItemLanguage[] = ['en', 'zh']
export const LEVEL_ORDER: readonly LevelChoice[] = [1, 2, 3, 'unlabelled']

/** Generator stream of the asking order; the strata use 0 to 7. */
const ORDER_STREAM = 8

export interface Sample {
  strata: Stratum[]
  /** Indexes into the items, in the order they are asked. */
  itemIndexes: number[]
}

/**
 * Shares `size` out in proportion to `populations`: whole parts first, the rest to the largest remainders,
 * ties to the earlier cell (Hamilton's method). No cell gets more than it holds; `size` beyond the whole is all.
 */
export function allocate(populations: readonly number[], size: number): number[] {
  const whole = populations.reduce((sum, population) => sum + population, 0)
  if (size >= whole) return [...populations]
  const shares = populations.map((population) => Math.floor((population * size) / whole))
  // Remainders are compared as integers (numerators over `whole`), so that equal ones tie exactly.
  const byRemainder = populations
    .map((population, index) => ({ index, remainder: (population * size) % whole }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index)
  const left = size - shares.reduce((sum, share) => sum + share, 0)
  for (const { index } of byRemainder.slice(0, left)) shares[index] = (shares[index] ?? 0) + 1
  return shares
}

/** The strata a selection asks for, from counts alone: what the interface shows before a run exists. */
export function planStrata(counts: ItemCounts, selection: Omit<Selection, 'seed'>): Stratum[] {
  const cells = LANGUAGE_ORDER.filter((language) => selection.languages.includes(language))
    .flatMap((language) =>
      LEVEL_ORDER.filter((level) => selection.levels.includes(level)).map((level) => ({
        language,
        level,
        population: counts[language][level],
      })),
    )
    .filter((cell) => cell.population > 0)
  const populations = cells.map((cell) => cell.population)
  const shares = selection.sampleSize === null ? populations : allocate(populations, selection.sampleSize)
  return cells.map((cell, index) => ({ ...cell, sampled: shares[index] ?? 0 }))
}

/** How many items each language × level holds. */
export function countItems(items: readonly Pick<Item, 'language' | 'level'>[]): ItemCounts {
  const none = () => ({ 1: 0, 2: 0, 3: 0, unlabelled: 0 })
  const counts: ItemCounts = { en: none(), zh: none() }
  for (const item of items) counts[item.language][item.level ?? 'unlabelled'] += 1
  return counts
}

/** The selection's sample; the order is random over all strata, so a run stopped early is a fair sample too. */
export function sampleItems(items: readonly ItemMeta[], selection: Selection): Sample {
  const strata = planStrata(countItems(items), selection)
  const byStratum = new Map<string, number[]>()
  items.forEach((item, index) => {
    const key = stratumKey(item.language, item.level ?? 'unlabelled')
    const indexes = byStratum.get(key)
    if (indexes) indexes.push(index)
    else byStratum.set(key, [index])
  })
  const chosen = strata.flatMap((stratum) => {
    const indexes = byStratum.get(stratumKey(stratum.language, stratum.level)) ?? []
    indexes.sort((a, b) => compareIds(items[a], items[b]))
    return drawWithoutReplacement(indexes, stratum.sampled, randomBelow(selection.seed, streamOf(stratum)))
  })
  const itemIndexes = drawWithoutReplacement(chosen, chosen.length, randomBelow(selection.seed, ORDER_STREAM))
  return { strata, itemIndexes }
}

function stratumKey(language: ItemLanguage, level: LevelChoice): string {
  return `${language}/${level}`
}

function streamOf(stratum: Stratum): number {
  return LANGUAGE_ORDER.indexOf(stratum.language) * LEVEL_ORDER.length + LEVEL_ORDER.indexOf(stratum.level)
}

/** By UTF-16 code units: the same in every locale. */
function compareIds(a: ItemMeta | undefined, b: ItemMeta | undefined): number {
  const left = a?.id ?? ''
  const right = b?.id ?? ''
  return left < right ? -1 : left > right ? 1 : 0
}
