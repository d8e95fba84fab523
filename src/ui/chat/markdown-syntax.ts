/** Markdown as models write it: what is read as markup, and within which limits. Text in, tokens and HTML out; no DOM. */
import { Lexer, Marked, Parser, type Token, type Tokens, type TokensList } from 'marked'
import { escapeHtml } from './markdown-escape'
import { FORMULAS } from './markdown-formulas'
import { BLOCK_DEPTH, INLINE_CHARACTERS, INLINE_DEPTH, TABLE_CELLS } from './markdown-limits'

/** A table of which only the first rows were read. */
export interface CutTable extends Tokens.Table {
  rowsInAll?: number
}

const TOO_DEEP = new RegExp(`^(?: {0,3}>){${BLOCK_DEPTH + 1}}`)

const LANGUAGE = /^[\w+#.-]{1,24}/

/** Link definitions read so far, by label. */
export type Links = TokensList['links']

let tableCells = TABLE_CELLS

const marked = new Marked({
  gfm: true,
  // Models use single line breaks as line breaks.
  breaks: true,
  renderer: {
    // HTML is shown as written: `<think>` or `PaCO2 <35` is text that a model meant to say.
    html: ({ text }) => escapeHtml(text),
    image: ({ text, href }) => escapeHtml(text || href),
    // A page has one outline; the headings of a reply are all of one level below that of the reply.
    heading({ tokens }) {
      return `<h3>${this.parser.parseInline(tokens)}</h3>`
    },
    // Task lists without form controls.
    checkbox: ({ checked }) => (checked ? '☑ ' : '☐ '),
    code({ text, lang }) {
      const language = LANGUAGE.exec(lang ?? '')?.[0]
      const attribute = language ? ` data-language="${escapeHtml(language)}"` : ''
      return `<pre><code${attribute}>${escapeHtml(text)}\n</code></pre>\n`
    },
  },
  tokenizer: {
    table(source) {
      return cutTable(source) ?? false
    },
    // Quotes right in each other call each other without the limit of `blockTokens`.
    blockquote: (source) => (TOO_DEEP.test(source) ? undefined : false),
    // Definitions are not shown, and "[Answer]: B" is to be read.
    def(source) {
      return /^ {0,3}\[[^\n]+\]:\s*<?https?:/i.test(source) ? false : undefined
    },
    // Addresses end where ASCII ends: Chinese text goes on behind them without a blank.
    url(source) {
      const address = /^https?:\/\/[\x21-\x7e]+/i.exec(source)?.[0].replace(/[.,;:!?'")\]*_~<>|]+$/, '')
      if (!address || address.endsWith('//')) return undefined
      const text: Tokens.Text = { type: 'text', raw: address, text: address, escaped: false }
      return { type: 'link', raw: address, text: address, href: address, title: null, tokens: [text] }
    },
  },
  extensions: [
    ...FORMULAS,
    {
      // "**注意：**请" is bold for every Chinese reader, though not by CommonMark, which wants a blank beside the sign.
      name: 'strongBesidePunctuation',
      level: 'inline',
      start: (source) => {
        const index = source.indexOf('**')
        return index < 0 ? undefined : index
      },
      tokenizer(source) {
        const [raw, text] = /^\*\*(?![\s*])((?:[^*\\\n`]|\\[^\n])+)\*\*(?!\*)/.exec(source) ?? []
        if (raw === undefined || text === undefined || /\s$/.test(text)) return undefined
        if (!/^\p{P}|\p{P}$/u.test(text) || !CHINESE.test(text + source.slice(raw.length, raw.length + 1))) {
          return undefined
        }
        return { type: 'strong', raw, text, tokens: this.lexer.inlineTokens(text) }
      },
    },
  ],
})

const CHINESE = /[\p{Script=Han}\u3000-\u303F\uFF00-\uFFEF“”‘’]/u

/** Reads only the first rows of a table that would have too many cells; null for any other. */
function cutTable(source: string): CutTable | null {
  const header = source.slice(0, Math.max(0, source.indexOf('\n')))
  const columns = header.split('|').length
  const mostRows = Math.max(1, Math.floor(tableCells / columns))
  let end = 0
  let cutAt = 0
  let lines = 0
  for (; end < source.length; lines += 1) {
    const lineEnd = source.indexOf('\n', end)
    const line = source.slice(end, lineEnd < 0 ? undefined : lineEnd)
    if (!line.includes('|') && !(lines === 1 && /^[\s:-]+$/.test(line))) break
    end = lineEnd < 0 ? source.length : lineEnd + 1
    if (lines < mostRows + 2) cutAt = end
  }
  if (lines <= mostRows + 2) return null
  const [table] = new LimitedLexer(marked.defaults).lex(source.slice(0, cutAt))
  if (table?.type !== 'table') return null
  return { ...(table as Tokens.Table), raw: source.slice(0, end), rowsInAll: lines - 2 }
}

/** Markup beyond the limits is text. */
class LimitedLexer extends Lexer {
  #blockDepth = 0
  #inlineDepth = 0

  override blockTokens(source: string, tokens?: Token[], lastParagraphClipped?: boolean): Token[]
  override blockTokens(source: string, tokens?: TokensList, lastParagraphClipped?: boolean): TokensList
  override blockTokens(source: string, tokens: Token[] | TokensList = [], clipped?: boolean) {
    if (this.#blockDepth > BLOCK_DEPTH) {
      tokens.push({ type: 'text', raw: source, text: source, tokens: [asText(source)] })
      return tokens
    }
    this.#blockDepth += 1
    try {
      return super.blockTokens(source, tokens as Token[], clipped)
    } finally {
      this.#blockDepth -= 1
    }
  }

  override inlineTokens(source: string, tokens: Token[] = []): Token[] {
    if (source.length > INLINE_CHARACTERS || this.#inlineDepth > INLINE_DEPTH) {
      tokens.push(asText(source))
      return tokens
    }
    this.#inlineDepth += 1
    try {
      return super.inlineTokens(source, tokens)
    } finally {
      this.#inlineDepth -= 1
    }
  }
}

const asText = (source: string): Tokens.Text => ({ type: 'text', raw: source, text: source, escaped: false })

/** The blocks of a text. `links` are definitions from before it and gets those in it. */
export function readMarkdown(source: string, links: Links = {}, mostCells = TABLE_CELLS): Token[] {
  const lexer = new LimitedLexer(marked.defaults)
  lexer.tokens.links = links
  tableCells = mostCells
  const tokens = lexer.lex(source)
  return tokens
}

/** Not sanitised yet. */
export function toHtml(token: Token): string {
  return new Parser(marked.defaults).parse([token])
}
