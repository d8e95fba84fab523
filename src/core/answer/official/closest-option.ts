import { Alphabet, Phrase } from '#core/answer/official/phrase'
import { certainRatio, weightedRatio } from '#core/answer/official/similarity'

/**
 * The option most like a text (0 is A), as thefuzz's `extractOne` with its default scorer finds it: the
 * first of those with the highest score. A text or option without letters and digits scores 0.
 */
export function closestOption(text: string, options: readonly string[]): number {
  const cleaned = options.map(clean)
  const alphabet = new Alphabet(cleaned)
  // thefuzz 0.22 prepares the query twice: a middle dot ends a word here, and in an option it does not.
  const query = new Phrase(clean(normalise(text)), alphabet)
  const candidates = cleaned.map((option, index) => {
    const phrase = new Phrase(option, alphabet)
    return { index, phrase, certain: certainRatio(query, phrase) }
  })
  // Those sure of a high score first: what they reach spares the others most of the work.
  candidates.sort((a, b) => b.certain - a.certain)
  let best = { index: 0, score: -1 }
  for (const { index, phrase } of candidates) {
    const score = weightedRatio(query, phrase, Math.max(0, best.score))
    if (score > best.score || (score === best.score && index < best.index)) best = { index, score }
  }
  return options.indexOf(options[best.index] ?? '')
}

/** Characters 128 to 255. */
const LATIN_1 = /[\u0080-\u00ff]/g
const CAPITAL_SIGMA = /Σ/g
const DOTTED_CAPITAL_I = /İ/g
const NOT_ALPHANUMERIC = /[^\p{L}\p{N}]/gu

/** Latin-1 characters dropped (thefuzz means "ASCII only", but Chinese stays), the rest normalised. */
function clean(text: string): string {
  return normalise(text.replace(LATIN_1, ''))
}

/**
 * All but letters and digits made spaces, lower case, trimmed. Python lowers each character by itself;
 * JavaScript looks at a final sigma's place and splits the dotted capital I.
 */
function normalise(text: string): string {
  const spaced = text.replace(NOT_ALPHANUMERIC, ' ')
  return spaced.replace(CAPITAL_SIGMA, 'σ').replace(DOTTED_CAPITAL_I, 'i').toLowerCase().trim()
}
