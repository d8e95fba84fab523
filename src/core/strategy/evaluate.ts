import { effectiveWilson } from '../compare/effective-interval'
import { proportion } from '../score/accuracy-table'
import { clusteredVariance, type Cluster } from '../stats/clustered'
import { holmAdjusted } from '../stats/holm'
import { mcNemarTest } from '../stats/mcnemar'
import { pairedDifferenceInterval } from '../stats/paired-difference'
import { choose } from './choose'
import type { SampledItem } from './sampled-item'
import type { SelectorComparison, SelectorCost, SelectorDifference, SelectorResult } from './selector-result'
import { isSettled } from './settled'
import type { Ballot, Strategy } from './types'
import { AGGREGATES } from './worth'

/** Items between two yields: some milliseconds at 16 samples each. */
const STEP_ITEMS = 10

/** The strategies that are compared, at `planned` samples per question. */
function selectorsOf(planned: number): Strategy[] {
  const drawing = { samples: planned, stopsEarly: true }
  return [
    { kind: 'single' },
    { kind: 'self-consistency', ...drawing },
    ...AGGREGATES.map((aggregate): Strategy => ({ kind: 'best-of-n', ...drawing, aggregate })),
    ...AGGREGATES.map((aggregate): Strategy => ({ kind: 'vote-sum', ...drawing, aggregate })),
  ]
}

/**
 * Lets every strategy choose from the same samples, in steps. Each is tested against the first sample alone, which is
 * what a run of one reply would have stored: exact McNemar, Holm over the strategies.
 */
export function* compareSelectors(
  items: readonly SampledItem[],
  planned: number,
): Generator<undefined, SelectorComparison> {
  const counts = selectorsOf(planned).map(emptyCount)
  const shares: Cluster[] = []
  let samples = 0
  for (const [index, item] of items.entries()) {
    if (index % STEP_ITEMS === 0) yield
    for (const count of counts) countItem(count, item)
    const right = item.samples.filter(({ letter }) => letter === item.target).length
    shares.push({ n: 1, sum: item.samples.length === 0 ? 0 : right / item.samples.length })
    samples += item.samples.length
  }
  const selectors = counts.map((count) => result(hasChosen(count) ? count : emptyCount(count.strategy)))
  return { oneSample: { ...meanShare(shares), samples }, selectors: withAdjusted(selectors) }
}

/** Whole counts of one strategy. */
interface SelectorCount {
  strategy: Strategy
  unparsed: number
  undecided: number
  cost: SelectorCost
  pairs: { bothRight: number; onlySelector: number; onlySingle: number; bothWrong: number }
}

function emptyCount(strategy: Strategy): SelectorCount {
  return {
    strategy,
    ...{ unparsed: 0, undecided: 0 },
    cost: {
      ...{ drawn: 0, used: 0, promptTokens: 0, completionTokens: 0, milliseconds: 0 },
      ...{ scoringTokens: 0, scoringMs: 0 },
    },
    pairs: { bothRight: 0, onlySelector: 0, onlySingle: 0, bothWrong: 0 },
  }
}

function countItem(count: SelectorCount, { target, samples }: SampledItem): void {
  const { strategy, cost, pairs } = count
  const isScored = 'aggregate' in strategy
  if (isScored && samples.some(({ scores }) => scores === null)) return
  const ballots = samples.map(({ letter, scores }): Ballot => ({ letter, steps: scores?.steps ?? [] }))
  const used = samplesUsed(strategy, ballots)
  const { letter } = choose(strategy, ballots)
  const isRight = letter === target
  const isFirstRight = samples[0]?.letter === target
  if (letter === null) count.unparsed += 1
  if (samples.length > 0 && !isSettled(strategy, ballots)) count.undecided += 1
  if (isRight) pairs[isFirstRight ? 'bothRight' : 'onlySelector'] += 1
  else pairs[isFirstRight ? 'onlySingle' : 'bothWrong'] += 1
  cost.drawn += samples.length
  cost.used += used
  for (const sample of samples.slice(0, used)) {
    cost.promptTokens += sample.promptTokens
    cost.completionTokens += sample.completionTokens
    cost.milliseconds += sample.timeToFirstTokenMs + sample.decodeMs
    if (!isScored || !sample.scores) continue
    cost.scoringTokens += sample.scores.promptTokens
    cost.scoringMs += sample.scores.elapsedMs
  }
}

/** The fewest samples after which the choice is settled, which it then stays; all where it never is. */
function samplesUsed(strategy: Strategy, ballots: readonly Ballot[]): number {
  let [least, most] = [Math.min(1, ballots.length), ballots.length]
  while (least < most) {
    const middle = Math.floor((least + most) / 2)
    if (isSettled(strategy, ballots.slice(0, middle))) most = middle
    else least = middle + 1
  }
  return most
}

/** Without any score nobody chose by scores, though a question without samples lacks none. */
function hasChosen({ strategy, cost }: SelectorCount): boolean {
  return !('aggregate' in strategy) || cost.drawn > 0
}

function result({ strategy, unparsed, undecided, cost, pairs }: SelectorCount): SelectorResult {
  const right = pairs.bothRight + pairs.onlySelector
  const n = right + pairs.onlySingle + pairs.bothWrong
  const score = { ...proportion(right, n), unparsed }
  const against = strategy.kind === 'single' || n === 0 ? null : difference(pairs, n)
  return { strategy, ...score, cost, undecided, against }
}

function difference(pairs: SelectorCount['pairs'], n: number): SelectorDifference {
  const { onlySelector, onlySingle } = pairs
  const test = mcNemarTest(onlySelector, onlySingle)
  return {
    ...pairs,
    difference: (onlySelector - onlySingle) / n,
    interval: pairedDifferenceInterval({ n, onlyFirst: onlySelector, onlySecond: onlySingle }),
    test,
    adjusted: test.exact,
  }
}

function withAdjusted(results: SelectorResult[]): SelectorResult[] {
  const tested = results.filter(({ against }) => against !== null)
  const adjusted = holmAdjusted(tested.map(({ against }) => against?.test.exact ?? 1))
  return results.map((each) => {
    if (!each.against) return each
    return { ...each, against: { ...each.against, adjusted: adjusted[tested.indexOf(each)] ?? 1 } }
  })
}

function meanShare(shares: readonly Cluster[]): Omit<SelectorComparison['oneSample'], 'samples'> {
  if (shares.length === 0) return { accuracy: null, interval: null }
  const accuracy = shares.reduce((sum, share) => sum + share.sum, 0) / shares.length
  const variance = clusteredVariance(shares)
  return { accuracy, interval: variance === null ? null : effectiveWilson(accuracy, variance, shares.length) }
}
