/** When a run has done enough: its budget of time, or of precision. */
import { scoringsOf } from '../score/verdict'
import type { Interval } from '../score/wilson'
import { confidenceSequence, halfWidth } from '../stats/confidence-sequence'
import { sumTallies } from './progress'
import type { RunSummary } from './summary'
import type { StopReason, Stratum } from './types'

const MS_PER_MINUTE = 60_000

/** Items of the cells that a run's selection draws from. */
export function populationOf({ strata }: { strata: readonly Stratum[] }): number {
  return strata.reduce((sum, { population }) => sum + population, 0)
}

/** The confidence sequence of a run now, and what it is about. */
export interface RunSequence {
  /** 95%, as fractions of 1. */
  interval: Interval
  /** Half of the interval's width. */
  halfWidth: number
  correct: number
  answered: number
  /** All items of the selection. */
  population: number
}

/**
 * The confidence sequence of the accuracy in the run's primary scoring over all items of its selection. Null unless
 * the design is `simple`: it needs a simple random sample in random order, which a stratified one is not. Null also
 * where more was answered than the selection has, as a run from a file may say.
 */
export function runSequence(run: RunSummary): RunSequence | null {
  const { plan } = run
  if (plan.selection.design !== 'simple') return null
  const { answered, correct } = sumTallies(run)
  const right = correct[scoringsOf(plan.protocol)[0]]
  const population = populationOf(plan)
  if (answered > population) return null
  const interval = confidenceSequence(right, answered, population)
  return { interval, halfWidth: halfWidth(interval), correct: right, answered, population }
}

/**
 * Why the run should stop now by its own plan, or null. Asked after each answer that is stored; the answer under way
 * when the time runs out is finished and counts, as dropping it would favour items with short replies.
 */
export function dueStop(run: RunSummary): StopReason | null {
  const { minutes, halfWidth: target } = run.plan.budget
  if (target !== null) {
    const sequence = runSequence(run)
    if (sequence && sequence.halfWidth <= target) return 'precision'
  }
  if (minutes !== null && run.answeringMs >= minutes * MS_PER_MINUTE) return 'minutes'
  return null
}
