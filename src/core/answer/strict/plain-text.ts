const EMPHASIS = /\*+|`+|\$+|~~|<\/?(?:b|strong|em|i|u|p|br|span) ?\/?>|^#+ /gim
const LATEX_FONT = /\\(?:text(?:bf|it|rm|sf|tt)?|math(?:bf|it|rm|sf|tt)?|bf|rm|displaystyle)\b/g
const ESCAPED_BRACKET = /\\([()[\]{}])/g

/**
 * A reply without Markdown emphasis, HTML emphasis and LaTeX fonts, with full-width and other compatible
 * forms of letters and punctuation made plain (`Ｂ：` becomes `B:`).
 */
export function plainText(reply: string): string {
  return reply.normalize('NFKC').replace(EMPHASIS, '').replace(LATEX_FONT, '').replace(ESCAPED_BRACKET, '$1')
}

/** Quotes and brackets at either end, and punctuation at the end: signs such as -, <, > are part of a value. */
const LEADING = new Set(` \t\r\n"'“”‘’([{【「《_`)
const TRAILING = new Set(` \t\r\n"'“”‘’)]}】」》:;,.、。!_`)

/** @param plain a {@link plainText} */
function comparable(plain: string): string {
  let start = 0
  let end = plain.length
  while (start < end && LEADING.has(plain[start] ?? '')) start++
  while (end > start && TRAILING.has(plain[end - 1] ?? '')) end--
  return plain.slice(start, end).replace(/\s+/g, ' ').toLowerCase()
}

/** Room for quotes, brackets and a following full stop around an option's text. */
const SLACK = 40

/**
 * Finds an option by its text. Texts are the same when they differ only in case, in spacing, in emphasis
 * and in quotes, brackets or punctuation around them.
 */
export class OptionTexts {
  readonly count: number
  /** No longer text is an option's. */
  readonly longest: number
  /** Index by text; -1 for a text that several options share. */
  private readonly indexes = new Map<string, number>()
  private readonly firstCharacters = new Set<string>()

  constructor(options: readonly string[]) {
    this.count = options.length
    let longest = 0
    options.forEach((option, index) => {
      const text = comparable(plainText(option))
      longest = Math.max(longest, text.length)
      this.indexes.set(text, this.indexes.has(text) ? -1 : index)
      this.firstCharacters.add(text.slice(0, 1))
    })
    this.longest = longest + SLACK
  }

  /** The one option that has this plain text, or -1. */
  find(plain: string): number {
    if (plain.length > this.longest || !this.mayStart(plain)) return -1
    return this.indexes.get(comparable(plain)) ?? -1
  }

  /** A quick test that most texts which are no option's fail. */
  mayStart(plain: string): boolean {
    let start = 0
    while (start < plain.length && LEADING.has(plain[start] ?? '')) start++
    return start < plain.length && this.firstCharacters.has((plain[start] ?? '').toLowerCase())
  }
}
