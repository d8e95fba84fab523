/** Whether longer replies are right more often or less often. */
import type { Answer } from '../run/types'
import { proportion, type Proportion } from './accuracy-table'
import { byScoring, SCORINGS, verdict, type ByScoring, type ScoredAnswer } from './verdict'

export type MeasuredAnswer = ScoredAnswer & Pick<Answer, 'completionTokens' | 'finish' | 'failure'>

/** The replies of `from` to `to` tokens, both included. */
export interface LengthBin {
  from: number
  to: number
  n: number
  /** Replies cut off at the token limit, possibly before their answer. */
  truncated: number
  scores: ByScoring<Proportion>
}

export interface LengthProfile {
  /** From short to long, about equally full. Replies of one length are never parted. */
  bins: LengthBin[]
  /** Median tokens of the right and of the other replies; null where there are none. */
  medians: ByScoring<{ right: number | null; wrong: number | null }>
}

/** More would be hard to tell apart on a phone. */
const MOST_BINS = 10
/** Fewer replies in a bin would say nothing: the interval of 10 out of 20 is 40 points wide. */
const LEAST_REPLIES = 20
/** Answers counted between two yields: about a millisecond. */
const STEP_ANSWERS = 2000

interface LengthCount {
  n: number
  truncated: number
  right: ByScoring<number>
}

/**
 * Bins the replies (the answers that were asked) by their quantiles of length: the inverse of the empirical
 * distribution function, definition 1 of R. J. Hyndman and Y. Fan, The American Statistician 50 (1996), 361-365.
 * The order of the answers changes nothing.
 */
export function* lengthSteps(answers: readonly MeasuredAnswer[]): Generator<undefined, LengthProfile> {
  const counts = new Map<number, LengthCount>()
  let replies = 0
  for (const [index, answer] of answers.entries()) {
    if (index % STEP_ANSWERS === 0) yield
    if (answer.failure !== null) continue
    replies += 1
    const count = counts.get(answer.completionTokens) ?? nothing()
    counts.set(answer.completionTokens, count)
    count.n += 1
    if (answer.finish === 'length') count.truncated += 1
    for (const scoring of SCORINGS) if (verdict(answer, scoring) === 'right') count.right[scoring] += 1
  }
  const sorted = [...counts].sort(([left], [right]) => left - right)
  return { bins: quantileBins(sorted, replies), medians: medians(sorted) }
}

function nothing(): LengthCount {
  return { n: 0, truncated: 0, right: byScoring(() => 0) }
}

function quantileBins(sorted: readonly [number, LengthCount][], replies: number): LengthBin[] {
  const wanted = Math.min(MOST_BINS, Math.max(1, Math.floor(replies / LEAST_REPLIES)))
  const bins: LengthBin[] = []
  let open: { from: number; count: LengthCount } | null = null
  let seen = 0
  let quantile = 1
  for (const [tokens, count] of sorted) {
    open ??= { from: tokens, count: nothing() }
    open.count = sum(open.count, count)
    seen += count.n
    if (seen * wanted < quantile * replies) continue
    bins.push(lengthBin(open.from, tokens, open.count))
    open = null
    quantile = Math.floor((seen * wanted) / replies) + 1
  }
  return bins
}

function lengthBin(from: number, to: number, { n, truncated, right }: LengthCount): LengthBin {
  return { from, to, n, truncated, scores: byScoring((scoring) => proportion(right[scoring], n)) }
}

function sum(left: LengthCount, right: LengthCount): LengthCount {
  return {
    n: left.n + right.n,
    truncated: left.truncated + right.truncated,
    right: byScoring((scoring) => left.right[scoring] + right.right[scoring]),
  }
}

function medians(sorted: readonly [number, LengthCount][]): LengthProfile['medians'] {
  return byScoring((scoring) => ({
    right: medianOf(sorted.map(([tokens, { right }]) => [tokens, right[scoring]])),
    wrong: medianOf(sorted.map(([tokens, { n, right }]) => [tokens, n - right[scoring]])),
  }))
}

/** The median of values that come with how often each occurs, in order of value. */
function medianOf(counted: readonly (readonly [value: number, times: number])[]): number | null {
  const total = counted.reduce((sum, [, times]) => sum + times, 0)
  if (total === 0) return null
  const at = (rank: number) => {
    let seen = 0
    return counted.find(([, times]) => (seen += times) > rank)?.[0] ?? Number.NaN
  }
  return (at(Math.floor((total - 1) / 2)) + at(Math.floor(total / 2))) / 2
}
