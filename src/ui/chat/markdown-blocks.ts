/** A growing reply as blocks, of which finished ones are never read again. No DOM. */
import type { Token, Tokens } from 'marked'
import {
  BLOCK_CHARACTERS,
  GROWING_CHARACTERS,
  MARKDOWN_CHARACTERS,
  MOST_BLOCKS,
  PLAIN_CHARACTERS,
} from './markdown-limits'
import { readMarkdown, toHtml, type CutTable, type Links } from './markdown-syntax'

/** What stands between two blank lines, roughly. */
export type Block =
  /** `rows` where the table was cut: how many it has. */
  | { kind: 'markup'; source: string; html: string; rows: number | null }
  /** Too long to be read as Markdown, or to be read again and again. */
  | { kind: 'plain'; source: string; whole: boolean }

/** What is shown of a plain block until the reader asks for the whole. */
export function plainPart({ source, whole }: Extract<Block, { kind: 'plain' }>): string {
  return whole ? source : source.slice(0, PLAIN_CHARACTERS)
}

/** Reads a reply that grows at its end; any other change is read from the beginning. */
export class BlockReader {
  #read = ''
  #finished: Block[] = []
  #finishedLength = 0
  #links: Links = {}

  /** All blocks so far. The same objects as the last time where nothing changed. `writing`: more may come. */
  blocks(reply: string, writing: boolean): readonly Block[] {
    const text = reply.replace(/\r\n?/g, '\n')
    if (!text.startsWith(this.#read)) this.#forget()
    this.#read = text
    const { markdown, rest } = cut(text)
    const isFirst = this.#finishedLength === 0
    const tokens = this.#isFull ? [] : readMarkdown(markdown.slice(this.#finishedLength), { ...this.#links })
    const growing = writing ? tokens.findLastIndex(({ type }) => type !== 'space') : tokens.length
    this.#finish(tokens.slice(0, Math.max(0, growing)))
    // A definition holds for the links before it as well; those were read without it.
    if (!writing && !isFirst && Object.keys(this.#links).length > 0) {
      this.#begin()
      return this.blocks(reply, writing)
    }
    if (this.#isFull) return [...this.#finished, ...plain(text.slice(this.#finishedLength), writing)]
    const last = tokens.slice(Math.max(0, growing)).flatMap((token) => blockOf(token, writing))
    const all = [...this.#finished, ...last, ...plain(rest)]
    // Definitions alone would leave nothing to be seen.
    return all.length > 0 || writing ? all : plain(text)
  }

  get #isFull(): boolean {
    return this.#finished.length >= MOST_BLOCKS
  }

  #finish(tokens: readonly Token[]): void {
    for (const token of tokens) {
      if (this.#isFull) return
      this.#finished.push(...blockOf(token, false))
      this.#finishedLength += token.raw.length
      if (token.type !== 'def') continue
      const { tag, href, title } = token as Tokens.Def
      this.#links[tag] ??= { href, title }
    }
  }

  #begin(): void {
    this.#finished = []
    this.#finishedLength = 0
  }

  #forget(): void {
    this.#read = ''
    this.#links = {}
    this.#begin()
  }
}

/** Cut at the end of a line where there is one. */
function cut(text: string): { markdown: string; rest: string } {
  if (text.length <= MARKDOWN_CHARACTERS) return { markdown: text, rest: '' }
  const lineEnd = text.lastIndexOf('\n', MARKDOWN_CHARACTERS) + 1
  const end = lineEnd > 0 ? lineEnd : MARKDOWN_CHARACTERS
  return { markdown: text.slice(0, end), rest: text.slice(end) }
}

function plain(source: string, growing = false): Block[] {
  if (source.trim() === '') return []
  // Of what grows the end must be seen.
  return [{ kind: 'plain', source, whole: source.length <= (growing ? BLOCK_CHARACTERS : PLAIN_CHARACTERS) }]
}

function blockOf(token: Token, growing: boolean): Block[] {
  const { raw: source, type } = token
  if (type === 'space' || type === 'def') return []
  const rows = (token as CutTable).rowsInAll ?? null
  const limit = growing && type !== 'code' ? GROWING_CHARACTERS : BLOCK_CHARACTERS
  if (rows === null && source.length > limit) return plain(source, growing)
  return [{ kind: 'markup', source, html: toHtml(token), rows }]
}
