/**
 * Which items a run asks: a sample stratified over language × level, in proportion (largest remainders) or in equal
 * numbers, or a simple random sample over all of them.
 *
 * The same items and seed give the same sample whatever the order of the dataset's rows or of the choices
 * made in the interface, so two laboratories can name a sample by its seed.
 */
import type { Item, ItemCounts } from '../dataset/item'
import type { ItemMeta } from '../dataset/strata'
import type { ItemLanguage } from '../prompt/question'
import { drawWithoutReplacement, randomBelow } from './random'
import { STREAMS } from './streams'
import type { LevelChoice, SampleDesign, Selection, Stratum } from './types'

export const LANGUAGE_ORDER: readonly ItemLanguage[] = ['en', 'zh']
export const LEVEL_ORDER: readonly LevelChoice[] = [1, 2, 3, 'unlabelled']

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

/**
 * Shares `size` out in equal parts; what a small cell cannot take goes to the others in equal parts again, and what
 * cannot be parted goes to the earlier cells. No cell gets more than it holds; `size` beyond the whole is all.
 */
export function allocateEqually(populations: readonly number[], size: number): number[] {
  const shares = populations.map(() => 0)
  const room = (index: number) => (populations[index] ?? 0) - (shares[index] ?? 0)
  const whole = populations.reduce((sum, population) => sum + population, 0)
  let left = Math.min(size, whole)
  while (left > 0) {
    const open = populations.map((_, index) => index).filter((index) => room(index) > 0)
    const each = Math.max(1, Math.floor(left / open.length))
    for (const index of open) {
      const more = Math.min(each, room(index), left)
      shares[index] = (shares[index] ?? 0) + more
      left -= more
    }
  }
  return shares
}

function sharesOf(design: SampleDesign, populations: readonly number[], size: number | null): number[] {
  if (size === null) return [...populations]
  return design === 'equal' ? allocateEqually(populations, size) : allocate(populations, size)
}

/**
 * The strata a selection asks for, from counts alone: what the interface shows before a run exists. For the design
 * `simple` this is what to expect; chance decides when the sample is drawn.
 */
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
  const shares = sharesOf(selection.design, populations, selection.sampleSize)
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
  const { design, sampleSize, seed } = selection
  const strata = planStrata(countItems(items), selection)
  const cells = indexesByStratum(items)
  const indexesOf = (stratum: Stratum) => cells.get(stratumKey(stratum.language, stratum.level)) ?? []
  if (design === 'simple') {
    const all = strata.flatMap(indexesOf)
    const itemIndexes = drawWithoutReplacement(
      all,
      sampleSize ?? all.length,
      randomBelow(seed, STREAMS.simple),
    )
    return { strata: strataAsSampled(strata, items, itemIndexes), itemIndexes }
  }
  const chosen = strata.flatMap((stratum) =>
    drawWithoutReplacement(indexesOf(stratum), stratum.sampled, randomBelow(seed, streamOf(stratum))),
  )
  return {
    strata,
    itemIndexes: drawWithoutReplacement(chosen, chosen.length, randomBelow(seed, STREAMS.order)),
  }
}

/** The strata with the numbers of those items that were drawn. */
export function strataAsSampled(
  strata: readonly Stratum[],
  items: readonly ItemMeta[],
  itemIndexes: readonly number[],
): Stratum[] {
  const sampled = countItems(itemIndexes.flatMap((index) => items[index] ?? []))
  return strata.map((stratum) => ({ ...stratum, sampled: sampled[stratum.language][stratum.level] }))
}

/** The items of each stratum in the order of their ids, so that rows may come in any order. */
function indexesByStratum(items: readonly ItemMeta[]): Map<string, number[]> {
  const cells = new Map<string, number[]>()
  items.forEach((item, index) => {
    const key = stratumKey(item.language, item.level ?? 'unlabelled')
    const indexes = cells.get(key)
    if (indexes) indexes.push(index)
    else cells.set(key, [index])
  })
  for (const indexes of cells.values()) indexes.sort((a, b) => compareIds(items[a], items[b]))
  return cells
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
