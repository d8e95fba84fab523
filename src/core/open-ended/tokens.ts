/** How texts are cut into words for the automatic metrics. */
import type { ItemLanguage } from '../prompt/question'

/**
 * Characters that are words of their own in sacreBLEU's `zh` tokenizer: ideographs, radicals, strokes, bopomofo, CJK and
 * full-width punctuation. Where it means the ideographs beyond U+FFFF, its ranges name U+2001 to U+2A6D (dashes, quotation
 * marks, arrows, mathematical signs): so do these, or scores could not be compared with anyone's.
 */
const CHINESE_RANGES: readonly [number, number][] = [
  [0x2001, 0x2a6d],
  [0x2e80, 0x2fdf],
  [0x2ff0, 0x303f],
  [0x3100, 0x312f],
  [0x31a0, 0x31bf],
  [0x31c0, 0x31ef],
  [0x3200, 0x4db5],
  [0x4e00, 0x9fbb],
  [0xf900, 0xfa2d],
  [0xfa30, 0xfa6a],
  [0xfa70, 0xfad9],
  [0xfe10, 0xfe1f],
  [0xfe30, 0xfe4f],
  [0xff00, 0xffef],
]

function isChinese(character: string): boolean {
  const code = character.codePointAt(0) ?? 0
  return CHINESE_RANGES.some(([first, last]) => code >= first && code <= last)
}

/**
 * Words for BLEU. English: the rules of NIST's mteval-v13a, which are sacreBLEU's default; Chinese: each Chinese character
 * a word, the rest by the same rules of punctuation (sacreBLEU's `zh`). Case is kept.
 */
export function bleuTokens(text: string, language: ItemLanguage): string[] {
  const spaced =
    language === 'zh'
      ? Array.from(text.trim(), (character) => (isChinese(character) ? ` ${character} ` : character)).join('')
      : ` ${unescaped(text)} `
  return separated(spaced).split(/\s+/u).filter(Boolean)
}

function unescaped(text: string): string {
  return text
    .replaceAll('<skipped>', '')
    .replaceAll('-\n', '')
    .replaceAll('\n', ' ')
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
}

/** Sets punctuation apart; full stops and commas stay in numbers, and so does a hyphen that no digit precedes. */
function separated(text: string): string {
  return text
    .replace(/[{-~[-` -&(-+:-@/]/g, ' $& ')
    .replace(/([^0-9])([.,])/gu, '$1 $2 ')
    .replace(/([.,])([^0-9])/gu, ' $1 $2')
    .replace(/([0-9])(-)/g, '$1 $2 ')
}

/**
 * Words for ROUGE. English: runs of letters a to z and digits in lower case, without stemming (the default of Google's
 * `rouge_score`); Chinese: every Chinese character, and such runs between them. Punctuation is left out.
 */
export function rougeTokens(text: string, language: ItemLanguage): string[] {
  const words = language === 'zh' ? /\p{Script=Han}|[a-z0-9]+/gu : /[a-z0-9]+/g
  return text.toLowerCase().match(words) ?? []
}
