/** Markdown of a model, which may say anything, as harmless DOM: no images, nothing remote, no forms, no ids. */
import DOMPurify from 'dompurify'
import { plainPart, type Block } from './markdown-blocks'
import { markUnseen } from './markdown-unseen'

// `var` and `samp` hold formulas as TeX; a `div` holds a block.
const TAGS =
  'p br hr strong em del code pre blockquote ul ol li h3 table thead tbody tr th td a var samp div'.split(' ')
const ATTRIBUTES = ['href', 'start', 'data-language']

const purify = DOMPurify(window)
purify.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName === 'A') unlink(node)
})

/**
 * A link of a model is no link until its reader has seen the address: nothing that a browser could follow, preview or
 * fetch ahead.
 */
function unlink(anchor: Element): void {
  const address = anchor.getAttribute('href')
  anchor.removeAttribute('href')
  if (address === null || !URL.canParse(address)) return
  const { href, host } = new URL(address)
  anchor.setAttribute('data-address', href)
  anchor.setAttribute('role', 'link')
  anchor.setAttribute('tabindex', '0')
  // Where it leads is said, unless the text says it already. `host` has no foreign letters that look like ours.
  if (![href, `${href}/`].includes(anchor.textContent) && anchor.textContent !== address)
    anchor.setAttribute('data-host', host)
}

/** Hostile HTML in, harmless DOM out. */
export function sanitize(html: string): DocumentFragment {
  return purify.sanitize(html, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ATTRIBUTES,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: /^https?:\/\//i,
    // The number of a list and the name of a language are no addresses.
    ADD_URI_SAFE_ATTR: ['start', 'data-language'],
    RETURN_DOM_FRAGMENT: true,
  })
}

/** Sanitising a few blocks at once takes hardly longer than one. */
const AT_ONCE_CHARACTERS = 20_000

/** Blocks in their order, ready to be shown but for their formulas. Long ones come when they are asked for. */
export function* renderBlocks(blocks: readonly Block[]): Generator<DocumentFragment, undefined> {
  let batch: Block[] = []
  let characters = 0
  for (const block of blocks) {
    batch.push(block)
    characters += block.kind === 'markup' ? block.html.length : 0
    if (characters < AT_ONCE_CHARACTERS) continue
    yield* renderBatch(batch)
    batch = []
    characters = 0
  }
  yield* renderBatch(batch)
}

function* renderBatch(blocks: readonly Block[]): Generator<DocumentFragment, undefined> {
  const markup = blocks.filter((block) => block.kind === 'markup')
  const together = sanitize(markup.map(({ html }) => `<div>${html}</div>`).join(''))
  const boxes = [...together.children]
  // Boxes that came out otherwise than they went in would put text into the wrong block.
  const apart = boxes.length !== markup.length
  for (const block of blocks) {
    const box = block.kind === 'markup' && !apart ? boxes.shift() : undefined
    const fragment = box ? contentOf(box) : renderBlock(block)
    if (box) markUnseen(fragment)
    yield fragment
  }
}

function contentOf(box: Element): DocumentFragment {
  const fragment = new DocumentFragment()
  fragment.append(...box.childNodes)
  return fragment
}

/** One block, ready to be shown but for its formulas. */
export function renderBlock(block: Block): DocumentFragment {
  const fragment = block.kind === 'markup' ? sanitize(block.html) : plainText(plainPart(block))
  markUnseen(fragment)
  return fragment
}

function plainText(text: string): DocumentFragment {
  const fragment = new DocumentFragment()
  const paragraph = document.createElement('p')
  paragraph.className = 'plain'
  paragraph.textContent = text
  fragment.append(paragraph)
  return fragment
}
