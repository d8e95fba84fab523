/** Two or more runs side by side. */
import { proportion, type Proportion } from '../score/accuracy-table'
import { emptyCells, groupTable, type GroupTable } from '../score/group-table'
import { addCounts, countOptions, randomFloor, type OptionCounts } from '../score/random-floor'
import { scoringFor, verdict, type Scoring } from '../score/verdict'
import { holmAdjusted } from '../stats/holm'
import { confounders, type Condition, type RunConditions } from './conditions'
import type { ItemTable } from './item-table'
import { comparePair, type PairComparison } from './pair'
import { STEP_ITEMS } from './pair-counts'

/** Rejections below this are called decisive. */
export const SIGNIFICANCE_LEVEL = 0.05

/** Six shapes stay apart in a picture, and six runs make 15 pairs. */
export const MOST_RUNS = 6

/** Which of two runs is better, or that the items do not tell. */
export type PairOutcome = 'first' | 'second' | 'not-decisive' | 'no-common-items'

export interface ComparedPair extends PairComparison {
  /** Exact McNemar p value, adjusted by Holm for the number of pairs. */
  holm: number
  outcome: PairOutcome
  /** What differs between the two besides their models. */
  confounders: Condition[]
}

/** The runs on the items that all of them answered. */
export interface SharedGroup {
  n: number
  /** By run. */
  accuracies: Proportion[]
  randomFloor: number | null
}

export interface Comparison {
  /** By run: the scoring that it is judged by, which is its primary one where it lacks the one asked for. */
  scorings: Scoring[]
  shared: GroupTable<SharedGroup>
  /** Every two runs: 0 and 1, 0 and 2, … */
  pairs: ComparedPair[]
}

/**
 * Compares all `runs`, whose answers are in `table` under their indexes, by `scoring` where a run has it. Yields every millisecond or
 * so, so that many answers can be compared without holding up the page.
 */
export function* comparisonSteps(
  table: ItemTable,
  runs: readonly RunConditions[],
  scoring: Scoring,
): Generator<undefined, Comparison> {
  const plans = runs.map((run) => run.plan)
  const scorings = plans.map(({ protocol }) => scoringFor(protocol, scoring))
  const scoringOf = (run: number) => scorings[run] ?? scoring
  const compared: PairComparison[] = []
  for (const pair of pairIndexes(runs.length)) {
    compared.push(yield* comparePair(table, plans, pair, [scoringOf(pair[0]), scoringOf(pair[1])]))
  }
  // Pairs without common items test nothing, so they do not count among the tests.
  const tested = compared.filter((pair) => pair.groups.total.n > 0)
  const adjusted = holmAdjusted(tested.map((pair) => pair.groups.total.test.exact))
  const pairs = compared.map((pair): ComparedPair => {
    const holm = adjusted[tested.indexOf(pair)] ?? 1
    return {
      ...pair,
      holm,
      outcome: pairOutcome(pair, holm),
      confounders: confoundersOf(runs[pair.first], runs[pair.second]),
    }
  })
  return { scorings, shared: yield* sharedGroups(table, scorings), pairs }
}

/** Every two of `count` runs, the earlier one first. */
export function pairIndexes(count: number): [number, number][] {
  const indexes = Array.from({ length: count }, (_, index) => index)
  return indexes.flatMap((first) =>
    indexes.slice(first + 1).map((second): [number, number] => [first, second]),
  )
}

function pairOutcome({ groups: { total } }: PairComparison, holm: number): PairOutcome {
  if (total.n === 0) return 'no-common-items'
  if (holm >= SIGNIFICANCE_LEVEL) return 'not-decisive'
  return total.onlyFirst > total.onlySecond ? 'first' : 'second'
}

function confoundersOf(first: RunConditions | undefined, second: RunConditions | undefined): Condition[] {
  return first && second ? confounders(first, second) : []
}

interface SharedTally {
  n: number
  correct: number[]
  optionCounts: OptionCounts
}

function* sharedGroups(
  table: ItemTable,
  scorings: readonly Scoring[],
): Generator<undefined, GroupTable<SharedGroup>> {
  const empty = (): SharedTally => ({ n: 0, correct: scorings.map(() => 0), optionCounts: new Map() })
  const cells = emptyCells(empty)
  for (const [index, { item, cell, answers }] of table.items.entries()) {
    if (index % STEP_ITEMS === 0) yield
    const tally = cells[cell]
    if (!tally || answers.includes(undefined)) continue
    tally.n += 1
    countOptions(tally.optionCounts, item.options.length)
    answers.forEach((answer, run) => {
      const scoring = scorings[run]
      if (!answer || !scoring || verdict(answer, scoring) !== 'right') return
      tally.correct[run] = (tally.correct[run] ?? 0) + 1
    })
  }
  return groupTable(cells, {
    empty,
    add: (left, right) => ({
      n: left.n + right.n,
      correct: left.correct.map((count, run) => count + (right.correct[run] ?? 0)),
      optionCounts: addCounts(left.optionCounts, right.optionCounts),
    }),
    isEmpty: ({ n }) => n === 0,
    group: ({ n, correct, optionCounts }) => ({
      n,
      accuracies: correct.map((count) => proportion(count, n)),
      randomFloor: randomFloor(optionCounts),
    }),
  })
}
