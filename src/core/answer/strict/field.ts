import { optionLetter } from '#core/prompt/question'
import type { OptionTexts } from '#core/answer/strict/plain-text'

/** What stands where an answer is expected. `none`: nothing that names an option. */
export type Field =
  | { kind: 'letter'; index: number; /** Nothing but the option's own text follows. */ bare: boolean }
  | { kind: 'option-text'; index: number }
  | { kind: 'conflicting' }
  | { kind: 'outside' }
  | { kind: 'none' }

/** Room for "the correct option", brackets and spaces before an answer. */
const SLACK = 80

const OPENING = /^[\s"'“”‘’([{<【】「」《》_:=>→\-–—]*/
const LETTER_LABEL = /^(?:(?:the\s)?(?:correct\s)?(?:option|choice|letter)s?\b|选项|选择|选)[\s"'([{:]{0,5}/i
const LATIN_RUN = /^[A-Za-z]+/
const CLOSING = /^["'“”‘’)\]}>】」》_]*/
const SEPARATOR = /^[\s.):,、。]*(?:[-–—]\s+)?/
/** More of a name, a number or a formula follows: B12, C5-C6, E=mc, A-line, K+. */
const GOES_ON = /^(?:[\p{L}\p{N}=+%°^](?<![\u3400-\u9fff])|[-–'’/](?=[\p{L}\p{N}]))/u
const ANOTHER =
  /^\s{0,3}(?:[,、/&+;|]|and\/or\b|and\b|or\b|plus\b|和|或者|或|与|及|以及)\s{0,3}(?:either\s|both\s|option\s|选项\s?)?["'([{]{0,3}([A-Z])(?=[^A-Za-z0-9=+]|$)/
const NOT_APPLICABLE = /^N\/A\b/
const SMALL_WORD_AFTER = /^\s+[a-z]/
/** Words that follow a letter which is an answer, and not an article or a part of a name ("E coli"). */
const AFTER_ANSWER =
  /^\s+(?:and|or|because|since|as|due|which|that|for|given|in|on|at|based|is|was|would|but|if|not|option|only|from|here|per|according|rather|over|plus|it|this|when|while|after|so|although|however|by)\b/
const SMALL_LETTER_END = /^\s*(?:[.,;:)\]}]|$)/
const TAKEN_BACK =
  /^\s*(?:选?项)?\s*(?:是|为|(?:is|was|are|would be|can be|may be)\b)?\s*(?:(?:not|incorrect|wrong|false|if|unless)\b|n['’]t|错|不|误|非|[?吗么])/i
/** A label in an analysis: "A. wrong". */
const CALLED_WRONG = /^[.):]\s*(?:incorrect|wrong|false|错|不正确)/i
const FIRST_SENTENCE = /^.*?(?:\.(?=\s)|。)/

/** Reads the answer that a plain text starts with, up to the end of its line. */
export function readField(text: string, options: OptionTexts): Field {
  const field = text.slice(0, options.longest + SLACK).trimStart()
  const [line = ''] = field.split('\n', 1)
  const labelled = line.replace(OPENING, '').replace(LETTER_LABEL, '').trimEnd()
  const named = readLetter(labelled, options)
  if (named.kind === 'none') return readOptionText(line, options)
  const isList = named.kind === 'letter' && isOptionList(named.index, labelled, field.slice(line.length))
  return isList ? { kind: 'none' } : named
}

function readLetter(line: string, options: OptionTexts): Field {
  const run = LATIN_RUN.exec(line)?.[0] ?? ''
  const letter = run.slice(0, 1)
  if (letter === '' || NOT_APPLICABLE.test(line)) return { kind: 'none' }
  if (run.length > 1) return isLetterList(run, options.count) ? { kind: 'conflicting' } : { kind: 'none' }
  const after = line.slice(1).replace(CLOSING, '')
  const said = after.replace(SEPARATOR, '')
  const index = indexOf(letter)
  if (said !== '' && options.find(said) === index) return { kind: 'letter', index, bare: true }
  const byLine = options.find(line)
  if (byLine >= 0 && byLine !== index) {
    return said === '' ? { kind: 'conflicting' } : { kind: 'option-text', index: byLine }
  }
  if (!isAnswerLetter(letter, after) || TAKEN_BACK.test(after) || CALLED_WRONG.test(after))
    return { kind: 'none' }
  const another = ANOTHER.exec(after)
  if (another?.[1] && isRival(another[1], letter, after.slice(another[0].length)))
    return { kind: 'conflicting' }
  if (GOES_ON.test(line.slice(1))) return { kind: 'none' }
  if (index >= options.count) return { kind: 'outside' }
  return options.find(said) >= 0 ? { kind: 'conflicting' } : { kind: 'letter', index, bare: said === '' }
}

function indexOf(letter: string): number {
  return letter.toUpperCase().charCodeAt(0) - 0x41
}

function isRival(other: string, letter: string, after: string): boolean {
  return other !== letter && isAnswerLetter(other, after)
}

/** A small letter counts only at the end of its clause, a capital not before a small word that goes with it. */
function isAnswerLetter(letter: string, after: string): boolean {
  if (letter >= 'a') return SMALL_LETTER_END.test(after)
  return !SMALL_WORD_AFTER.test(after) || (letter !== 'I' && AFTER_ANSWER.test(after))
}

/** "ACD": several options in their order, as one answers questions that have several answers. */
function isLetterList(run: string, count: number): boolean {
  const indexes = Array.from(run, indexOf)
  const rising = indexes.every((index, i) => i === 0 || index > (indexes[i - 1] ?? 0))
  return rising && run === run.toUpperCase() && indexes.every((index) => index < count)
}

/** Whether options are being listed: another letter stands as a label too, in the line or below it. */
function isOptionList(index: number, line: string, below: string): boolean {
  const isRivalLabel = (label: RegExpExecArray | null) => label !== null && label[1] !== optionLetter(index)
  if (isRivalLabel(LABEL_WITHIN.exec(line))) return true
  const hasText = line.replace(CLOSING, '').slice(1).replace(SEPARATOR, '') !== ''
  return hasText && isRivalLabel(LABEL_BELOW.exec(below))
}

const LABEL_WITHIN = /^.{2,}\s\(?([A-Z])[.):、]\s?\S/
const LABEL_BELOW = /^\s*\(?([A-Z])[.):、]/

/** The line, or its first sentence, word for word an option. */
function readOptionText(line: string, options: OptionTexts): Field {
  if (!options.mayStart(line)) return { kind: 'none' }
  const index = options.find(line)
  const found = index >= 0 ? index : options.find(FIRST_SENTENCE.exec(line)?.[0] ?? '')
  return found >= 0 ? { kind: 'option-text', index: found } : { kind: 'none' }
}
