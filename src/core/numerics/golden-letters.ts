/** Option letters of a few questions as another device gave them with the same files. */
import * as v from 'valibot'
import type { LetterComparison } from './types'

/**
 * Largest difference of a letter's probability between devices that compute the same. In single precision logits differ by
 * at most 1e-3, which moves a probability by 5e-4; in half precision by more, which was not measured.
 */
export const LETTER_TOLERANCE = 0.05

/** Of a probability; far below the tolerance. */
const DIGITS = 6

/** Each costs a whole prompt; on a software adapter that is minutes. */
export const MOST_GOLDEN_ITEMS = 8

const Words = v.pipe(v.string(), v.trim(), v.minLength(1, 'must not be empty'))
const Probability = v.pipe(v.number(), v.minValue(0), v.maxValue(1))

const GoldenItemSchema = v.pipe(
  v.strictObject({
    messages: v.pipe(
      v.array(v.strictObject({ role: v.picklist(['system', 'user', 'assistant']), content: v.string() })),
      v.minLength(1, 'needs at least one message'),
    ),
    letters: v.pipe(
      v.array(v.pipe(v.string(), v.regex(/^[A-Z]$/, 'must be a capital letter'))),
      v.minLength(2, 'needs at least two letters'),
    ),
    /** Of the letters, in their order, summing to 1. */
    probabilities: v.array(Probability),
  }),
  v.check((item) => item.letters.length === item.probabilities.length, 'needs a probability for each letter'),
  v.check(({ probabilities }) => Math.abs(sum(probabilities) - 1) < 1e-3, 'probabilities must sum to 1'),
)

export const GoldenLettersSchema = v.strictObject({
  /** As the engine named it: EngineDescription.device. */
  device: Words,
  /** SHA-256 (hex) of the files that gave it; with others the probabilities are others. */
  fingerprint: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')),
  librarySha256: v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/, 'must be 64 hexadecimal digits')),
  items: v.pipe(
    v.array(GoldenItemSchema),
    v.minLength(1, 'needs at least one item'),
    v.maxLength(MOST_GOLDEN_ITEMS, `must have at most ${MOST_GOLDEN_ITEMS} items`),
  ),
})

export type GoldenLetters = v.InferOutput<typeof GoldenLettersSchema>
export type GoldenItem = GoldenLetters['items'][number]

/** Members of an EngineDescription. */
interface Answerer {
  device: string
  fingerprint: string
  librarySha256: string | null
}

/** A reference for other devices, from what this one answered; null where its library is not known by its hash. */
export function goldenLettersFrom(
  { device, fingerprint, librarySha256 }: Answerer,
  answers: readonly GoldenItem[],
): GoldenLetters | null {
  if (librarySha256 === null) return null
  const items = answers.map(({ messages, letters, probabilities }) => ({
    messages,
    letters,
    probabilities: probabilities.map((probability) => Number(probability.toFixed(DIGITS))),
  }))
  return { device, fingerprint, librarySha256, items }
}

/** Whether both have the same weights and the same code; else their letters say nothing of the device. */
export function isReferenceFor(golden: GoldenLetters, own: Omit<Answerer, 'device'>): boolean {
  return golden.fingerprint === own.fingerprint && golden.librarySha256 === own.librarySha256
}

/** `found` has the probabilities of each item's letters, in the order of the items; both have the same lengths. */
export function compareLetters(
  { device, items }: GoldenLetters,
  found: readonly (readonly number[])[],
): LetterComparison {
  let sameLetter = 0
  let largestDifference = 0
  items.forEach(({ probabilities }, i) => {
    const own = found[i] ?? []
    if (own.length !== probabilities.length) throw new Error('Not the probabilities of these letters.')
    if (mostProbable(own) === mostProbable(probabilities)) sameLetter += 1
    probabilities.forEach((probability, letter) => {
      const difference = Math.abs(probability - own[letter]!)
      // No number is no agreement.
      largestDifference = Number.isNaN(difference) ? 1 : Math.max(largestDifference, difference)
    })
  })
  return { referenceDevice: device, items: items.length, sameLetter, largestDifference }
}

function mostProbable(probabilities: readonly number[]): number {
  return probabilities.indexOf(Math.max(...probabilities))
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
