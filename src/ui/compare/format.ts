import type { Locale } from '#i18n/locale.svelte'
import type { Interval } from '#core/score/wilson'

/** A difference of accuracies in percentage points with its sign and without a unit: 0.0123 gives "+1.2". */
export function signedPoints(locale: Locale, difference: number): string {
  return pointsFormat(locale, 'exceptZero').format(difference * 100)
}

/** The same without a sign. */
export function plainPoints(locale: Locale, difference: number): string {
  return pointsFormat(locale, 'never').format(difference * 100)
}

/** "−1.5 to +3.2", in points. */
export function pointsInterval(locale: Locale, { lower, upper }: Interval): string {
  return locale.t.results.interval(signedPoints(locale, lower), signedPoints(locale, upper))
}

/** Smallest p value that is written out. */
const LEAST_P = 0.001

/** "0.034" or "<0.001". */
export function pValue(locale: Locale, p: number): string {
  const three = locale.numberFormat({ minimumFractionDigits: 3, maximumFractionDigits: 3 })
  return p < LEAST_P ? `<${three.format(LEAST_P)}` : three.format(p)
}

/** The same in a sentence: "p = 0.034" or "p < 0.001". */
export function pStatement(locale: Locale, p: number): string {
  const value = pValue(locale, p)
  return value.startsWith('<') ? `p < ${value.slice(1)}` : `p = ${value}`
}

function pointsFormat(locale: Locale, signDisplay: 'exceptZero' | 'never'): Intl.NumberFormat {
  return locale.numberFormat({ minimumFractionDigits: 1, maximumFractionDigits: 1, signDisplay })
}
