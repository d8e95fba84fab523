/** Formulas in Markdown: `$…$`, `$$…$$`, `\(…\)`, `\[…\]`. They become `var` (in a line) and `samp` (displayed) with the TeX in it. */
import type { TokenizerAndRendererExtension, Tokens } from 'marked'
import { FORMULA_CHARACTERS } from './markdown-limits'
import { escapeHtml } from './markdown-escape'

interface FormulaToken extends Tokens.Generic {
  type: 'formula' | 'displayedFormula'
  text: string
}

/** Opening and closing sign. */
const DISPLAYED = [
  ['$$', '$$'],
  ['\\[', '\\]'],
] as const
const INLINE = [...DISPLAYED, ['\\(', '\\)'], ['$', '$']] as const

const HAN = /\p{Script=Han}/u

/**
 * Whether text between dollar signs or brackets is TeX. "$5 per vial or 6$" and "\(optional\)" are not, "$x$",
 * "$5$" and "$5 + x$" are.
 */
export function looksLikeTeX(text: string): boolean {
  if (text.includes('\\')) return true
  if (HAN.test(text)) return false
  if (/^\d/.test(text) && /\s\p{L}{2}/u.test(text)) return false
  if (/[\^_={}<>+*/|±≤≥×-]/.test(text)) return !/\p{L}{3,}\s+\p{L}{3,}/u.test(text)
  return !/\s/.test(text) && !/^\p{Ll}{4,}$/u.test(text)
}

/** The formula that `source` begins with, or undefined. */
function formulaAt(source: string, signs: readonly (readonly [string, string])[]): FormulaToken | undefined {
  const [open, close] = signs.find(([sign]) => source.startsWith(sign)) ?? []
  if (!open || !close) return undefined
  const within = source.slice(open.length, open.length + FORMULA_CHARACTERS + close.length)
  const end = close === '$' ? closingDollar(within) : within.indexOf(close)
  const text = within.slice(0, Math.max(0, end))
  if (end < 0 || text.trim() === '' || /\n[ \t]*\n/.test(text)) return undefined
  if (open !== '$$' && !looksLikeTeX(text)) return undefined
  const type = open === '$$' || open === '\\[' ? 'displayedFormula' : 'formula'
  return { type, raw: open + text + close, text: text.trim() }
}

/** As in pandoc: no blank inside the signs, no digit after them. */
function closingDollar(within: string): number {
  if (/^\s/.test(within)) return -1
  const end = within.search(/[$\n]/)
  if (end < 1 || within[end] !== '$') return -1
  return /[\s\\]/.test(within[end - 1] ?? '') || /[\d$]/.test(within[end + 1] ?? '') ? -1 : end
}

function render({ type, text }: Tokens.Generic): string {
  const tag = type === 'displayedFormula' ? 'samp' : 'var'
  return `<${tag}>${escapeHtml(String(text))}</${tag}>`
}

/** Where a formula may begin next, or undefined. */
function nextStart(source: string, signs: readonly string[]): number | undefined {
  const starts = signs.map((sign) => source.indexOf(sign)).filter((index) => index >= 0)
  return starts.length === 0 ? undefined : Math.min(...starts)
}

/** A formula that fills its lines. */
const block: TokenizerAndRendererExtension = {
  name: 'formulaBlock',
  level: 'block',
  start: (source) => nextStart(source, ['\n$$', '\n\\[']),
  tokenizer(source) {
    const indent = /^ {0,3}/.exec(source)?.[0] ?? ''
    const formula = formulaAt(source.slice(indent.length), DISPLAYED)
    const lineEnd = formula && /^[ \t]*(?:\n|$)/.exec(source.slice(indent.length + formula.raw.length))
    if (!formula || !lineEnd) return undefined
    return { type: 'formulaBlock', raw: indent + formula.raw + lineEnd[0], text: formula.text }
  },
  renderer: ({ text }) => `<p>${render({ type: 'displayedFormula', raw: '', text: String(text) })}</p>\n`,
}

const inline: TokenizerAndRendererExtension = {
  name: 'formula',
  level: 'inline',
  start: (source) => nextStart(source, ['$', '\\(', '\\[']),
  tokenizer(source, tokens) {
    // "US$5" is a price.
    if (source.startsWith('$') && /[\p{L}\p{N}$]$/u.test(tokens.at(-1)?.raw ?? '')) {
      if (!HAN.test(tokens.at(-1)?.raw.slice(-1) ?? '')) return undefined
    }
    const formula = formulaAt(source, INLINE)
    return formula && { ...formula, type: 'formula', displayed: formula.type === 'displayedFormula' }
  },
  renderer: ({ text, displayed }) =>
    render({ type: displayed ? 'displayedFormula' : 'formula', raw: '', text: String(text) }),
}

export const FORMULAS: TokenizerAndRendererExtension[] = [block, inline]
