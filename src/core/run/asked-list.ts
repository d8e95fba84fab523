import type { ItemLanguage } from '../prompt/question'

/** A question by its name: the same on every machine that has the dataset, whatever the order of its rows. */
export interface AskedQuestion {
  id: string
  language: ItemLanguage
  rotation: number
}

/**
 * The text whose SHA-256 (UTF-8, hex) is a plan's `askedSha256`: per question, in the order asked, one line with the
 * JSON array of id, language and rotation, ended by a line feed.
 */
export function askedList(questions: readonly AskedQuestion[]): string {
  return questions
    .map(({ id, language, rotation }) => `${JSON.stringify([id, language, rotation])}\n`)
    .join('')
}
