import type { Interval } from '../score/wilson'
import { logFactorial } from './log-factorial'

/** 95%: the chance that the sequence ever excludes the truth is at most this. */
export const SEQUENCE_ERROR = 0.05

/** A prior-posterior ratio of this size or more excludes a value, by Ville's inequality. */
const LOG_LIMIT = Math.log(1 / SEQUENCE_ERROR)

/**
 * The 95% confidence sequence of the share of ones among `population` zeroes and ones, of which `n` were drawn at
 * random without replacement and `ones` were 1, as fractions of 1. Looking at it after every draw, and stopping
 * whenever one likes, excludes the truth with a chance of at most 5% over the whole of the draws. Before the first
 * draw it is 0 to 1, after the last it is the truth.
 *
 * The prior-posterior-ratio martingale of I. Waudby-Smith and A. Ramdas, "Confidence sequences for sampling without
 * replacement", NeurIPS 2020, arXiv:2006.04347, theorem 1, with the uniform prior (beta-binomial, a = b = 1). With N
 * for the population, s of n drawn, and M for a possible number of ones in the whole, the ratio is
 *
 *     R(M) = prior(M) / posterior(M) = [s! (n-s)! / (n+1)!] * [N! / (N-n)!]
 *            / ([M! / (M-s)!] * [(N-M)! / (N-M-(n-s))!])
 *
 * and the interval holds every M with R(M) < 1 / 0.05. ln R is convex in M, so the interval has no gaps and its ends
 * are found by bisection. It is about these very items. Of an infinite population (`population` is Infinity) the
 * last two factors become 1 / (p^s (1-p)^(n-s)), and the claim is about the source that the items came from.
 *
 * No intersection with earlier intervals is taken: it depends on the counts only, not on the order of the answers.
 *
 * @throws RangeError when these are no whole counts of each other.
 */
export function confidenceSequence(ones: number, n: number, population: number): Interval {
  if (!(Number.isInteger(ones) && Number.isInteger(n) && ones >= 0 && ones <= n && n <= population)) {
    throw new RangeError(`Not counts out of a total: ${ones} of ${n} of ${population}`)
  }
  if (n === 0) return { lower: 0, upper: 1 }
  return population === Infinity ? infiniteSequence(ones, n) : finiteSequence(ones, n, population)
}

/** Half the width of an interval, the unit in which precision is asked for. */
export function halfWidth({ lower, upper }: Interval): number {
  return (upper - lower) / 2
}

function finiteSequence(ones: number, n: number, population: number): Interval {
  const zeroes = n - ones
  const constant = logUniformMarginal(ones, n) + logFactorial(population) - logFactorial(population - n)
  const isInside = (total: number) =>
    constant -
      logFactorial(total) +
      logFactorial(total - ones) -
      logFactorial(population - total) +
      logFactorial(population - total - zeroes) <
    LOG_LIMIT
  // The most likely total; the ratio is at most 1 there, as the prior is a mean over all totals.
  const likeliest = Math.min(population - zeroes, Math.max(ones, Math.floor((ones * (population + 1)) / n)))
  return {
    lower: farthestInside(likeliest, ones - 1, isInside) / population,
    upper: farthestInside(likeliest, population - zeroes + 1, isInside) / population,
  }
}

/** The last whole number inside on the way from `inside` to `outside`, which are taken on trust. */
function farthestInside(inside: number, outside: number, isInside: (at: number) => boolean): number {
  while (Math.abs(outside - inside) > 1) {
    const middle = Math.floor((inside + outside) / 2)
    if (isInside(middle)) inside = middle
    else outside = middle
  }
  return inside
}

function infiniteSequence(ones: number, n: number): Interval {
  const zeroes = n - ones
  const marginal = logUniformMarginal(ones, n)
  const isInside = (p: number) =>
    marginal - (ones === 0 ? 0 : ones * Math.log(p)) - (zeroes === 0 ? 0 : zeroes * Math.log1p(-p)) <
    LOG_LIMIT
  return {
    lower: ones === 0 ? 0 : boundary(ones / n, 0, isInside),
    upper: zeroes === 0 ? 1 : boundary(ones / n, 1, isInside),
  }
}

/** Where `isInside` turns false between `inside` and `outside`, to the last bit. */
function boundary(inside: number, outside: number, isInside: (at: number) => boolean): number {
  for (;;) {
    const middle = (inside + outside) / 2
    if (middle === inside || middle === outside) return inside
    if (isInside(middle)) inside = middle
    else outside = middle
  }
}

/** ln of the chance of a given order of `ones` among `n`, if every share of ones is equally likely. */
function logUniformMarginal(ones: number, n: number): number {
  return logFactorial(ones) + logFactorial(n - ones) - logFactorial(n + 1)
}
