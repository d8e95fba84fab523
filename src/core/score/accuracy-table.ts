/** Accuracies of a run by level and language, in every scoring, with their uncertainty. */
import type { Tally as SummaryTally } from '../run/summary'
import type { LevelChoice } from '../run/types'
import { cellIndex, emptyCells, groupTable, type GroupTable } from './group-table'
import { addCounts, countOptions, randomFloor, type OptionCounts } from './random-floor'
import {
  byScoring,
  SCORINGS,
  scoringsDisagree,
  verdict,
  type ByScoring,
  type ScoredAnswer,
  type Scoring,
} from './verdict'
import { wilsonInterval, type Interval } from './wilson'

/** One accuracy: `correct` of `n`. */
export interface Proportion {
  n: number
  correct: number
  /** `correct / n`, or null when there are no answers. */
  accuracy: number | null
  /** Wilson 95% interval. */
  interval: Interval
}

/** The accuracy of one scoring: unparsed answers are counted in `n` and are not correct. */
export interface Score extends Proportion {
  /** Answers from which this scoring read no letter. */
  unparsed: number
}

/** A group of answers in every scoring. */
export interface ScoredGroup extends ByScoring<Score> {
  n: number
  /** Expected accuracy of choosing at random: the mean of 1 / number of options; null without answers. */
  randomFloor: number | null
  /** Answers for which the two scorings read different letters, or only one reads a letter. */
  disagreements: number
}

export type AccuracyTable = GroupTable<ScoredGroup>

export function levelChoice(answer: Pick<ScoredAnswer, 'item'>): LevelChoice {
  return answer.item.level ?? 'unlabelled'
}

/** Scores answers in any order; the order changes nothing in the table. */
export function accuracyTable(answers: readonly ScoredAnswer[]): AccuracyTable {
  const counted = new AccuracyCount()
  counted.add(answers)
  return counted.table()
}

/** The same for answers that come in parts. */
export class AccuracyCount {
  readonly #cells = emptyCells(emptyTally)

  add(answers: readonly ScoredAnswer[]): void {
    for (const answer of answers) {
      const tally = this.#cells[cellIndex(answer.item.language, levelChoice(answer))]
      if (tally) count(tally, answer)
    }
  }

  table(): AccuracyTable {
    return pooledTable(this.#cells)
  }
}

/**
 * The table from a run's summary, without any answer: all but the random floors, which are null, and the
 * disagreements, which are 0.
 */
export function accuracyOfTallies(tallies: readonly SummaryTally[]): AccuracyTable {
  const cells = emptyCells(emptyTally)
  for (const { language, level, answered, correct, unparsed } of tallies) {
    const at = cellIndex(language, level)
    cells[at] = { ...emptyTally(), n: answered, correct: { ...correct }, unparsed: { ...unparsed } }
  }
  return pooledTable(cells)
}

function pooledTable(cells: readonly Tally[]): AccuracyTable {
  return groupTable(cells, {
    empty: emptyTally,
    add,
    isEmpty: ({ n }) => n === 0,
    group: scoredGroup,
  })
}

/** Whole counts only, so that no order of answers or cells can change a sum. */
interface Tally {
  n: number
  correct: ByScoring<number>
  unparsed: ByScoring<number>
  disagreements: number
  optionCounts: OptionCounts
}

function emptyTally(): Tally {
  return {
    n: 0,
    correct: byScoring(() => 0),
    unparsed: byScoring(() => 0),
    disagreements: 0,
    optionCounts: new Map(),
  }
}

function count(tally: Tally, answer: ScoredAnswer): void {
  tally.n += 1
  for (const scoring of SCORINGS) {
    const outcome = verdict(answer, scoring)
    if (outcome === 'right') tally.correct[scoring] += 1
    if (outcome === 'unparsed') tally.unparsed[scoring] += 1
  }
  if (scoringsDisagree(answer)) tally.disagreements += 1
  countOptions(tally.optionCounts, answer.item.options.length)
}

function add(left: Tally, right: Tally): Tally {
  const sum = (of: (tally: Tally) => ByScoring<number>) =>
    byScoring((scoring) => of(left)[scoring] + of(right)[scoring])
  return {
    n: left.n + right.n,
    correct: sum((tally) => tally.correct),
    unparsed: sum((tally) => tally.unparsed),
    disagreements: left.disagreements + right.disagreements,
    optionCounts: addCounts(left.optionCounts, right.optionCounts),
  }
}

function scoredGroup(tally: Tally): ScoredGroup {
  return {
    n: tally.n,
    randomFloor: randomFloor(tally.optionCounts),
    disagreements: tally.disagreements,
    ...byScoring((scoring) => score(tally, scoring)),
  }
}

export function proportion(correct: number, n: number): Proportion {
  return { n, correct, accuracy: n === 0 ? null : correct / n, interval: wilsonInterval(correct, n) }
}

function score(tally: Tally, scoring: Scoring): Score {
  return { ...proportion(tally.correct[scoring], tally.n), unparsed: tally.unparsed[scoring] }
}
