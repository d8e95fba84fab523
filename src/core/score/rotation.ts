/** Whether answers follow the content of the options or their letters. */
import { optionLetter } from '../prompt/question'
import { isRotatable } from '../run/rotate'
import type { Answer } from '../run/types'
import { mcNemarTest, type McNemarTest } from '../stats/mcnemar'
import { pairedDifferenceInterval } from '../stats/paired-difference'
import { proportion, type Proportion } from './accuracy-table'
import { share, type Share } from './share'
import { chosenLetter, verdict, type ScoredAnswer, type Scoring } from './verdict'
import type { Interval } from './wilson'

type PlacedAnswer = ScoredAnswer & Pick<Answer, 'position' | 'rotation'>

/** An item answered as the dataset has it, and again with its options moved on. */
export interface RotatedPair {
  plain: PlacedAnswer
  rotated: PlacedAnswer
}

/** What the second answer named: the option of the first, wherever it went, or its letter, or something else. */
export type Followed = 'content' | 'letter' | 'neither'

export interface RotationEffect extends Record<Followed, Share> {
  pairs: number
  /** Of `neither`, the pairs in which an answer has no letter. */
  unread: number
  /** Accuracies on the same items. */
  plain: Proportion
  rotated: Proportion
  /** Rotated minus plain, with Tango's 95% interval; null without pairs. */
  difference: number | null
  differenceInterval: Interval
  test: McNemarTest
}

/** Pairs looked at between two steps: about a millisecond. */
const STEP_PAIRS = 1000

/** A rotated question directly follows its plain one; what was not answered both ways is left out. In steps. */
export function* pairSteps(
  plain: readonly PlacedAnswer[],
  rotated: readonly PlacedAnswer[],
): Generator<undefined, RotatedPair[]> {
  const byPosition = new Map<number, PlacedAnswer>()
  for (const [index, answer] of plain.entries()) {
    if (index % STEP_PAIRS === 0) yield
    byPosition.set(answer.position, answer)
  }
  const pairs: RotatedPair[] = []
  for (const [index, answer] of rotated.entries()) {
    if (index % STEP_PAIRS === 0) yield
    const first = byPosition.get(answer.position - 1)
    if (first && first.item.id === answer.item.id) pairs.push({ plain: first, rotated: answer })
  }
  return pairs
}

/**
 * What the second answer of a pair followed. The option at index i stands at i + k, counted round, after a rotation by
 * k places, so one answer never follows both.
 */
export function followed({ plain, rotated }: RotatedPair, scoring: Scoring): Followed {
  const first = letterIndex(plain, scoring)
  const second = letterIndex(rotated, scoring)
  if (first === null || second === null) return 'neither'
  if (second === (first + rotated.rotation) % rotated.item.options.length) return 'content'
  return second === first ? 'letter' : 'neither'
}

/**
 * Counts over all pairs, in steps. Rotating options to find position bias is after P. Pezeshkpour and E. Hruschka, "Large Language
 * Models Sensitivity to the Order of Options in Multiple-Choice Questions", Findings of NAACL 2024, arXiv:2308.11483,
 * and C. Zheng et al., "Large Language Models Are Not Robust Multiple Choice Selectors", ICLR 2024, arXiv:2309.03882.
 */
export function* effectSteps(
  pairs: readonly RotatedPair[],
  scoring: Scoring,
): Generator<undefined, RotationEffect> {
  const n = pairs.length
  const counts: Record<Followed, number> = { content: 0, letter: 0, neither: 0 }
  let unread = 0
  let plainRight = 0
  let rotatedRight = 0
  let bothRight = 0
  for (const [index, pair] of pairs.entries()) {
    if (index % STEP_PAIRS === 0) yield
    counts[followed(pair, scoring)] += 1
    if (letterIndex(pair.plain, scoring) === null || letterIndex(pair.rotated, scoring) === null) unread += 1
    const first = verdict(pair.plain, scoring) === 'right'
    const second = verdict(pair.rotated, scoring) === 'right'
    plainRight += Number(first)
    rotatedRight += Number(second)
    bothRight += Number(first && second)
  }
  const onlyRotated = rotatedRight - bothRight
  const onlyPlain = plainRight - bothRight
  return {
    pairs: n,
    content: share(counts.content, n),
    letter: share(counts.letter, n),
    neither: share(counts.neither, n),
    unread,
    plain: proportion(plainRight, n),
    rotated: proportion(rotatedRight, n),
    difference: n === 0 ? null : (onlyRotated - onlyPlain) / n,
    differenceInterval: pairedDifferenceInterval({ n, onlyFirst: onlyRotated, onlySecond: onlyPlain }),
    test: mcNemarTest(onlyRotated, onlyPlain),
  }
}

/** Items looked at between two steps: about a millisecond. */
const STEP_ITEMS = 100

/**
 * How many of the answered items could not be rotated, as their options refer to each other; in steps. Null where the
 * texts of some were withheld.
 */
export function* unrotatableSteps(
  answers: readonly Pick<Answer, 'item'>[],
): Generator<undefined, number | null> {
  let count = 0
  for (const [index, { item }] of answers.entries()) {
    if (index % STEP_ITEMS === 0) yield
    if (item.withheld !== undefined) return null
    if (!isRotatable(item)) count += 1
  }
  return count
}

/** Null also for a letter that no option has: the official reading may give one. */
function letterIndex(answer: PlacedAnswer, scoring: Scoring): number | null {
  const letter = chosenLetter(answer, scoring)
  if (letter === null) return null
  const index = answer.item.options.findIndex((_, at) => optionLetter(at) === letter)
  return index < 0 ? null : index
}
