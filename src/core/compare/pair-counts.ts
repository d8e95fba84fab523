/** Whole counts of one pair of runs: everything that its statistics need, whatever the order of the items. */
import { emptyCells } from '../score/group-table'
import { addCounts, countOptions, type OptionCounts } from '../score/random-floor'
import { verdict, type Scoring } from '../score/verdict'
import type { Cluster } from '../stats/clustered'
import { contentDifference, type ComparedItem, type ContentDifference, type ItemTable } from './item-table'

/** Common items by which of the two runs got them right. */
export interface PairTally {
  bothRight: number
  onlyFirst: number
  onlySecond: number
  bothWrong: number
  optionCounts: OptionCounts
}

/** Items of one id that both runs answered under different content; they are not compared. */
export type RefusedItems = Record<ContentDifference, number>

export interface PairCounts {
  /** By language × level, in the order of `cellIndex`. */
  cells: PairTally[]
  /** The difference right minus right, summed over the common items that share a stem. */
  stems: Cluster[]
  refused: RefusedItems
}

export function emptyTally(): PairTally {
  return { bothRight: 0, onlyFirst: 0, onlySecond: 0, bothWrong: 0, optionCounts: new Map() }
}

export function addTallies(left: PairTally, right: PairTally): PairTally {
  return {
    bothRight: left.bothRight + right.bothRight,
    onlyFirst: left.onlyFirst + right.onlyFirst,
    onlySecond: left.onlySecond + right.onlySecond,
    bothWrong: left.bothWrong + right.bothWrong,
    optionCounts: addCounts(left.optionCounts, right.optionCounts),
  }
}

export function tallySize(tally: PairTally): number {
  return tally.bothRight + tally.onlyFirst + tally.onlySecond + tally.bothWrong
}

/** Items counted between two steps: about a millisecond. */
export const STEP_ITEMS = 2000

/** Counts the runs with the indexes `first` and `second`, each judged by its own scoring, in steps. */
export function* countPair(
  table: ItemTable,
  [first, second]: readonly [number, number],
  scorings: readonly [Scoring, Scoring],
): Generator<undefined, PairCounts> {
  const cells = emptyCells(emptyTally)
  const sizes = new Int32Array(table.stemCount)
  const sums = new Int32Array(table.stemCount)
  const refused: RefusedItems = { text: 0, key: 0, level: 0 }
  for (const [index, compared] of table.items.entries()) {
    if (index % STEP_ITEMS === 0) yield
    const left = compared.answers[first]
    if (!left) continue
    const right = compared.answers[second]
    if (!right) {
      const difference = refusal(compared, second)
      if (difference) refused[difference] += 1
      continue
    }
    const tally = cells[compared.cell]
    if (!tally) continue
    const rightBy = [verdict(left, scorings[0]) === 'right', verdict(right, scorings[1]) === 'right'] as const
    tally[outcome(...rightBy)] += 1
    countOptions(tally.optionCounts, compared.item.options.length)
    sizes[compared.stem] = (sizes[compared.stem] ?? 0) + 1
    sums[compared.stem] = (sums[compared.stem] ?? 0) + Number(rightBy[0]) - Number(rightBy[1])
  }
  const stems: Cluster[] = []
  sizes.forEach((n, stem) => {
    if (n > 0) stems.push({ n, sum: sums[stem] ?? 0 })
  })
  return { cells, stems, refused }
}

function outcome(first: boolean, second: boolean): Exclude<keyof PairTally, 'optionCounts'> {
  if (first) return second ? 'bothRight' : 'onlyFirst'
  return second ? 'onlySecond' : 'bothWrong'
}

/** How the item that the run was asked under the same id differs, or null when it was asked none. */
function refusal({ item, namesakes }: ComparedItem, run: number): ContentDifference | null {
  const other = namesakes.find((namesake) => namesake.answers[run] !== undefined)
  return other ? contentDifference(item, other.item) : null
}
