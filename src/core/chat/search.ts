/** Finding messages by the words in them. */
import type { ConversationId, MessageId } from './types'
import { withoutUnseen } from './unseen-characters'

export interface SearchHit {
  conversation: ConversationId
  /** Null where only the title has the words. */
  message: MessageId | null
  /** The text around the first word found, and where the word is in it, in UTF-16 units. */
  excerpt: string
  start: number
  length: number
}

export interface SearchResult {
  /** One for each conversation: its newest message that has all the words. */
  hits: SearchHit[]
  /** More conversations have them than are told. */
  more: boolean
}

/** As many as a list is read for. */
export const MOST_HITS = 100

/** Characters of the text that are shown before and after what was found. */
const BEFORE = 30
const AFTER = 90

/** What is compared: no difference of case, and full-width letters as plain ones. Lengths stay as they are. */
export function folded(text: string): string {
  return (
    text
      // The one letter that becomes longer: an i and a dot above it.
      .replaceAll('\u0130', 'i')
      .toLowerCase()
      .replace(/[\uff01-\uff5e]/g, (wide) => String.fromCharCode(wide.charCodeAt(0) - 0xfee0))
      .replace(/\u3000/g, ' ')
  )
}

/** The words of a query, folded. Chinese has no spaces, so a run of it is one word. */
export function wordsOf(query: string): string[] {
  return [...new Set(folded(query).split(/\s+/u))].filter((word) => word !== '')
}

const TAGS = /<\/?(?:think|thinking|answer)>/gi
const LINE_MARKS = /^[ \t]{0,3}(?:#{1,6}[ \t]|>[ \t]?|```)/gm
const TABLE_RULES = /^[|:\- \t]{3,}$/gm
const MARKS = /\*\*|__|`/g

/** A reply without the tags of its reasoning and the marks of Markdown, as it is searched and shown in a line. */
export function unmarked(reply: string): string {
  const text = withoutUnseen(reply).replace(TAGS, ' ').replace(LINE_MARKS, '').replace(TABLE_RULES, '')
  return text.replace(MARKS, '').replaceAll('|', ' ').trim()
}

/** Whether a folded text has all the words. */
export function hasWords(text: string, words: readonly string[]): boolean {
  return words.every((word) => text.includes(word))
}

/** `text` as it was written, which has at least the first of the words. */
export function excerptOf(
  text: string,
  words: readonly string[],
): Pick<SearchHit, 'excerpt' | 'start' | 'length'> {
  const [word = ''] = words
  const at = Math.max(0, folded(text).indexOf(word))
  const from = wholeCharacter(text, Math.max(0, at - BEFORE))
  const to = wholeCharacter(text, Math.min(text.length, at + word.length + AFTER))
  const head = from > 0 ? '…' : ''
  const tail = to < text.length ? '…' : ''
  // Each white space becomes one space, so that positions stay.
  const excerpt = head + text.slice(from, to).replace(/\s/g, ' ') + tail
  return { excerpt, start: head.length + at - from, length: word.length }
}

/** Not between the two halves of a character beyond the basic plane. */
function wholeCharacter(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code >= 0xdc00 && code <= 0xdfff ? at - 1 : at
}
