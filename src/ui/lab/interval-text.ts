import type { Interval } from '#core/score/wilson'
import type { Locale } from '#i18n/locale.svelte'

/** A value with its 95% interval, to two decimals; `nothing` where there is no value. */
export function intervalText(
  value: number | null | undefined,
  interval: Interval | null | undefined,
  nothing: string,
  locale: Locale,
): string {
  if (value == null) return nothing
  const two = locale.numberFormat({
    minimumFractionDigits: 2,
    maximumFractionDigits: 2,
    signDisplay: 'negative',
  })
  const texts = locale.t.crossFilter
  if (!interval) return texts.withoutInterval(two.format(value))
  return texts.withInterval(two.format(value), two.format(interval.lower), two.format(interval.upper))
}
