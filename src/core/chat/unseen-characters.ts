/** Characters that nobody sees and that change what is read: bidirectional controls, zero-width and control characters. */

/** Of text: what can be shown as it is, or a run of unseen characters. */
export type TextPart = { kind: 'text'; text: string } | { kind: 'unseen'; text: string }

const UNSEEN =
  // eslint-disable-next-line no-control-regex, no-misleading-character-class -- these characters are what is looked for
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u034F\u061C\u115F\u1160\u17B4\u17B5\u180B-\u180F\u200B-\u200F\u2028-\u202E\u2060-\u206F\u3164\uFEFF\uFFA0\uFFF0-\uFFFB\u{E0000}-\u{E0FFF}]+/gu

// Zero-width joiners are spelling in these scripts and build emoji.
const JOINER = /^[\u200C\u200D]$/
const BEFORE_JOINER =
  /^[\p{Extended_Pictographic}\p{Emoji_Modifier}\uFE0F\p{Script=Arabic}\p{Script=Syriac}\p{Script=Devanagari}\p{Script=Bengali}\p{Script=Tamil}\p{Script=Telugu}\p{Script=Kannada}\p{Script=Malayalam}\p{Script=Sinhala}\p{Script=Khmer}\p{M}]/u
const AFTER_JOINER = /^[\p{Extended_Pictographic}\u2640\u2642\p{L}]/u

/** Whether there is any; quick, for text that mostly has none. */
export function hasUnseen(text: string): boolean {
  return text.search(UNSEEN) >= 0
}

/** The parts of `text` in order; together they are `text`. */
export function* partsBySight(text: string): Generator<TextPart> {
  let from = 0
  for (const { 0: run, index } of text.matchAll(UNSEEN)) {
    if (isSpelling(text, run, index)) continue
    if (index > from) yield { kind: 'text', text: text.slice(from, index) }
    yield { kind: 'unseen', text: run }
    from = index + run.length
  }
  if (from < text.length) yield { kind: 'text', text: text.slice(from) }
}

function isSpelling(text: string, run: string, index: number): boolean {
  if (!JOINER.test(run)) return false
  return (
    BEFORE_JOINER.test([...text.slice(Math.max(0, index - 2), index)].at(-1) ?? '') &&
    AFTER_JOINER.test(text.slice(index + 1, index + 3))
  )
}

/** "U+202E" for one character, "U+200B ×12" for a run of one, "U+200B…" for a mixture. */
export function nameUnseen(run: string): string {
  const characters = [...run]
  const first = (characters[0]?.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')
  if (characters.length === 1) return `U+${first}`
  return characters.every((character) => character === characters[0])
    ? `U+${first} ×${characters.length}`
    : `U+${first}…`
}

/** `text` without them, for where it is copied to. */
export function withoutUnseen(text: string): string {
  return hasUnseen(text)
    ? [...partsBySight(text)].map((part) => (part.kind === 'text' ? part.text : '')).join('')
    : text
}
