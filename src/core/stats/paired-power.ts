/** How many items a paired comparison takes, from the share of items on which the two runs differ. */
import { Z_95 } from '../score/wilson'

/** The 80% point of the standard normal distribution. */
const Z_POWER_80 = 0.8416212335729143

/**
 * The smallest difference of two accuracies that McNemar's test at level 5% finds with a chance of 80% on `n` common
 * items, of which the share `discordance` is right in one run only. Null when even the largest difference that such
 * a share allows would be found less often.
 *
 * R. J. Connor, "Sample size for testing differences in proportions for the paired-sample design", Biometrics 43
 * (1987), 207-211, solved for the difference.
 */
export function detectableDifference(n: number, discordance: number): number | null {
  const a = n + Z_POWER_80 ** 2
  const b = Z_95 * Math.sqrt(n * discordance)
  const c = (Z_95 ** 2 - Z_POWER_80 ** 2) * discordance
  const difference = (b + Math.sqrt(Math.max(0, b * b - a * c))) / a
  return n > 0 && discordance > 0 && difference <= discordance ? difference : null
}

/**
 * Common items that find a true `difference` with a chance of 80% at level 5%. Null for no difference, or one larger
 * than `discordance` allows. Source: Connor (1987), as above.
 */
export function itemsToDetect(difference: number, discordance: number): number | null {
  const size = Math.abs(difference)
  if (size === 0 || size > discordance) return null
  const root = Z_95 * Math.sqrt(discordance) + Z_POWER_80 * Math.sqrt(discordance - size * size)
  return Math.ceil((root / size) ** 2)
}

/**
 * Items whose 95% interval for a mean reaches `halfWidth` to each side, when single values have `variance`: for
 * one accuracy p (1 - p), for a paired difference d with discordance s it is s - d^2. W. G. Cochran, Sampling
 * Techniques, 3rd ed. (1977), chapter 4.
 */
export function itemsForHalfWidth(variance: number, halfWidth: number): number {
  return Math.ceil((Z_95 / halfWidth) ** 2 * variance)
}
