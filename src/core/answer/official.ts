import { fromCodePoints, toCodePoints } from '#core/answer/official/characters'
import { closestOption } from '#core/answer/official/closest-option'
import { replaceOptionTexts } from '#core/answer/official/option-texts'
import { letterByPattern } from '#core/answer/official/patterns'
import { assertOptionCount, type Extraction } from '#core/answer/types'
import { optionLetter } from '#core/prompt/question'

/**
 * The letter that AnesBench's official script reads from a reply: option texts are replaced by their
 * letters, eight patterns are tried, and failing these the most similar option is taken. So a letter always
 * comes out, even from an empty reply (A), unless there are no options. Reasoning is not stripped.
 *
 * @param reply the whole reply
 * @param options the option texts, A first, at most 26
 */
export function officialExtraction(reply: string, options: readonly string[]): Extraction {
  assertOptionCount(options)
  if (options.length === 0) return { kind: 'none', reason: 'no-options' }
  const text = replaceOptionTexts(toCodePoints(reply), options)
  const byPattern = letterByPattern(text, options.length)
  if (byPattern >= 0) return { kind: 'letter', letter: optionLetter(byPattern), path: 'pattern' }
  return { kind: 'letter', letter: optionLetter(closestOption(fromCodePoints(text), options)), path: 'fuzzy' }
}
