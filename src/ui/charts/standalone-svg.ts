/** Turns a drawing of the page into a file that needs nothing of the page. */

/** What our style sheet says of drawings; each is an attribute of SVG as well. */
const STYLED = [
  'fill',
  'stroke',
  'stroke-width',
  'stroke-dasharray',
  'stroke-linecap',
  'stroke-linejoin',
  'font-weight',
  'font-size',
  'text-anchor',
] as const

/** What SVG takes without being told. */
const INITIAL: Partial<Record<(typeof STYLED)[number], string>> = {
  stroke: 'none',
  'stroke-width': '1px',
  'stroke-dasharray': 'none',
  'stroke-linecap': 'butt',
  'stroke-linejoin': 'miter',
  'font-weight': '400',
  'text-anchor': 'start',
}

const SHAPES = 'path, rect, text'

/**
 * The SVG text of a drawing with its computed styles as attributes. It refers to no style sheet, no font of ours and
 * nothing outside, so it looks the same in any viewer. The drawing must be in the document.
 *
 * @throws Error without a drawing.
 */
export function standaloneSvg(drawing: SVGSVGElement | null): string {
  if (!drawing) throw new Error('There is no drawing.')
  const copy = drawing.cloneNode(true) as SVGSVGElement
  const originals = drawing.querySelectorAll<SVGElement>(SHAPES)
  for (const [index, element] of copy.querySelectorAll<SVGElement>(SHAPES).entries()) {
    const original = originals[index]
    if (original) writeStyle(element, getComputedStyle(original))
  }
  copy.setAttribute('font-family', 'sans-serif')
  for (const element of [copy, ...copy.querySelectorAll('*')]) element.removeAttribute('class')
  removeComments(copy)
  return `<?xml version="1.0" encoding="UTF-8"?>\n${new XMLSerializer().serializeToString(copy)}\n`
}

function writeStyle(element: SVGElement, style: CSSStyleDeclaration): void {
  for (const name of STYLED) {
    if (name.startsWith('font') && element.localName !== 'text') continue
    const value = style.getPropertyValue(name)
    if (value === INITIAL[name]) element.removeAttribute(name)
    else element.setAttribute(name, value)
  }
}

/** The framework marks its blocks with them. */
function removeComments(root: Node): void {
  const walker = document.createTreeWalker(root, NodeFilter.SHOW_COMMENT)
  const comments: Node[] = []
  while (walker.nextNode()) comments.push(walker.currentNode)
  for (const comment of comments) comment.parentNode?.removeChild(comment)
}
