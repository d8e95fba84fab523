/** What several ways of reading a prompt come to. */
import { COLD_REASONS, type ColdReason, type PromptReading } from './types'

/**
 * Several readings as one, in order: what any of them reused was reused, the gravest of their reasons is told, and a
 * comparison speaks for all before it. Undefined where one of them is not known, or none is there.
 */
export function allReadings(readings: readonly (PromptReading | undefined)[]): PromptReading | undefined {
  const known = readings.filter((reading) => reading !== undefined)
  const [first] = known
  if (!first || known.length < readings.length) return undefined
  if (known.length === 1) return first
  const told = {
    tokensFed: sum(known, 'tokensFed'),
    tokensReused: sum(known, 'tokensReused'),
  }
  const path = (['reused', 'stepwise'] as const).find((one) => known.some((reading) => reading.path === one))
  const reason = COLD_REASONS.find((one) => known.some((reading) => reading.reason === one))
  const compared = known.some((reading) => reading.compared) || undefined
  // One that is of several itself may have been compared and wait again.
  const lastCompared = known.findLastIndex((reading) => reading.compared)
  const waits = known.some(({ awaitsComparison }, index) => awaitsComparison && index >= lastCompared)
  return {
    path: path ?? 'cold',
    ...told,
    ...(reason && { reason }),
    ...(compared && { compared }),
    ...(waits && { awaitsComparison: true as const }),
  }
}

/** A prompt of so many tokens, and how it was read. */
export interface ReadPrompt {
  reading: PromptReading
  promptTokens: number
}

/** How the prompts of many answers were read. */
export interface ReadingTotals {
  /** Prompts whose way into the cache is known. */
  prompts: number
  promptTokens: number
  tokensReused: number
  /** Prompts whose beginning was reused. */
  reused: number
  /** Prompts that were read one token after another. */
  stepwise: number
  /** Prompts of which nothing was reused although it might have been, by reason; most first. */
  cold: { reason: ColdReason; prompts: number }[]
  /** Prompts that were read in both ways, with the same numbers. */
  compared: number
  /** Whether a comparison failed, so that nothing was reused from then on. */
  checkFailed: boolean
}

/** Null where nothing is known of any of them. */
export function readingTotals(prompts: readonly ReadPrompt[]): ReadingTotals | null {
  if (prompts.length === 0) return null
  const readings = prompts.map(({ reading }) => reading)
  const byReason = new Map<ColdReason, number>()
  for (const { reason, path } of readings)
    if (reason && path !== 'reused') byReason.set(reason, (byReason.get(reason) ?? 0) + 1)
  return {
    prompts: readings.length,
    promptTokens: prompts.reduce((total, { promptTokens }) => total + promptTokens, 0),
    tokensReused: sum(readings, 'tokensReused'),
    reused: readings.filter(({ path }) => path === 'reused').length,
    stepwise: readings.filter(({ path }) => path === 'stepwise').length,
    cold: [...byReason]
      .map(([reason, count]) => ({ reason, prompts: count }))
      .sort((left, right) => right.prompts - left.prompts),
    compared: readings.filter(({ compared }) => compared).length,
    checkFailed: readings.some(({ reason }) => reason === 'check-failed'),
  }
}

function sum(readings: readonly PromptReading[], member: 'tokensFed' | 'tokensReused'): number {
  return readings.reduce((total, reading) => total + reading[member], 0)
}
