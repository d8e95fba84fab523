/** What each strategy would have chosen from the same stored samples, what that costs, and whether it beats one reply. */
import type { Score } from '../score/accuracy-table'
import type { Interval } from '../score/wilson'
import type { McNemarTest } from '../stats/mcnemar'
import type { Strategy } from './types'

/** What the samples that a strategy needs cost, over all items. */
export interface SelectorCost {
  /** Samples there are, and those taken where drawing stops as soon as the choice is settled. */
  drawn: number
  used: number
  /** Of the samples used; time to first token and decoding. */
  promptTokens: number
  completionTokens: number
  milliseconds: number
  /** Of scoring the samples used; 0 where the strategy needs no scores. */
  scoringTokens: number
  scoringMs: number
}

/** A strategy against the first sample alone, on the same items. */
export interface SelectorDifference {
  bothRight: number
  onlySelector: number
  onlySingle: number
  bothWrong: number
  /** Accuracy of the strategy minus that of the first sample. */
  difference: number
  /** 95% interval of the difference. */
  interval: Interval
  test: McNemarTest
  /** The exact p value, adjusted after Holm for all strategies of the table. */
  adjusted: number
}

/** Accuracy over the items whose samples have all that the strategy needs. */
export interface SelectorResult extends Score {
  /** With `stopsEarly`. */
  strategy: Strategy
  cost: SelectorCost
  /** Items of which fewer samples were drawn than this strategy would have needed: with all it might choose otherwise. */
  undecided: number
  /** Null for the first sample itself, and without items. */
  against: SelectorDifference | null
}

export interface SelectorComparison {
  /** What one sample may be expected to get right: the mean over the items of the share of their samples that are. */
  oneSample: {
    accuracy: number | null
    /** 95%, from the variance between items; null with fewer than two. */
    interval: Interval | null
    samples: number
  }
  /** The first sample alone; then majority, best-of-N and vote-sum, the latter two by each aggregate. */
  selectors: SelectorResult[]
}
