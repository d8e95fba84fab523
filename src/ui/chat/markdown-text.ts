/** Markdown as plain text, for copying and for reading aloud. */
import type { Token, Tokens } from 'marked'
import { withoutUnseen } from '#core/chat/unseen-characters'
import { MARKDOWN_CHARACTERS, WHOLE_TABLE_CELLS } from './markdown-limits'
import { readMarkdown } from './markdown-syntax'

/** Lists keep their numbers, tables become columns between tabs, links say where they lead, formulas stay TeX. */
export function plainText(markdown: string): string {
  const text = withoutUnseen(markdown)
  if (text.length > MARKDOWN_CHARACTERS) return text
  return blocks(readMarkdown(text, {}, WHOLE_TABLE_CELLS)).trim()
}

function blocks(tokens: readonly Token[]): string {
  return tokens
    .map(block)
    .filter((text) => text !== '')
    .join('\n\n')
}

function block(token: Token): string {
  switch (token.type) {
    case 'space':
    case 'def':
      return ''
    case 'hr':
      return '---'
    case 'code':
      return (token as Tokens.Code).text
    case 'blockquote':
      return blocks((token as Tokens.Blockquote).tokens)
    case 'list':
      return list(token as Tokens.List)
    case 'table':
      return table(token as Tokens.Table)
    default:
      return inline(token)
  }
}

function list({ items, ordered, start }: Tokens.List): string {
  return items
    .map(({ tokens, task, checked, loose }, index) => {
      const sign = ordered ? `${(start || 1) + index}.` : '-'
      const box = task ? (checked ? '☑ ' : '☐ ') : ''
      const content = tokens
        .map(block)
        .filter(Boolean)
        .join(loose ? '\n\n' : '\n')
      return `${sign} ${box}${content.replace(/\n(?!\n)/g, '\n  ')}`
    })
    .join('\n')
}

function table({ header, rows }: Tokens.Table): string {
  const line = (cells: Tokens.TableCell[]) => cells.map(({ tokens }) => inlines(tokens)).join('\t')
  return [header, ...rows].map(line).join('\n')
}

const inlines = (tokens: readonly Token[]): string => tokens.map(inline).join('')

function inline(token: Token): string {
  switch (token.type) {
    case 'br':
      return '\n'
    case 'link': {
      const { href, tokens } = token as Tokens.Link
      const text = inlines(tokens)
      return text === href ? text : `${text} (${href})`
    }
    case 'image':
    case 'codespan':
    case 'escape':
    case 'html':
      return (token as Tokens.Codespan).text
    case 'checkbox':
      return ''
    case 'formula':
    case 'formulaBlock':
      return token.raw.trim()
    default:
      return 'tokens' in token && token.tokens
        ? inlines(token.tokens)
        : ((token as Tokens.Text).text ?? token.raw)
  }
}
