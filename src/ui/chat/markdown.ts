/** Markdown of a model, which may say anything, as harmless DOM: no images, nothing remote, no forms, no ids. */
import DOMPurify from 'dompurify'
import { Marked } from 'marked'

const TAGS = 'p br hr strong em del code pre blockquote ul ol li h3 table thead tbody tr th td a'.split(' ')
const ATTRIBUTES = ['href', 'start']

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }

function escape(text: string): string {
  return text.replace(/[&<>"]/g, (character) => ENTITIES[character] ?? character)
}

const marked = new Marked({
  gfm: true,
  // Models use single line breaks as line breaks.
  breaks: true,
  renderer: {
    // HTML is shown as written: `<think>` or `PaCO2 <35` is text that a model meant to say.
    html: ({ text }) => escape(text),
    image: ({ text, href }) => escape(text || href),
    // A page has one outline; the headings of a reply are all of one level below that of the reply.
    heading({ tokens }) {
      return `<h3>${this.parser.parseInline(tokens)}</h3>`
    },
    // Task lists without form controls.
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
  },
})

const purify = DOMPurify(window)
purify.addHook('afterSanitizeAttributes', (node) => {
  if (node.tagName !== 'A') return
  node.setAttribute('target', '_blank')
  node.setAttribute('rel', 'noopener noreferrer')
})

/** Hostile HTML in, harmless DOM out. */
export function sanitize(html: string): DocumentFragment {
  return purify.sanitize(html, {
    ALLOWED_TAGS: TAGS,
    ALLOWED_ATTR: ATTRIBUTES,
    ALLOW_DATA_ATTR: false,
    ALLOW_ARIA_ATTR: false,
    ALLOWED_URI_REGEXP: /^https?:\/\//i,
    // The number of a list is no address.
    ADD_URI_SAFE_ATTR: ['start'],
    RETURN_DOM_FRAGMENT: true,
  })
}

export function renderMarkdown(text: string): DocumentFragment {
  return sanitize(marked.parse(text, { async: false }))
}
