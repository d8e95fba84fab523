/** Probabilities of the number of heads in `n` tosses of a fair coin. */
import { stirlingError } from './log-factorial'

/**
 * P(X = k) for X binomial with `n` trials of probability 1/2, relative error below 1e-12 up to a million trials.
 *
 * C. Loader, "Fast and accurate computation of binomial probabilities" (2000): Stirling's error and the deviance
 * are computed apart, so that no large logarithms cancel.
 */
export function fairBinomialProbability(k: number, n: number): number {
  if (k < 0 || k > n) return 0
  if (k === 0 || k === n) return 0.5 ** n
  const half = n / 2
  const exponent =
    stirlingError(n) - stirlingError(k) - stirlingError(n - k) - deviance(k, half) - deviance(n - k, half)
  return Math.exp(exponent) * Math.sqrt(n / (2 * Math.PI * k * (n - k)))
}

/** P(X <= k) for the same X, summed from the largest term down until nothing changes; meant for `k` <= n/2. */
export function fairBinomialLowerTail(k: number, n: number): number {
  let term = fairBinomialProbability(k, n)
  let sum = 0
  for (let at = k; at >= 0 && sum + term !== sum; at -= 1) {
    sum += term
    term *= at / (n - at + 1)
  }
  return sum
}

/** x ln(x/m) + m - x; near x = m by its series, where the direct form cancels. */
function deviance(x: number, m: number): number {
  const gap = x - m
  if (Math.abs(gap) >= 0.1 * (x + m)) return x * Math.log(x / m) - gap
  const v = gap / (x + m)
  let sum = gap * v
  let power = 2 * x * v
  for (let odd = 3; ; odd += 2) {
    power *= v * v
    const next = sum + power / odd
    if (next === sum) return sum
    sum = next
  }
}
