/** Whether tokens and times of a run can be. */
import type { RunStart } from '../run/history'
import type { Answer, RunPlan } from '../run/types'
import { decodedTokens } from '../run/decoded-tokens'
import { madeAs } from '../run/origin'
import { CheckTally, type CheckResult } from './check-result'

/** Clocks are set right now and then, and one clock times the model while another dates the answer. */
const CLOCK_TOLERANCE_MS = 2000

/** Well above what any engine here generates for one reader, in tokens per second. */
const FASTEST = 50_000

type Timed = Pick<
  Answer,
  | 'position'
  | 'item'
  | 'reply'
  | 'completionTokens'
  | 'timeToFirstTokenMs'
  | 'decodeMs'
  | 'answeredAt'
  | 'forward'
  | 'sampling'
>

/** Checks answer after answer, in the order asked. */
export class TimesCheck {
  readonly #tally = new CheckTally('times')
  readonly #plan: Pick<RunPlan, 'decoding' | 'protocol'>
  readonly #starts: readonly Pick<RunStart, 'position' | 'at'>[]
  readonly #inOrder: boolean
  #start = 0
  #before = -Infinity

  constructor(
    plan: Pick<RunPlan, 'decoding' | 'protocol' | 'origin'>,
    starts: readonly Pick<RunStart, 'position' | 'at'>[],
  ) {
    this.#plan = plan
    this.#starts = starts
    // Parts are answered side by side: only the first session's beginning bounds their answers.
    this.#inOrder = madeAs(plan.origin).kind !== 'merged'
    if (!this.#inOrder) this.#before = Math.min(...starts.map(({ at }) => at))
  }

  add(answer: Timed): void {
    const { position, item, answeredAt, timeToFirstTokenMs, decodeMs, forward } = answer
    const where = { position, item: `${item.language} ${item.id}` }
    this.#begin(position)
    this.#tally.pass()
    const problem = this.#implausible(answer)
    const spent = timeToFirstTokenMs + decodeMs + (forward?.elapsedMs ?? 0)
    const passed = answeredAt - this.#before
    if (problem) this.#tally.fail(where, ...problem)
    else if (spent > passed + CLOCK_TOLERANCE_MS) {
      this.#tally.fail(where, `≤ ${Math.round(passed)} ms`, `${Math.round(spent)} ms`)
    }
    if (this.#inOrder) this.#before = answeredAt
  }

  result(): CheckResult {
    return this.#tally.result()
  }

  /** Sessions that begin at this question set the time from which it can have been answered. */
  #begin(position: number): void {
    if (!this.#inOrder) return
    for (; (this.#starts[this.#start]?.position ?? Infinity) <= position; this.#start += 1) {
      this.#before = this.#starts[this.#start]?.at ?? this.#before
    }
  }

  /** Expected and found. */
  #implausible(answer: Timed): [string, string] | null {
    const { reply, completionTokens, decodeMs, sampling } = answer
    const { decoding, protocol } = this.#plan
    const most = protocol === 'letters' ? 0 : decoding.maxTokens * (sampling?.taken ?? 1)
    if (completionTokens > most) return [`≤ ${most} tokens`, `${completionTokens} tokens`]
    if (reply !== '' && completionTokens === 0) return ['> 0 tokens', '0 tokens']
    const decoded = decodedTokens(answer)
    if (decoded > 0) {
      const speed = decodeMs === 0 ? Infinity : (decoded / decodeMs) * 1000
      if (speed > FASTEST) return [`≤ ${FASTEST} tokens/s`, `${Math.round(speed)} tokens/s`]
    }
    return null
  }
}
