import { nice, ticks } from 'd3-array'
import type { Locale } from '#i18n/locale.svelte'
import type { Axis } from './xy-plot'

/** From 0 to 100%. */
export function percentAxis(title: string, locale: Locale): Axis {
  return {
    title,
    min: 0,
    max: 1,
    ticks: [0, 0.25, 0.5, 0.75, 1].map((at) => ({ at, label: locale.percent(at, 0) })),
  }
}

/** From 0 to a round number that is not below `most`. */
export function upFromZero(title: string, most: number, locale: Locale): Axis {
  const [, max] = nice(0, most > 0 ? most : 1, 4)
  return {
    title,
    min: 0,
    max,
    ticks: ticks(0, max, 4).map((at) => ({ at, label: locale.number(at, 3) })),
  }
}

const UNITS = [
  { name: 'hours', ms: 3_600_000, from: 3 * 3_600_000 },
  { name: 'minutes', ms: 60_000, from: 3 * 60_000 },
  { name: 'seconds', ms: 1000, from: 0 },
] as const

export type TimeUnit = (typeof UNITS)[number]['name']

/** The unit in which a span of so many ms has tens rather than thousands. */
export function timeUnit(ms: number): { name: TimeUnit; ms: number } {
  return UNITS.find(({ from }) => ms >= from) ?? UNITS[2]
}

/** From 0 to `totalMs`, its ticks at round numbers of `unit`. */
export function timeAxis(title: string, totalMs: number, unit: { ms: number }, locale: Locale): Axis {
  return {
    title,
    min: 0,
    max: totalMs,
    ticks: ticks(0, totalMs / unit.ms, 6).map((at) => ({ at: at * unit.ms, label: locale.number(at, 2) })),
  }
}
