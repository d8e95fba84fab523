/** Rows of marks with intervals along one axis: what they show and where it stands. */
import type { PlotSize } from './chart'

/** In data units. */
export interface IntervalMark {
  /** Which run or scoring it belongs to: decides its shape and colour. */
  series: number
  value: number
  lower: number
  upper: number
}

export interface IntervalRow {
  label: string
  /** Sums are set in bold. */
  strong: boolean
  marks: readonly IntervalMark[]
  /** Landmarks in this row only. */
  floor: number | null
  reference: number | null
}

export interface IntervalAxis {
  min: number
  max: number
  ticks: readonly number[]
  /** Drawn over all rows. */
  zero: number | null
  /** What lies to the left and to the right of zero. */
  sides: { left: string; right: string } | null
}

export const ACCURACY_AXIS: IntervalAxis = {
  min: 0,
  max: 1,
  ticks: [0, 0.25, 0.5, 0.75, 1],
  zero: null,
  sides: null,
}

/** Half widths that an axis of differences may have: round numbers, so that its ticks are. */
const HALF_WIDTHS = [0.02, 0.04, 0.1, 0.2, 0.4, 0.6, 0.8, 1]

/** A symmetric axis that holds all intervals. */
export function differenceAxis(rows: readonly IntervalRow[], sides: IntervalAxis['sides']): IntervalAxis {
  const reach = Math.max(
    0,
    ...rows.flatMap(({ marks }) => marks.flatMap(({ lower, upper }) => [-lower, upper])),
  )
  const half = HALF_WIDTHS.find((width) => width >= reach) ?? 1
  return { min: -half, max: half, ticks: [-half, -half / 2, 0, half / 2, half], zero: 0, sides }
}

/** Narrower than this, in rem, names stand above their marks. */
const WIDE_FROM = 38

/** All in px. */
export function intervalLayout(rows: readonly IntervalRow[], axis: IntervalAxis, { width, rem }: PlotSize) {
  const isWide = width >= WIDE_FROM * rem
  const left = isWide ? 15 * rem : 0.75 * rem
  const plotWidth = width - left - 1.25 * rem
  const lane = 1.05 * rem
  const head = axis.sides ? (isWide ? 1.5 : 2.75) * rem : 0
  const heights = rows.map((row) => (isWide ? 0.7 : 1.7) * rem + Math.max(1, row.marks.length) * lane)
  const tops: number[] = []
  let bottom = head
  for (const height of heights) {
    tops.push(bottom)
    bottom += height
  }
  return {
    isWide,
    left,
    plotWidth,
    head,
    bottom,
    height: bottom + 1.75 * rem,
    x: (value: number) => left + ((value - axis.min) / (axis.max - axis.min)) * plotWidth,
    top: (row: number) => tops[row] ?? 0,
    rowHeight: (row: number) => heights[row] ?? 0,
    laneY: (row: number, index: number) =>
      (tops[row] ?? 0) + (isWide ? 0.35 : 1.35) * rem + (index + 0.5) * lane,
  }
}
