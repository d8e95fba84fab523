/** TeX as MathML. Fetched when the first formula is shown. */
import temml from 'temml'
import 'temml/dist/Temml-Local.css'

/** Elements and attributes that formulas consist of; a formula with any other is shown as TeX. */
const ELEMENTS = new Set(
  'math mrow mi mn mo ms mtext mspace mfrac msqrt mroot mstyle mpadded mphantom merror menclose msub msup msubsup munder mover munderover mmultiscripts mprescripts none mtable mtr mtd'.split(
    ' ',
  ),
)
const ATTRIBUTES = new Set(
  'class style display displaystyle scriptlevel mathvariant mathcolor mathbackground mathsize stretchy symmetric fence form lspace rspace movablelimits largeop separator accent accentunder linethickness width height depth voffset minsize maxsize columnalign rowspacing columnspacing columnspan rowspan notation align dir'.split(
    ' ',
  ),
)

/** Macros that expand each other end here; honest formulas need a few dozen. */
const EXPANSIONS = 300
/** Largest size that TeX may ask for, in em and in pt. */
const SIZE: [number, number] = [10, 100]
/** A formula may become this many elements. */
const NODES = 3_000

/** Null where it cannot be read, or would be more than a formula. */
export function renderFormula(tex: string, displayed: boolean): Element | null {
  const holder = document.createElement('span')
  try {
    temml.render(tex, holder, {
      displayMode: displayed,
      throwOnError: true,
      trust: false,
      strict: false,
      maxExpand: EXPANSIONS,
      maxSize: SIZE,
    })
  } catch {
    // Not TeX, nested beyond the stack, or expanding without end.
    return null
  }
  const math = holder.firstElementChild
  if (!math || holder.childElementCount !== 1) return null
  const nodes = [math, ...math.querySelectorAll('*')]
  return nodes.length <= NODES && nodes.every(isHarmless) ? math : null
}

function isHarmless(element: Element): boolean {
  if (!ELEMENTS.has(element.localName)) return false
  if (element.getAttribute('style')?.match(/url|position|expression|@|\\/i)) return false
  return [...element.attributes].every(({ name }) => ATTRIBUTES.has(name))
}
