/** What an interval plot shows, in data units. */
export interface PlotMark {
  /** Which run it belongs to: decides its shape and colour. */
  series: number
  value: number
  lower: number
  upper: number
}

export interface PlotRow {
  label: string
  /** Sums are set in bold. */
  strong: boolean
  marks: readonly PlotMark[]
  /** Landmarks in this row only. */
  floor: number | null
  reference: number | null
}

export interface PlotAxis {
  min: number
  max: number
  ticks: readonly number[]
  /** Drawn over all rows. */
  zero: number | null
}

export const ACCURACY_AXIS: PlotAxis = { min: 0, max: 1, ticks: [0, 0.25, 0.5, 0.75, 1], zero: null }

/** Half widths that an axis of differences may have: round numbers, so that its ticks are. */
const HALF_WIDTHS = [0.02, 0.04, 0.1, 0.2, 0.4, 0.6, 1]

/** A symmetric axis that holds all intervals. */
export function differenceAxis(rows: readonly PlotRow[]): PlotAxis {
  const reach = Math.max(
    0,
    ...rows.flatMap(({ marks }) => marks.flatMap(({ lower, upper }) => [-lower, upper])),
  )
  const half = HALF_WIDTHS.find((width) => width >= reach) ?? 1
  return { min: -half, max: half, ticks: [-half, -half / 2, 0, half / 2, half], zero: 0 }
}
