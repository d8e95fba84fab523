import { fairBinomialLowerTail, fairBinomialProbability } from './binomial'

/** Two-sided p values of the hypothesis that both runs are equally often right. */
export interface McNemarTest {
  /** Exact conditional test: never rejects a true hypothesis more often than it says. */
  exact: number
  /** Its mid-p version: closer to the level it names, hence smaller. */
  midP: number
}

/**
 * McNemar's test from the items that only the first, and only the second run got right. Given their number, a
 * true hypothesis makes it a fair coin toss for each of them which run was right; the two-sided p value doubles
 * the smaller tail. Without such items nothing speaks against the hypothesis: 1.
 *
 * Q. McNemar, Psychometrika 12 (1947), 153-157; exact and mid-p versions as in M. W. Fagerland, S. Lydersen and
 * P. Laake, BMC Medical Research Methodology 13:91 (2013), ties included.
 */
export function mcNemarTest(onlyFirst: number, onlySecond: number): McNemarTest {
  const n = onlyFirst + onlySecond
  if (n === 0) return { exact: 1, midP: 1 }
  const fewer = Math.min(onlyFirst, onlySecond)
  const observed = fairBinomialProbability(fewer, n)
  if (onlyFirst === onlySecond) return { exact: 1, midP: 1 - observed / 2 }
  const exact = Math.min(1, 2 * fairBinomialLowerTail(fewer, n))
  return { exact, midP: exact - observed }
}
