/** The lines and the table of a run's speed. */
import type { SpeedBin, SpeedProfile } from '#core/score/speed'
import type { Locale } from '#i18n/locale.svelte'
import type { ChartTable } from '../charts/chart'
import type { XYLayout } from '../charts/xy-plot'

type Scales = Pick<XYLayout, 'x' | 'y'>

const round = (value: number) => Math.round(value * 100) / 100

/** Stairs over the stretches of one session that have a rate. */
export function trendPath(bins: readonly SpeedBin[], session: number, { x, y }: Scales): string {
  return stairs(
    bins.flatMap((bin) =>
      bin.session === session && bin.rate !== null
        ? [{ from: x(bin.fromMs), to: x(bin.toMs), y: y(bin.rate) }]
        : [],
    ),
  )
}

/** The area between the quartiles of one session, and its two edges. */
export function bandPath(bins: readonly SpeedBin[], session: number, { x, y }: Scales) {
  const steps = bins.flatMap(({ quartiles, fromMs, toMs, session: own }) =>
    own === session && quartiles
      ? [{ from: x(fromMs), to: x(toMs), lower: y(quartiles.lower), upper: y(quartiles.upper) }]
      : [],
  )
  const upper = stairs(steps.map(({ from, to, upper: at }) => ({ from, to, y: at })))
  const lower = stairs(steps.map(({ from, to, lower: at }) => ({ from, to, y: at })))
  const back = stairs(steps.toReversed().map(({ from, to, lower: at }) => ({ from: to, to: from, y: at })))
  return { band: steps.length === 0 ? '' : `${upper}${back.replace('M', 'L')}Z`, edges: `${upper}${lower}` }
}

interface Step {
  from: number
  to: number
  y: number
}

function stairs(steps: readonly Step[]): string {
  return steps
    .map(({ from, to, y }, index) => `${index === 0 ? 'M' : 'L'}${round(from)} ${round(y)}H${round(to)}`)
    .join('')
}

/** Neighbouring bins with answers that came in the background, together. */
export function backgroundStretches(bins: readonly SpeedBin[]): { fromMs: number; toMs: number }[] {
  const stretches: { fromMs: number; toMs: number }[] = []
  for (const { fromMs, toMs, background } of bins) {
    if (background === 0) continue
    const last = stretches.at(-1)
    if (last?.toMs === fromMs) last.toMs = toMs
    else stretches.push({ fromMs, toMs })
  }
  return stretches
}

/** One row for each stretch; times in `unit`. */
export function speedTable(
  { bins, sessions, unit: counted }: SpeedProfile,
  unit: { name: keyof Locale['t']['charts']['speed']['time']; ms: number },
  locale: Locale,
): ChartTable {
  const texts = locale.t.charts.speed
  const time = (ms: number) => locale.number(ms / unit.ms, 1)
  const rate = (value: number) => locale.number(value, 2)
  const starts = sessions.map(({ at }, session) =>
    texts.sessionAt(locale.number(session + 1), locale.dateTime(at)),
  )
  return {
    caption: texts.caption,
    columns: [
      texts.time[unit.name],
      texts.sessionColumn,
      locale.t.results.table.n,
      texts.unit[counted],
      texts.quartiles,
      texts.backgroundColumn,
    ],
    rows: bins.map((bin) => [
      locale.t.results.interval(time(bin.fromMs), time(bin.toMs)),
      starts[bin.session] ?? '',
      locale.number(bin.answers),
      bin.rate === null ? '–' : rate(bin.rate),
      bin.quartiles === null
        ? '–'
        : locale.t.results.interval(rate(bin.quartiles.lower), rate(bin.quartiles.upper)),
      locale.number(bin.background),
    ]),
  }
}
