/** What every chart is made of. */

/** How much room a plot has, in px. The interface grows with the screen, and a plot's text with it. */
export interface PlotSize {
  width: number
  rem: number
}

/** Signs other than a series' own mark. */
export type LineKind =
  /** Upright and lying. */
  'floor' | 'level' | 'reference' | 'ideal' | 'trend' | 'band' | 'session' | 'background' | 'bar'

export interface LegendEntry {
  sign: number | LineKind
  label: string
}

/** The numbers of a picture; the first cell of a row names it. */
export interface ChartTable {
  caption: string
  columns: readonly string[]
  rows: readonly (readonly string[])[]
}

/** What a picture rests on; it is written on the picture when that leaves the page. */
export interface ChartSource {
  subject: string
  /** Number of answers, day, version and the like. */
  facts: readonly string[]
  /** What must be said beside the picture wherever it goes, since the page says it elsewhere; or empty. */
  note: string
  /** Name of a file that ends with "chart.svg" for "chart" and "svg". */
  fileName: (chart: string, format: 'svg' | 'png') => string
}
