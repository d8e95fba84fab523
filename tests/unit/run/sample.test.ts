import { describe, expect, it } from 'vitest'
import type { Item } from '#core/dataset/item'
import { allocate, allocateEqually, countItems, planStrata, sampleItems } from '#core/run/sample'
import type { Selection } from '#core/run/types'
import { makeItem } from './fixtures'

/** AnesBench's own proportions, divided by ten, with some unlabelled items. */
const ITEMS: Item[] = (
  [
    ['en', 1, 296],
    ['en', 2, 103],
    ['en', 3, 36],
    ['zh', 1, 278],
    ['zh', 2, 53],
    ['zh', 3, 21],
    ['zh', null, 9],
  ] as const
)
  .flatMap(([language, level, count]) => Array.from({ length: count }, () => [language, level] as const))
  .map(([language, level], index) => makeItem(index, language, level))

const ALL: Selection = {
  languages: ['en', 'zh'],
  levels: [1, 2, 3, 'unlabelled'],
  sampleSize: null,
  seed: 1,
  design: 'proportional',
}

const ids = (items: readonly Item[], selection: Selection) =>
  sampleItems(items, selection).itemIndexes.map((index) => items[index]?.id)

describe('allocate', () => {
  it.each([
    { populations: [2960, 1028, 355], size: 100, shares: [68, 24, 8] },
    { populations: [1, 1, 1], size: 2, shares: [1, 1, 0] },
    { populations: [10, 0, 10], size: 5, shares: [3, 0, 2] },
    { populations: [3, 2], size: 9, shares: [3, 2] },
    { populations: [5, 5], size: 0, shares: [0, 0] },
    { populations: [], size: 4, shares: [] },
  ])('shares $size over $populations as $shares', ({ populations, size, shares }) => {
    expect(allocate(populations, size)).toEqual(shares)
  })

  it('always hands out exactly the size, never more than a cell holds, within one of the exact share', () => {
    for (let size = 0; size <= 800; size += 1) {
      const populations = [296, 103, 36, 278, 53, 21, 9]
      const shares = allocate(populations, size)
      expect(shares.reduce((a, b) => a + b, 0)).toBe(Math.min(size, 796))
      shares.forEach((share, index) => {
        const population = populations[index] ?? 0
        expect(share).toBeLessThanOrEqual(population)
        if (size <= 796) expect(Math.abs(share - (population * size) / 796)).toBeLessThan(1)
      })
    }
  })
})

describe('allocateEqually', () => {
  it.each([
    { populations: [2960, 1028, 355], size: 99, shares: [33, 33, 33] },
    { populations: [2960, 1028, 5], size: 99, shares: [47, 47, 5] },
    { populations: [50, 2, 50, 3], size: 20, shares: [8, 2, 7, 3] },
    { populations: [10, 10, 10], size: 2, shares: [1, 1, 0] },
    { populations: [10, 0, 10], size: 5, shares: [3, 0, 2] },
    { populations: [3, 2], size: 9, shares: [3, 2] },
    { populations: [], size: 4, shares: [] },
  ])('shares $size over $populations as $shares', ({ populations, size, shares }) => {
    expect(allocateEqually(populations, size)).toEqual(shares)
  })

  it('hands out exactly the size; cells that are not exhausted differ by one at most', () => {
    const populations = [296, 103, 36, 278, 53, 21, 9]
    for (let size = 0; size <= 800; size += 1) {
      const shares = allocateEqually(populations, size)
      expect(shares.reduce((a, b) => a + b, 0)).toBe(Math.min(size, 796))
      const open = shares.filter((share, index) => share < (populations[index] ?? 0))
      const most = Math.max(...shares)
      for (const share of open) expect(most - share).toBeLessThanOrEqual(1)
      shares.forEach((share, index) => expect(share).toBeLessThanOrEqual(populations[index] ?? 0))
    }
  })
})

describe('sampleItems, simple', () => {
  const simple: Selection = { ...ALL, design: 'simple' }

  it('draws without replacement over all strata and says what came of each', () => {
    const { strata, itemIndexes } = sampleItems(ITEMS, { ...simple, sampleSize: 100 })
    expect(new Set(itemIndexes).size).toBe(100)
    const sampled = countItems(itemIndexes.map((index) => ITEMS[index]!))
    for (const stratum of strata) expect(stratum.sampled).toBe(sampled[stratum.language][stratum.level])
    expect(strata.reduce((sum, { population }) => sum + population, 0)).toBe(796)
  })

  it('takes every item equally often: chi-square over 400 seeds', () => {
    const items = ITEMS.slice(0, 40)
    const counts = items.map(() => 0)
    for (let seed = 0; seed < 400; seed += 1) {
      for (const index of sampleItems(items, { ...simple, seed, sampleSize: 10 }).itemIndexes) {
        counts[index] = (counts[index] ?? 0) + 1
      }
    }
    // 100 expected each; without replacement the variance is 75. 39 degrees of freedom, 99.9%: 72.1.
    expect(counts.reduce((sum, count) => sum + (count - 100) ** 2 / 75, 0)).toBeLessThan(72.1)
  })

  it('begins a larger sample of the same seed with the smaller one', () => {
    const small = ids(ITEMS, { ...simple, sampleSize: 50 })
    expect(ids(ITEMS, { ...simple, sampleSize: 200 }).slice(0, 50)).toEqual(small)
  })

  it('does not depend on the order of the rows', () => {
    const selection = { ...simple, sampleSize: 100 }
    expect(ids([...ITEMS].reverse(), selection)).toEqual(ids(ITEMS, selection))
  })

  it('keeps to the languages and levels chosen', () => {
    const { itemIndexes } = sampleItems(ITEMS, { ...simple, languages: ['zh'], levels: [3] })
    expect(itemIndexes).toHaveLength(21)
  })

  it('pins one sample for good', () => {
    expect(ids(ITEMS, { ...simple, sampleSize: 5, seed: 20261121 })).toMatchInlineSnapshot(`
      [
        "item-00141",
        "item-00526",
        "item-00417",
        "item-00286",
        "item-00184",
      ]
    `)
  })
})

describe('sampleItems, equal', () => {
  it('asks equal numbers of each cell, as planned', () => {
    const selection: Selection = { ...ALL, design: 'equal', sampleSize: 70 }
    const { strata, itemIndexes } = sampleItems(ITEMS, selection)
    expect(strata).toEqual(planStrata(countItems(ITEMS), selection))
    expect(strata.map(({ sampled }) => sampled)).toEqual([11, 10, 10, 10, 10, 10, 9])
    expect(itemIndexes).toHaveLength(70)
    expect(strata.find(({ level }) => level === 'unlabelled')?.sampled).toBe(9)
  })
})

describe('sampleItems', () => {
  it('asks every selected item once when no size is given', () => {
    const { itemIndexes } = sampleItems(ITEMS, ALL)
    expect([...itemIndexes].sort((a, b) => a - b)).toEqual(ITEMS.map((_, index) => index))
  })

  it('keeps to the languages and levels chosen', () => {
    const { itemIndexes } = sampleItems(ITEMS, { ...ALL, languages: ['zh'], levels: [3, 'unlabelled'] })
    expect(itemIndexes).toHaveLength(30)
    expect(itemIndexes.every((index) => ITEMS[index]?.language === 'zh')).toBe(true)
    expect(new Set(itemIndexes.map((index) => ITEMS[index]?.level))).toEqual(new Set([3, null]))
  })

  it('samples each stratum as the plan says', () => {
    const selection = { ...ALL, sampleSize: 100 }
    const { strata, itemIndexes } = sampleItems(ITEMS, selection)
    expect(strata).toEqual(planStrata(countItems(ITEMS), selection))
    const sampled = countItems(itemIndexes.map((index) => ITEMS[index]!))
    for (const stratum of strata) expect(sampled[stratum.language][stratum.level]).toBe(stratum.sampled)
  })

  it('gives the same items in the same order for the same seed, others for another', () => {
    const selection = { ...ALL, sampleSize: 100 }
    expect(ids(ITEMS, selection)).toEqual(ids(ITEMS, selection))
    expect(ids(ITEMS, { ...selection, seed: 2 })).not.toEqual(ids(ITEMS, selection))
  })

  it('does not depend on the order of the rows or of the choices in the interface', () => {
    const selection = { ...ALL, sampleSize: 100 }
    const reversed = [...ITEMS].reverse()
    expect(ids(reversed, selection)).toEqual(ids(ITEMS, selection))
    const clickedOtherwise: Selection = {
      ...selection,
      languages: ['zh', 'en'],
      levels: ['unlabelled', 3, 1, 2],
    }
    expect(ids(ITEMS, clickedOtherwise)).toEqual(ids(ITEMS, selection))
  })

  it('keeps its sample of a stratum when another stratum is left out', () => {
    const english = ids(ITEMS, { ...ALL, languages: ['en'], levels: [3], sampleSize: 10 })
    const both = ids(ITEMS, { ...ALL, languages: ['en', 'zh'], levels: [3], sampleSize: 20 })
    const englishOfBoth = both.filter((id) => ITEMS.find((item) => item.id === id)?.language === 'en')
    expect(englishOfBoth.filter((id) => english.includes(id))).toHaveLength(10)
  })

  it('mixes languages and levels, so that a run stopped early is a fair sample', () => {
    const { itemIndexes } = sampleItems(ITEMS, ALL)
    const firstHalf = itemIndexes.slice(0, 398).map((index) => ITEMS[index]!)
    const english = firstHalf.filter((item) => item.language === 'en').length
    // 435 of 796 are English: 217.5 expected among 398, standard deviation 7.0.
    expect(Math.abs(english - 217.5)).toBeLessThan(28)
  })

  it('gives an empty sample for an empty selection', () => {
    expect(sampleItems(ITEMS, { ...ALL, languages: [] })).toEqual({ strata: [], itemIndexes: [] })
  })

  it('pins one sample for good: a change here changes every published seed', () => {
    expect(ids(ITEMS, { ...ALL, sampleSize: 5, seed: 20261121, design: 'proportional' }))
      .toMatchInlineSnapshot(`
      [
        "item-00685",
        "item-00318",
        "item-00147",
        "item-00496",
        "item-00241",
      ]
    `)
  })
})
