/** How long replies are and how fast they came. */
import type { Answer } from '../run/types'

export type TimedAnswer = Pick<Answer, 'completionTokens' | 'decodeMs' | 'timeToFirstTokenMs' | 'finish'>

export interface SpeedSummary {
  /** Reply tokens (completion tokens, reasoning included); null without answers. */
  meanTokens: number | null
  medianTokens: number | null
  /**
   * Decoding speed over the whole run: all tokens after each reply's first, over all time spent on them.
   * Null when no reply has two tokens.
   */
  tokensPerSecond: number | null
  /** Median wait from request to first token, in ms; null without answers. */
  medianTimeToFirstTokenMs: number | null
  /** Replies that ended at the token limit, possibly before their answer. */
  truncated: number
}

/** Summarises replies in any order; the order changes nothing. */
export function speedSummary(answers: readonly TimedAnswer[]): SpeedSummary {
  const tokens = answers.map((answer) => answer.completionTokens)
  const decoded = answers.filter((answer) => answer.completionTokens > 1 && answer.decodeMs > 0)
  const decodeMs = orderedSum(decoded.map((answer) => answer.decodeMs))
  const decodedTokens = orderedSum(decoded.map((answer) => answer.completionTokens - 1))
  return {
    meanTokens: tokens.length === 0 ? null : orderedSum(tokens) / tokens.length,
    medianTokens: median(tokens),
    tokensPerSecond: decodeMs === 0 ? null : (decodedTokens / decodeMs) * 1000,
    medianTimeToFirstTokenMs: median(answers.map((answer) => answer.timeToFirstTokenMs)),
    truncated: answers.filter((answer) => answer.finish === 'length').length,
  }
}

/** Tokens per second of one reply, or null when it has fewer than two tokens. */
export function replyTokensPerSecond(answer: TimedAnswer): number | null {
  return speedSummary([answer]).tokensPerSecond
}

/** The middle value, or the mean of the two middle values; null for an empty list. */
export function median(values: readonly number[]): number | null {
  if (values.length === 0) return null
  const sorted = [...values].sort((left, right) => left - right)
  const middle = sorted.length / 2
  const upper = sorted[Math.floor(middle)] ?? Number.NaN
  const lower = sorted[Math.ceil(middle) - 1] ?? Number.NaN
  return (lower + upper) / 2
}

/** Float sums depend on the order of terms; summing in order of size makes them depend on the values only. */
function orderedSum(values: readonly number[]): number {
  return [...values].sort((left, right) => left - right).reduce((sum, value) => sum + value, 0)
}
