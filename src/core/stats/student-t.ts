/** Student's t distribution for whole degrees of freedom. */

/**
 * P(|T| <= t) for `df` degrees of freedom, a whole number from 1. Finite sums in the angle whose tangent is t / sqrt(df):
 * M. Abramowitz and I. A. Stegun, Handbook of Mathematical Functions (1964), 26.7.3 and 26.7.4.
 */
export function centralT(t: number, df: number): number {
  const angle = Math.atan(t / Math.sqrt(df))
  const [sin, cos] = [Math.sin(angle), Math.cos(angle)]
  const isOdd = df % 2 === 1
  let term = isOdd ? cos : 1
  let sum = df === 1 ? 0 : term
  for (let power = isOdd ? 3 : 2; power <= df - 2; power += 2) {
    term *= ((power - 1) / power) * cos * cos
    sum += term
  }
  return isOdd ? (2 / Math.PI) * (angle + sin * sum) : sin * sum
}

/** From here on the sum would only repeat what the next tabulated digit of the normal distribution says. */
const MOST_DF = 10_000
const HALVINGS = 100

/** The t that |T| exceeds with a probability of 5%; beyond 10,000 degrees of freedom that of 10,000. */
export function t95(df: number): number {
  const within = Math.min(df, MOST_DF)
  let [low, high] = [0, 13]
  for (let halving = 0; halving < HALVINGS; halving += 1) {
    const middle = (low + high) / 2
    if (centralT(middle, within) < 0.95) low = middle
    else high = middle
  }
  return (low + high) / 2
}
