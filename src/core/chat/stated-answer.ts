/** What a reply states as its answer, for comparing replies to a question without options. */
import { plainText } from '../answer/strict/plain-text'
import { splitReply } from './reasoning'

/** A longer text is an explanation: two of them are never the same word for word. */
const LONGEST_ANSWER = 120

/** The last `<answer>`, where there is one. */
const TAGGED = /<answer>/i

const STATED = [
  /\b(?:the )?(?:final |correct |best |most likely )?answer(?: is|:)\s*([^\n]{1,400})/gi,
  /(?:最终|正确)?答案(?:应)?(?:是|为|：|:)\s*([^\n]{1,400})/g,
  /\\boxed\{([^{}\n]{1,200})\}/g,
]

/** Ends a statement: a full stop only before a blank or at the end, so that "1.5 mg" stays whole. */
const STATEMENT_END = /[.!?](?=\s|$)|[。！？；;]/

const LETTER_LINE = /^\W{0,3}([A-Z])\W{0,3}$/

/**
 * The answer as the reply says it: of an `<answer>`, of the last "the answer is …" or `\boxed{…}`, a letter in a line of
 * its own, or a whole reply of one short line. Null where nothing of the kind stands there.
 */
export function statedAnswer(reply: string): string | null {
  const { answer } = splitReply(reply)
  const text = plainText(answer).trim()
  if (text === '') return null
  const stated = lastStated(text)
  if (stated !== null) return stated
  const lines = text.split('\n').filter((line) => line.trim() !== '')
  const letter = LETTER_LINE.exec(lines.at(-1) ?? '')?.[1] ?? LETTER_LINE.exec(lines[0] ?? '')?.[1]
  if (letter !== undefined) return letter
  const isWhole = lines.length === 1 || TAGGED.test(reply)
  return isWhole ? usable(text) : null
}

const AROUND = /^[\s"'“”‘’([{【「《_]+|[\s"'“”‘’)\]}】」》_:;,.、。!]+$/g

/** What two answers have in common when they are the same: a letter with or without its text, else the words. */
export function answerKey(answer: string): string {
  const plain = plainText(answer).replace(AROUND, '')
  const letter = /^([A-Z])(?:$|["'”’)\]}]?[.):、,]\s?\S)/.exec(plain)?.[1]
  if (letter !== undefined) return letter
  if (/^[a-z]$/.test(plain)) return plain.toUpperCase()
  // A sign before a number is a part of it, so nothing inside is left out.
  return plain
    .toLowerCase()
    .replace(/^(?:the|an?)\s+/, '')
    .replace(/\s+/g, ' ')
}

function lastStated(text: string): string | null {
  const found = STATED.flatMap((pattern) => [...text.matchAll(pattern)]).sort((a, b) => a.index - b.index)
  const said = found.at(-1)?.[1]
  if (said === undefined) return null
  const end = STATEMENT_END.exec(said)
  return usable(end ? said.slice(0, end.index) : said)
}

function usable(text: string): string | null {
  const answer = text
    .replace(/\s+/g, ' ')
    .replace(/[\s.。]+$/, '')
    .trim()
  const isSaid = /[\p{L}\p{N}]/u.test(answer) && answer.length <= LONGEST_ANSWER
  return isSaid ? answer : null
}
