/** The choices of a run, made again from its samples. */
import { canonicalJson } from '../export/canonical-json'
import { isDecided, plannedSeed, sampledAnswer } from '../run/sampling'
import type { Answer, RunPlan } from '../run/types'
import type { Sample } from '../strategy/types'
import { CheckTally, type CheckResult } from './check-result'

/** What an answer takes from its samples; its letters, its reply and its costs among it. */
const FROM_SAMPLES = [
  'officialLetter',
  'strictLetter',
  'strictReason',
  'reply',
  'finish',
  'promptTokens',
  'completionTokens',
  'timeToFirstTokenMs',
  'decodeMs',
] as const satisfies (keyof Answer)[]

/** Checks answer after answer. */
export class ChoicesCheck {
  readonly #tally = new CheckTally('choices')
  readonly #plan: Pick<RunPlan, 'strategy' | 'decoding' | 'itemIndexes'>

  constructor(plan: Pick<RunPlan, 'strategy' | 'decoding' | 'itemIndexes'>) {
    this.#plan = plan
  }

  /** @param samples all that are stored of the question, in the order drawn */
  add(answer: Answer, samples: readonly Sample[]): void {
    if (!this.#plan.strategy) return
    const { position, item } = answer
    const problem = this.#problem(answer, samples)
    this.#tally.pass()
    if (problem) this.#tally.fail({ position, item: `${item.language} ${item.id}` }, ...problem)
  }

  /** None where the plan has no strategy. */
  results(): CheckResult[] {
    return this.#plan.strategy ? [this.#tally.result()] : []
  }

  /** What was expected and what was found, of the first thing that differs. */
  #problem(answer: Answer, samples: readonly Sample[]): [string, string] | null {
    const { strategy } = this.#plan
    const { sampling, position } = answer
    // Too long a prompt leaves nothing to choose from; a run that says so has no samples to be checked.
    if (!strategy || (!sampling && answer.failure)) return null
    if (samples.length === 0) return ['> 0', '0']
    for (const [index, { seed }] of samples.entries()) {
      const planned = plannedSeed(this.#plan, position, index)
      if (seed !== planned) return [`#${index + 1}: ${planned}`, `#${index + 1}: ${seed}`]
    }
    // As many as were needed: neither ended before the choice was settled, nor drawn on after it.
    const needed = samples.findIndex((_, index) => isDecided(strategy, samples.slice(0, index + 1))) + 1
    const enough = needed === 0 ? `> ${samples.length}` : String(needed)
    if (enough !== String(samples.length)) return [enough, String(samples.length)]
    const chosen = sampledAnswer(strategy, samples)
    const [expected, found] = [canonicalJson(chosen.sampling), canonicalJson(sampling ?? null)]
    if (expected !== found) return [expected, found]
    const other = FROM_SAMPLES.find((member) => !isEqual(chosen[member], answer[member]))
    if (!other) return null
    return [`${other}: ${String(chosen[other])}`, `${other}: ${String(answer[other])}`]
  }
}

/** Sums of times may differ in their last digits where they were added in another order. */
function isEqual(left: string | number | null, right: string | number | null): boolean {
  if (typeof left !== 'number' || typeof right !== 'number') return left === right
  return Math.abs(left - right) <= 1e-6 * Math.max(1, Math.abs(left))
}
