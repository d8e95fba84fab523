import type { CheckResult } from '#core/receipt/check-result'
import type { FileCheck } from '#core/receipt/file-check'
import type { Locale } from '#i18n/locale.svelte'

/** One sentence over all checks; what could not be checked is never silently left out. */
export function verdictOf(
  results: readonly CheckResult[],
  fileChecks: readonly FileCheck[],
  locale: Locale,
): { kind: 'good' | 'warn' | 'bad'; text: string } {
  const texts = locale.t.verify.card
  const all = [...fileChecks, ...results]
  const failed = all.filter(({ outcome }) => outcome === 'failed').length
  const isPartly = (check: FileCheck | CheckResult) => 'unchecked' in check && check.unchecked > 0
  const unchecked = all.filter((check) => check.outcome === 'unchecked' || isPartly(check)).length
  const checks = (count: number) => texts.checkCount(count, locale.number(count))
  if (failed > 0) return { kind: 'bad', text: texts.failedSome(checks(failed)) }
  return unchecked > 0
    ? { kind: 'warn', text: texts.passedSome(checks(unchecked)) }
    : { kind: 'good', text: texts.passedAll }
}
