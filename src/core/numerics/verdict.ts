import { LETTER_TOLERANCE } from './golden-letters'
import type { SelfTestReport } from './types'

/** What a device can be relied on for, by its self-test. */
export interface NumericsVerdict {
  /** Several tokens can be appended to a cache that is not empty: long prompts in chunks, second turns. */
  appendsSound: boolean
  /** Single tokens can be appended: every reply is written so. */
  stepsSound: boolean
  /** Tokens can be taken off and others appended: nothing is reused without it. */
  popsSound: boolean
  /** Null where there is no other device to compare with. */
  lettersAgree: boolean | null
  /** All of these, as far as known. */
  sound: boolean
}

export function verdictOf({
  differences,
  tolerance,
  letters,
}: Pick<SelfTestReport, 'differences' | 'tolerance' | 'letters'>): NumericsVerdict {
  const isWithin = (difference: number | null) => difference !== null && difference <= tolerance
  const { 'two-chunks': many, 'small-chunk': few } = differences
  const appendsSound = isWithin(many) && (few === undefined || isWithin(few))
  const stepsSound = isWithin(differences['one-by-one'])
  const popsSound = isWithin(differences['after-pop'])
  const lettersAgree = letters && letters.largestDifference <= LETTER_TOLERANCE
  const sound = appendsSound && stepsSound && popsSound && lettersAgree !== false
  return { appendsSound, stepsSound, popsSound, lettersAgree, sound }
}
