/** How long replies are, how fast they came, and what may have disturbed them. */
import { decodedTokens } from '../run/decoded-tokens'
import type { Answer } from '../run/types'
import { finish } from '../steps'

export type TimedAnswer = Pick<
  Answer,
  'completionTokens' | 'sampling' | 'decodeMs' | 'timeToFirstTokenMs' | 'finish' | 'hidden' | 'failure'
>

/** Tokens and timings are over the answers that have a reply, i.e. without those that could not be asked. */
export interface ReplySummary {
  /** Reply tokens of a question (completion tokens, reasoning included, all its replies); null without replies. */
  meanTokens: number | null
  medianTokens: number | null
  /**
   * Decoding speed over the whole run: all tokens after each reply's first, over all time spent on them.
   * Null when no reply has two tokens.
   */
  tokensPerSecond: number | null
  /** Median wait from request to first token, in ms; null without replies. */
  medianTimeToFirstTokenMs: number | null
  /** Replies that ended at the token limit, possibly before their answer. */
  truncated: number
  /** Items that could not be put to the model; they count as wrong. */
  notAsked: number
  /** Replies made while the page was in the background at some time, whose timings may be too slow. */
  inBackground: number
}

/** Summarises answers in any order; the order changes nothing. */
export function replySummary(answers: readonly TimedAnswer[]): ReplySummary {
  return finish(replySteps(answers))
}

/** The same in steps of some ms for 100,000 answers. */
export function* replySteps(answers: readonly TimedAnswer[]): Generator<undefined, ReplySummary> {
  const replies = answers.filter((answer) => answer.failure === null)
  yield
  const tokens = ordered(replies.map((answer) => answer.completionTokens))
  yield
  const decoded = replies.filter((answer) => decodedTokens(answer) > 0 && answer.decodeMs > 0)
  const decodeMs = sum(ordered(decoded.map((answer) => answer.decodeMs)))
  yield
  const tokensDecoded = sum(ordered(decoded.map(decodedTokens)))
  yield
  const waits = ordered(replies.map((answer) => answer.timeToFirstTokenMs))
  yield
  return {
    meanTokens: tokens.length === 0 ? null : sum(tokens) / tokens.length,
    medianTokens: middle(tokens),
    tokensPerSecond: decodeMs === 0 ? null : (tokensDecoded / decodeMs) * 1000,
    medianTimeToFirstTokenMs: middle(waits),
    truncated: replies.filter((answer) => answer.finish === 'length').length,
    notAsked: answers.length - replies.length,
    inBackground: replies.filter((answer) => answer.hidden).length,
  }
}

/** Decoding speed of one reply, or null when it has fewer than two tokens. */
export function replyTokensPerSecond(answer: TimedAnswer): number | null {
  return replySummary([answer]).tokensPerSecond
}

/** The middle value, or the mean of the two middle values; null for an empty list. */
export function median(values: readonly number[]): number | null {
  return middle(ordered(values))
}

function middle(sorted: Float64Array): number | null {
  if (sorted.length === 0) return null
  const half = sorted.length / 2
  const upper = sorted[Math.floor(half)] ?? Number.NaN
  const lower = sorted[Math.ceil(half) - 1] ?? Number.NaN
  return (lower + upper) / 2
}

/** Float sums depend on the order of terms; summing in order of size makes them depend on the values only. */
function sum(sorted: Float64Array): number {
  return sorted.reduce((total, value) => total + value, 0)
}

/** By size. Numbers in typed arrays are sorted several times as fast as others. */
function ordered(values: readonly number[]): Float64Array {
  return Float64Array.from(values).sort()
}

const THINK_END = '</think>'
const THINK_START = '<think>'

/**
 * A reply cut into its reasoning and its conclusion, for showing the one folded and the other open.
 * Reasoning is what a `<think>` element holds; without one, everything before the last line that is not blank.
 * An unclosed `<think>` (the reply was cut off) has no conclusion. No character is lost except the tags and
 * the blank space at the seam.
 */
export function splitReply(reply: string): { reasoning: string; conclusion: string } {
  const end = reply.lastIndexOf(THINK_END)
  if (end >= 0) {
    const before = reply.slice(0, end).trimStart()
    const reasoning = before.startsWith(THINK_START) ? before.slice(THINK_START.length) : before
    return { reasoning: reasoning.trim(), conclusion: reply.slice(end + THINK_END.length).trim() }
  }
  const text = reply.trim()
  if (text.startsWith(THINK_START))
    return { reasoning: text.slice(THINK_START.length).trim(), conclusion: '' }
  const lastLine = text.lastIndexOf('\n') + 1
  return { reasoning: text.slice(0, lastLine).trimEnd(), conclusion: text.slice(lastLine) }
}
