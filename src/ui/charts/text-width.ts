/** Fits texts into pictures, where nothing wraps by itself. */

const FAMILY = 'sans-serif'
let context: CanvasRenderingContext2D | null | undefined

/** Width of a text in px at a size in px, in the generic font of saved pictures. */
export function textWidth(text: string, size: number, weight = 400): number {
  context ??= document.createElement('canvas').getContext('2d')
  if (!context) return text.length * size
  context.font = `${weight} ${size}px ${FAMILY}`
  return context.measureText(text).width
}

/** The text, cut with an ellipsis when it is wider than `width`. */
export function fitText(text: string, width: number, size: number, weight = 400): string {
  if (textWidth(text, size, weight) <= width) return text
  const characters = [...text]
  while (characters.length > 0 && textWidth(`${characters.join('')}…`, size, weight) > width) characters.pop()
  return `${characters.join('').trimEnd()}…`
}

/** A Chinese character with the marks that may not begin a line, or a word with the space after it. */
const UNIT = /\p{Script=Han}[\u3000-\u303f\uff01-\uff0f\uff1a-\uff20”’]*|[^\s\p{Script=Han}]+\s*|\s+/gu

/** The text in lines of at most `width`; a word that is wider stands alone, cut. */
export function wrapText(text: string, width: number, size: number, weight = 400): string[] {
  const lines: string[] = []
  let line = ''
  for (const unit of text.match(UNIT) ?? []) {
    if (line !== '' && textWidth((line + unit).trimEnd(), size, weight) > width) {
      lines.push(line.trimEnd())
      line = ''
    }
    line += unit
  }
  return [...lines, line.trimEnd()]
    .filter((part) => part !== '')
    .map((part) => fitText(part, width, size, weight))
}
