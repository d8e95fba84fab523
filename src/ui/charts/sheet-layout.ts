/** Where everything stands on a chart's own sheet, in px. */
import type { ChartSource, LegendEntry, PlotSize } from './chart'
import { fitText, textWidth, wrapText } from './text-width'

export const SHEET_WIDTH = 800
export const MARGIN = 24
export const SHEET_PLOT: PlotSize = { width: SHEET_WIDTH - 2 * MARGIN, rem: 16 }

/** Sizes of text. */
export const TEXT = { title: 18, body: 13, note: 12 }
export type TextRole = keyof typeof TEXT

const LINE = 1.45
/** A sign and the gap after it. */
const SIGN_WIDTH = 24
const LEGEND_GAP = 20

interface Contents {
  title: string
  description: string
  legend: readonly LegendEntry[]
  source: ChartSource
  plotHeight: number
}

export interface SheetText {
  text: string
  x: number
  y: number
  role: TextRole
}

export function sheetLayout({ title, description, legend, source, plotHeight }: Contents) {
  const texts: SheetText[] = []
  let y = MARGIN
  const write = (text: string, role: TextRole) => {
    for (const line of wrapText(text, SHEET_PLOT.width, TEXT[role], role === 'title' ? 700 : 400)) {
      y += TEXT[role] * LINE
      texts.push({ text: line, x: MARGIN, y: y - 0.3 * TEXT[role], role })
    }
  }
  write(title, 'title')
  write([source.subject, ...source.facts].join(' · '), 'body')
  const plotTop = y + 14
  const entries = placeLegend(legend, plotTop + plotHeight + 18)
  y = (entries.at(-1)?.y ?? plotTop + plotHeight) + 14
  write(description, 'note')
  return { texts, plotTop, legend: entries, height: Math.ceil(y + MARGIN) }
}

/** Side by side, in as many lines as they need; `y` is the middle of a line. */
function placeLegend(legend: readonly LegendEntry[], top: number) {
  let x = MARGIN
  let y = top
  return legend.map(({ sign, label: full }) => {
    const label = fitText(full, SHEET_PLOT.width - SIGN_WIDTH, TEXT.body)
    const width = SIGN_WIDTH + textWidth(label, TEXT.body)
    if (x > MARGIN && x + width > SHEET_WIDTH - MARGIN) {
      x = MARGIN
      y += TEXT.body * LINE + 2
    }
    const entry = { sign, label, x, y }
    x += width + LEGEND_GAP
    return entry
  })
}
