/** What verifying a run found, check by check. */

export type RunCheckId =
  /** The words of the prompts give the hash that the run names. */
  | 'prompts'
  /** The dataset of this name here has the items that the run names. */
  | 'dataset'
  /** Drawing sample, rotations and part again from the seed gives these questions in this order. */
  | 'sample'
  /** The questions asked give the hash that the run names. */
  | 'asked-list'
  /** Each item is the one of the dataset. */
  | 'items'
  /** Reading each reply again gives the same letter. */
  | 'official'
  | 'strict'
  /** Choosing again from the samples gives the same answer, and they have the seeds and the number that were planned. */
  | 'choices'
  /** The letter is the most probable one, and the probabilities sum to 1. */
  | 'forward'
  /** Counting the answers gives the numbers that the run is listed with. */
  | 'counts'
  /** Tokens and times can be: within limits, in order, and no more than the clock allows. */
  | 'times'

/** Why something could not be checked. */
export type UncheckedReason =
  /** The dataset with these items is not in this browser. */
  | 'no-dataset'
  /** The file had no question texts, and the dataset is not here. */
  | 'no-text'
  /** The run does not say: it was made before this was kept, or not all of it was answered. */
  | 'not-recorded'

/** One thing that is not as it should be. */
export interface Finding {
  /** Of the answer; null for the whole run. */
  position: number | null
  /** Language and id of the item; empty where there is none. */
  item: string
  expected: string
  found: string
}

export interface CheckResult {
  id: RunCheckId
  outcome: 'passed' | 'failed' | 'unchecked'
  checked: number
  failed: number
  /** How many more could not be checked, and why. */
  unchecked: number
  reason: UncheckedReason | null
  /** The first of what failed. */
  findings: Finding[]
}

/** Findings kept of one check: more than anyone reads, less than a page can hold. */
export const MAX_FINDINGS = 1000

/** Counts what one check compares. */
export class CheckTally {
  readonly id: RunCheckId
  #checked = 0
  #failed = 0
  #unchecked = 0
  #reason: UncheckedReason | null = null
  readonly #findings: Finding[] = []

  constructor(id: RunCheckId) {
    this.id = id
  }

  compare(where: Pick<Finding, 'position' | 'item'>, expected: string, found: string): void {
    this.#checked += 1
    if (expected !== found) this.fail(where, expected, found)
  }

  /** Counts something as checked that is as it should be. */
  pass(): void {
    this.#checked += 1
  }

  /** A finding about something that was counted as checked. */
  fail(where: Pick<Finding, 'position' | 'item'>, expected: string, found: string): void {
    this.#failed += 1
    if (this.#findings.length < MAX_FINDINGS) this.#findings.push({ ...where, expected, found })
  }

  skip(reason: UncheckedReason): void {
    this.#unchecked += 1
    this.#reason = reason
  }

  result(): CheckResult {
    const [checked, failed, unchecked] = [this.#checked, this.#failed, this.#unchecked]
    return {
      id: this.id,
      outcome: failed > 0 ? 'failed' : checked > 0 ? 'passed' : 'unchecked',
      checked,
      failed,
      unchecked,
      reason: this.#reason,
      findings: this.#findings,
    }
  }
}

/** Of the whole run; also where several answers fail in one way, so that they are not counted one by one. */
export const WHOLE_RUN = { position: null, item: '' } as const
