/** A model's Markdown as HTML text for a file that stands alone: no link, no script, no style of its own. */
import { BlockReader, type Block } from '../markdown-blocks'
import { renderBlock } from '../markdown'

/** Fetches what sets formulas, then gives the renderer; it needs a document. */
export async function replyRenderer(): Promise<(markdown: string) => string> {
  const { renderFormula } = await import('../markdown-formula')
  return (markdown) => {
    const container = document.createElement('div')
    for (const block of new BlockReader().blocks(markdown, false)) container.append(renderBlock(whole(block)))
    for (const formula of container.querySelectorAll('var, samp')) {
      const math = renderFormula(formula.textContent, formula.localName === 'samp')
      if (math) formula.replaceWith(math)
    }
    for (const link of container.querySelectorAll('a')) link.replaceWith(...linkText(link))
    for (const element of container.querySelectorAll('*')) strip(element)
    return container.innerHTML
  }
}

/** The screen cuts long tables; a file has all of them, as they were written. */
function whole(block: Block): Block {
  return block.kind === 'markup' && block.rows !== null
    ? { kind: 'plain', source: block.source, whole: true }
    : block
}

/** The text and the address, which nobody can follow by mistake. */
function linkText(link: Element): (Node | string)[] {
  const address = link.getAttribute('data-address')
  const isSaid = address === null || link.textContent.includes(address)
  return [...link.childNodes, ...(isSaid ? [] : [` (${address})`])]
}

/** What a list, a table cell and a formula need. The file's policy would refuse styles, and say so for each. */
const KEPT = ['start', 'colspan', 'rowspan', 'columnspan', 'display', 'mathvariant', 'stretchy', 'dir']

function strip(element: Element): void {
  const isSign = element.classList.contains('unseen')
  for (const { name } of [...element.attributes]) if (!KEPT.includes(name)) element.removeAttribute(name)
  if (isSign) element.className = 'unseen'
}
