/**
 * How a letter was found. `pattern` and `fuzzy` are the two ways of the official AnesBench script;
 * `statement` (the reply says which letter), `bare-letter` (the reply is nothing else) and `option-text`
 * (the reply gives one option word for word) are ours.
 */
export type ExtractionPath = 'pattern' | 'fuzzy' | 'statement' | 'bare-letter' | 'option-text'

/** Why there is no letter. */
export type NoAnswerReason =
  | 'empty'
  | 'unfinished-reasoning'
  | 'conflicting'
  | 'letter-outside-options'
  | 'truncated'
  | 'refusal'
  | 'no-statement'
  | 'no-options'

/** What a reply answers: an option letter (`A` is the first option), or nothing with the reason. */
export type Extraction =
  { kind: 'letter'; letter: string; path: ExtractionPath } | { kind: 'none'; reason: NoAnswerReason }

/** Option letters run from A to Z: no dataset in the AnesBench shape can name a 27th option. */
export const MAX_OPTIONS = 26

/** A caller that passes more options than there are letters has a bug: datasets are checked on import. */
export function assertOptionCount(options: readonly string[]): void {
  if (options.length > MAX_OPTIONS) throw new RangeError(`${options.length} options, at most ${MAX_OPTIONS}`)
}
