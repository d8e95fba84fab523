/** What a running benchmark shows of itself, from its summary alone. */
import {
  msPerAnswer,
  NOTHING_COUNTED,
  sumCounts,
  type RunSummary,
  type Tally,
  type TallyCounts,
} from './summary'
import type { Sample } from '../strategy/types'
import { LEVEL_ORDER } from './sample'
import type { LevelChoice } from './types'

const MS_PER_MINUTE = 60_000

/** All tallies that `keep` lets through, added up. */
export function sumTallies(run: RunSummary, keep: (tally: Tally) => boolean = () => true): TallyCounts {
  return run.tallies.filter(keep).reduce<TallyCounts>(sumCounts, NOTHING_COUNTED)
}

/** The levels answered so far, in canonical order, both languages together. */
export function levelTallies(run: RunSummary): { level: LevelChoice; counts: TallyCounts }[] {
  return LEVEL_ORDER.map((level) => ({
    level,
    counts: sumTallies(run, (tally) => tally.level === level),
  })).filter(({ counts }) => counts.answered > 0)
}

/** Mean decoding speed over all answers in tokens per second; null before the first measurable reply. */
export function tokensPerSecond(run: RunSummary): number | null {
  return run.decodedTokens > 0 && run.decodeMs > 0 ? (run.decodedTokens / run.decodeMs) * 1000 : null
}

/** What time tells of a sample. */
type TimedSample = Pick<Sample, 'timeToFirstTokenMs' | 'decodeMs' | 'scores'>

/**
 * What is left at the mean pace of the answers so far, at most what is left of the run's minutes, in ms; null before
 * the first answer. A run that ends by its precision may end sooner.
 *
 * @param open samples that the question under way has already: their time is behind, though they are no answer yet
 */
export function remainingMs(run: RunSummary, open: readonly TimedSample[] = []): number | null {
  if (run.answered === 0) return null
  const perAnswer = msPerAnswer(run)
  const behind = Math.min(perAnswer, sampledMs(open))
  return Math.min(budgetLeftMs(run, open), perAnswer * (run.total - run.answered) - behind)
}

/**
 * Before the first answer, what is left at the mean pace of the samples so far if every question takes all of its
 * samples, in ms; null where there is nothing to go by.
 */
export function mostRemainingMs(run: RunSummary, open: readonly TimedSample[]): number | null {
  const { strategy } = run.plan
  if (!strategy || run.answered > 0 || open.length === 0) return null
  const perSample = sampledMs(open) / open.length
  return Math.min(budgetLeftMs(run, open), perSample * (strategy.samples * run.total - open.length))
}

function sampledMs(samples: readonly TimedSample[]): number {
  return samples.reduce(
    (sum, { timeToFirstTokenMs, decodeMs, scores }) =>
      sum + timeToFirstTokenMs + decodeMs + (scores?.elapsedMs ?? 0),
    0,
  )
}

function budgetLeftMs(run: RunSummary, open: readonly TimedSample[]): number {
  const { minutes } = run.plan.budget
  if (minutes === null) return Infinity
  return Math.max(0, minutes * MS_PER_MINUTE - run.answeringMs - sampledMs(open))
}
