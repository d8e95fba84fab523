import type { Proportion } from '#core/score/accuracy-table'
import type { Locale } from '#i18n/locale.svelte'

/** "56.1% (50.2% to 61.9%)" */
export function proportionText(
  { accuracy, interval }: Pick<Proportion, 'accuracy' | 'interval'>,
  locale: Locale,
): string {
  if (accuracy === null) return '–'
  const range = locale.t.results.interval(locale.percent(interval.lower), locale.percent(interval.upper))
  return locale.t.charts.withInterval(locale.percent(accuracy), range)
}
