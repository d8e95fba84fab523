/** The letters of a run, read again. */
import { officialExtraction } from '../answer/official'
import { strictExtraction } from '../answer/strict'
import type { Item } from '../dataset/item'
import { forwardScores } from '../run/forward'
import type { Answer, Protocol } from '../run/types'
import type { Sample } from '../strategy/types'
import { scoringsOf } from '../score/verdict'
import { CheckTally, type CheckResult } from './check-result'

/** Renormalised single-precision numbers, as engines give them. */
const SUM_TOLERANCE = 1e-4

const NO_LETTER = '–'

type ReadReply = Pick<Answer, 'reply' | 'finish' | 'officialLetter' | 'strictLetter' | 'strictReason'>

/** Checks answer after answer. */
export class LettersCheck {
  readonly #official = new CheckTally('official')
  readonly #strict = new CheckTally('strict')
  readonly #forward = new CheckTally('forward')
  readonly #protocol: Protocol

  constructor(protocol: Protocol) {
    this.#protocol = protocol
  }

  /**
   * @param item as asked and with its text; null where that is not known
   * @param samples that the answer was chosen from: then their letters are read again, not the answer's
   */
  add(answer: Answer, item: Item | null, samples: readonly Sample[] = []): void {
    const scorings = scoringsOf(this.#protocol)
    if (scorings.includes('official')) {
      const where = placeOf(answer)
      const wasAsked = answer.failure === null || answer.completionTokens > 0
      if (!answer.sampling) this.#read(answer, item, where, wasAsked)
      for (const sample of answer.sampling ? samples : []) this.#read(sample, item, where, true)
    }
    if (scorings.includes('forward')) this.#compute(answer)
  }

  results(): CheckResult[] {
    const tallies = { official: this.#official, strict: this.#strict, forward: this.#forward }
    return scoringsOf(this.#protocol).map((scoring) => tallies[scoring].result())
  }

  #read(
    { reply, finish, officialLetter, strictLetter, strictReason }: ReadReply,
    item: Item | null,
    where: ReturnType<typeof placeOf>,
    wasAsked: boolean,
  ): void {
    if (wasAsked && !item) {
      this.#official.skip('no-text')
      this.#strict.skip('no-text')
      return
    }
    const options = item?.options ?? []
    const official = wasAsked ? officialExtraction(reply, options) : null
    const strict = wasAsked ? strictExtraction(reply, options, finish) : null
    this.#official.compare(where, letterOf(official), officialLetter ?? NO_LETTER)
    this.#strict.compare(
      where,
      strict?.kind === 'letter' ? strict.letter : `${NO_LETTER} (${strict?.reason ?? 'empty'})`,
      strictLetter ?? `${NO_LETTER} (${strictReason ?? ''})`,
    )
  }

  #compute(answer: Answer): void {
    const { forward } = answer
    const where = placeOf(answer)
    if (!forward) {
      // A prompt that did not fit the context has neither; any other answer was scored.
      this.#forward.compare(where, answer.failure ? NO_LETTER : 'A–Z', NO_LETTER)
      return
    }
    const sum = forward.probabilities.reduce((total, probability) => total + probability, 0)
    if (Math.abs(sum - 1) > SUM_TOLERANCE) {
      this.#forward.pass()
      this.#forward.fail(where, '∑ = 1', `∑ = ${sum.toPrecision(6)}`)
      return
    }
    this.#forward.compare(where, forwardScores(forward).letter ?? NO_LETTER, forward.letter ?? NO_LETTER)
  }
}

function letterOf(extraction: ReturnType<typeof officialExtraction> | null): string {
  return extraction?.kind === 'letter' ? extraction.letter : NO_LETTER
}

function placeOf({ position, item }: Answer) {
  return { position, item: `${item.language} ${item.id}` }
}
