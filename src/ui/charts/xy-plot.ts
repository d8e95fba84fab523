/** A plot over two axes: where everything stands. */
import type { PlotSize } from './chart'

export interface Tick {
  at: number
  label: string
}

export interface Axis {
  title: string
  min: number
  max: number
  ticks: readonly Tick[]
}

/** All in px. */
export interface XYLayout {
  left: number
  right: number
  top: number
  bottom: number
  height: number
  x: (value: number) => number
  y: (value: number) => number
}

/** Height over width, within bounds: flat on a desk, never flatter than it can be read on a phone. */
const ASPECT = 0.42
const LEAST_REM = 12
const MOST_REM = 20

export function xyHeight({ width, rem }: PlotSize): number {
  return Math.min(MOST_REM * rem, Math.max(LEAST_REM * rem, ASPECT * width)) + 5 * rem
}

export function xyLayout(size: PlotSize, xAxis: Axis, yAxis: Axis): XYLayout {
  const { width, rem } = size
  const height = xyHeight(size)
  const left = 3 * rem
  const right = width - 1.25 * rem
  const top = 2.1 * rem
  const bottom = height - 2.9 * rem
  const scale =
    ({ min, max }: Axis, from: number, to: number) =>
    (value: number) =>
      from + ((value - min) / (max - min)) * (to - from)
  return { left, right, top, bottom, height, x: scale(xAxis, left, right), y: scale(yAxis, bottom, top) }
}

/** At most so many ticks that their labels of `labelWidth` do not touch. */
export function everyNth(ticks: readonly Tick[], labelWidth: number, plotWidth: number): Tick[] {
  const room = Math.max(1, Math.floor(plotWidth / labelWidth))
  const nth = Math.max(1, Math.ceil(ticks.length / room))
  return ticks.filter((_, index) => index % nth === 0)
}
