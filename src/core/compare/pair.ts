/** Two runs on their common items. */
import type { RunPlan } from '../run/types'
import { proportion, type Proportion } from '../score/accuracy-table'
import { groupTable, type GroupTable } from '../score/group-table'
import { randomFloor } from '../score/random-floor'
import type { Scoring } from '../score/verdict'
import type { Interval } from '../score/wilson'
import { mcNemarTest, type McNemarTest } from '../stats/mcnemar'
import { pairedDifferenceInterval } from '../stats/paired-difference'
import { detectableDifference, itemsForHalfWidth, itemsToDetect } from '../stats/paired-power'
import type { ItemTable } from './item-table'
import {
  addTallies,
  countPair,
  emptyTally,
  tallySize,
  type PairTally,
  type RefusedItems,
} from './pair-counts'
import { sharedStems, type SharedStems } from './shared-stems'
import { wholeEstimate, type WholeEstimate } from './whole-estimate'

/** Two runs on some of their common items. */
export interface PairedGroup extends Omit<PairTally, 'optionCounts'> {
  n: number
  first: Proportion
  second: Proportion
  /** Accuracy of the first run minus that of the second; null without common items. */
  difference: number | null
  /** 95% interval of the difference. */
  interval: Interval
  test: McNemarTest
  /** Expected accuracy of choosing at random; null without common items. */
  randomFloor: number | null
}

/** What the number of common items can tell, from the share of items on which the runs differ. */
export interface PairPower {
  /** Smallest difference found with a chance of 80%; null when none is. */
  detectable: number | null
  /** Items that would find a difference of the observed size with a chance of 80%; null for no difference. */
  itemsToDetect: number | null
  /** Items for an interval of `HALF_WIDTH` to each side. */
  itemsForHalfWidth: number
}

/** The precision that AnesBench's totals are usually quoted with: 3 points. */
export const HALF_WIDTH = 0.03

export interface PairComparison {
  /** Indexes of the runs. */
  first: number
  second: number
  groups: GroupTable<PairedGroup>
  refused: RefusedItems
  /** Null when no two common items share a stem. */
  sharedStems: SharedStems | null
  whole: WholeEstimate
  power: PairPower
}

type ComparedPlan = Pick<RunPlan, 'strata' | 'dataset'>

/** Compares the runs with the indexes of `pair`, each judged by its own scoring, in steps. */
export function* comparePair(
  table: ItemTable,
  plans: readonly ComparedPlan[],
  pair: readonly [number, number],
  scorings: readonly [Scoring, Scoring],
): Generator<undefined, PairComparison> {
  const [first, second] = pair
  const { cells, stems, refused } = yield* countPair(table, pair, scorings)
  const groups = groupTable(cells, {
    empty: emptyTally,
    add: addTallies,
    isEmpty: (tally) => tallySize(tally) === 0,
    group: pairedGroup,
  })
  const { total } = groups
  return {
    first,
    second,
    groups,
    refused,
    sharedStems: sharedStems(stems, total),
    whole: wholeEstimate(cells, plans[first], plans[second]),
    power: pairPower(total),
  }
}

function pairedGroup(tally: PairTally): PairedGroup {
  const { bothRight, onlyFirst, onlySecond, bothWrong, optionCounts } = tally
  const n = tallySize(tally)
  return {
    bothRight,
    onlyFirst,
    onlySecond,
    bothWrong,
    n,
    first: proportion(bothRight + onlyFirst, n),
    second: proportion(bothRight + onlySecond, n),
    difference: n === 0 ? null : (onlyFirst - onlySecond) / n,
    interval: pairedDifferenceInterval({ n, onlyFirst, onlySecond }),
    test: mcNemarTest(onlyFirst, onlySecond),
    randomFloor: randomFloor(optionCounts),
  }
}

function pairPower({ n, onlyFirst, onlySecond, difference }: PairedGroup): PairPower {
  const discordance = n === 0 ? 0 : (onlyFirst + onlySecond) / n
  return {
    detectable: detectableDifference(n, discordance),
    itemsToDetect: itemsToDetect(difference ?? 0, discordance),
    itemsForHalfWidth: itemsForHalfWidth(discordance - (difference ?? 0) ** 2, HALF_WIDTH),
  }
}
