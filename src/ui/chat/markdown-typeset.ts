/** Puts formulas where Markdown left their TeX. */
import { inTurn } from './markdown-queue'

type Renderer = typeof import('./markdown-formula')

let renderer: Renderer | undefined
let loading: Promise<Renderer> | undefined

/** Formulas of the last block are rendered ten times a second while it grows. */
const KEPT_FORMULAS = 300
/** A formula in a line that may be wider than the screen, in characters of TeX, gets a box of its own that scrolls. */
const LONG_FORMULA = 80

const kept = new Map<string, Element | null>()

/** Without formulas nothing happens; with the first one their renderer is fetched, and TeX is shown until it is there. */
export function* typeset(element: Element): Generator<void> {
  const formulas = element.querySelectorAll('var, samp')
  if (formulas.length === 0) return
  if (!renderer) {
    loading ??= import('./markdown-formula')
    void loading.then(
      (loaded) => {
        renderer = loaded
        inTurn(typeset(element))
      },
      // Offline and never fetched before: TeX stays.
      () => (loading = undefined),
    )
    return
  }
  for (const formula of formulas) {
    place(formula, renderer)
    yield
  }
}

function place(formula: Element, { renderFormula }: Renderer): void {
  const tex = formula.textContent
  const displayed = formula.localName === 'samp'
  const key = `${displayed} ${tex}`
  let math = kept.get(key)
  if (math === undefined) {
    math = renderFormula(tex, displayed)
    if (kept.size >= KEPT_FORMULAS) kept.clear()
    kept.set(key, math)
  }
  if (math) formula.replaceChildren(math.cloneNode(true))
  if (math && tex.length > LONG_FORMULA) formula.classList.add('long')
  // Never tried again, and shown as what it is.
  formula.classList.add(math ? 'formula' : 'tex')
}
