import type { EngineDescription } from '#core/engine'
import { standingIn, standingOf, worstDifference } from '#core/numerics/standing'
import type { SelfTestReport } from '#core/numerics/types'
import type { Locale } from '#i18n/locale.svelte'

/** A difference of logits to two digits, as "0.00005"; null is what was no number. */
export function differenceText(difference: number | null, locale: Locale): string {
  if (difference === null) return locale.t.numerics.noNumber
  return locale.numberFormat({ maximumSignificantDigits: 2 }).format(difference)
}

/** What is known of an engine's numbers, in one line: for receipts and replies. */
export function numbersText(engine: EngineDescription, locale: Locale): string {
  const t = locale.t.numerics
  const report = engine.numerics?.selfTest
  if (report) return testedText(report, locale)
  const standing = standingOf(engine)
  return standing === 'not-concerned' || standing === 'not-known' ? t.facts[standing] : t.facts['not-tested']
}

function testedText(report: SelfTestReport, locale: Locale): string {
  const t = locale.t.numerics
  const difference = differenceText(worstDifference(report), locale)
  const tolerance = differenceText(report.tolerance, locale)
  return t.tested(t.verdicts[standingIn(report)], difference, tolerance, locale.dateTime(report.at))
}
