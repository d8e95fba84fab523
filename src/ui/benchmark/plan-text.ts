import type { Locale } from '#i18n/locale.svelte'

/** A fraction as percentage points, e.g. 0.0312 as "3.1". */
export function pointsText(fraction: number, locale: Locale): string {
  return locale.number(fraction * 100, 1)
}

/** A time per question as "240 ms", "8.3 s", "2 min". */
export function paceText(ms: number, locale: Locale): string {
  return ms < 90_000 ? locale.latency(ms) : locale.duration(ms)
}

/** Energy in Wh, or in kWh from 1,000 on. */
export function energyText(wh: number, locale: Locale): string {
  const { wattHours, kilowattHours } = locale.t.planning.plan
  if (wh >= 1000) return kilowattHours(locale.number(wh / 1000, 1))
  return wattHours(locale.number(wh, wh < 10 ? 1 : 0))
}
