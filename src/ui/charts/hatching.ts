/** Distance of two strokes, in px. */
const STEP = 4

/** The path of slanted strokes that fill a strip; each leans over by the strip's height. */
export function hatching(x: number, y: number, width: number, height: number): string {
  const strokes = Math.max(1, Math.floor((width - height) / STEP) + 1)
  const lean = Math.min(width, height)
  return Array.from(
    { length: strokes },
    (_, index) => `M${round(x + index * STEP)} ${round(y + height)}l${round(lean)} ${round(-height)}`,
  ).join('')
}

const round = (value: number) => Math.round(value * 100) / 100
