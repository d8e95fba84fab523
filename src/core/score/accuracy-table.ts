/** Accuracies of a run by level and language, in both scorings, with their uncertainty. */
import type { ItemLanguage } from '../prompt/anesbench'
import { LANGUAGE_ORDER, LEVEL_ORDER } from '../run/sample'
import type { LevelChoice } from '../run/types'
import { SCORINGS, scoringsDisagree, verdict, type ScoredAnswer, type Scoring } from './verdict'
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

/** A group of answers scored both ways. */
export interface ScoredGroup extends Record<Scoring, Score> {
  n: number
  /** Expected accuracy of choosing at random: the mean of 1 / number of options; null without answers. */
  randomFloor: number | null
  /** Answers for which the two scorings read different letters, or only one reads a letter. */
  disagreements: number
}

export interface AccuracyTable {
  /** Groups that hold answers, by language and then by level. */
  cells: { language: ItemLanguage; level: LevelChoice; group: ScoredGroup }[]
  byLanguage: { language: ItemLanguage; group: ScoredGroup }[]
  byLevel: { level: LevelChoice; group: ScoredGroup }[]
  total: ScoredGroup
}

export function levelChoice(answer: Pick<ScoredAnswer, 'item'>): LevelChoice {
  return answer.item.level ?? 'unlabelled'
}

/** Scores answers in any order; the order changes nothing in the table. */
export function accuracyTable(answers: readonly ScoredAnswer[]): AccuracyTable {
  const cells = LANGUAGE_ORDER.flatMap((language) =>
    LEVEL_ORDER.map((level) => ({ language, level, tally: emptyTally() })),
  )
  for (const answer of answers) {
    const level = levelChoice(answer)
    const cell = cells.find((one) => one.language === answer.item.language && one.level === level)
    if (cell) count(cell.tally, answer)
  }
  const filled = cells.filter(({ tally }) => tally.n > 0)
  const pooled = (part: typeof filled) =>
    scoredGroup(part.map(({ tally }) => tally).reduce(add, emptyTally()))
  return {
    cells: filled.map(({ language, level, tally }) => ({ language, level, group: scoredGroup(tally) })),
    byLanguage: LANGUAGE_ORDER.map((language) => ({
      language,
      group: pooled(filled.filter((cell) => cell.language === language)),
    })).filter(({ group }) => group.n > 0),
    byLevel: LEVEL_ORDER.map((level) => ({
      level,
      group: pooled(filled.filter((cell) => cell.level === level)),
    })).filter(({ group }) => group.n > 0),
    total: pooled(filled),
  }
}

/** Whole counts only, so that no order of answers or cells can change a sum. */
interface Tally {
  n: number
  correct: Record<Scoring, number>
  unparsed: Record<Scoring, number>
  disagreements: number
  /** Number of answers by number of options. */
  optionCounts: Map<number, number>
}

function emptyTally(): Tally {
  return {
    n: 0,
    correct: { official: 0, strict: 0 },
    unparsed: { official: 0, strict: 0 },
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
  const options = answer.item.options.length
  tally.optionCounts.set(options, (tally.optionCounts.get(options) ?? 0) + 1)
}

function add(left: Tally, right: Tally): Tally {
  const optionCounts = new Map(left.optionCounts)
  for (const [options, items] of right.optionCounts) {
    optionCounts.set(options, (optionCounts.get(options) ?? 0) + items)
  }
  const sum = (of: (tally: Tally) => Record<Scoring, number>): Record<Scoring, number> => ({
    official: of(left).official + of(right).official,
    strict: of(left).strict + of(right).strict,
  })
  return {
    n: left.n + right.n,
    correct: sum((tally) => tally.correct),
    unparsed: sum((tally) => tally.unparsed),
    disagreements: left.disagreements + right.disagreements,
    optionCounts,
  }
}

function scoredGroup(tally: Tally): ScoredGroup {
  return {
    n: tally.n,
    randomFloor: tally.n === 0 ? null : randomExpectation(tally.optionCounts) / tally.n,
    disagreements: tally.disagreements,
    official: score(tally, 'official'),
    strict: score(tally, 'strict'),
  }
}

export function proportion(correct: number, n: number): Proportion {
  return { n, correct, accuracy: n === 0 ? null : correct / n, interval: wilsonInterval(correct, n) }
}

function score(tally: Tally, scoring: Scoring): Score {
  return { ...proportion(tally.correct[scoring], tally.n), unparsed: tally.unparsed[scoring] }
}

/** Expected number right by chance; summed in order of the option count, since float sums depend on order. */
function randomExpectation(optionCounts: ReadonlyMap<number, number>): number {
  return [...optionCounts]
    .sort(([left], [right]) => left - right)
    .reduce((sum, [k, items]) => sum + items / k, 0)
}
