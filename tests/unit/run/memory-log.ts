import { failure, type Result } from '#core/result'
import type { LogFailure, RunLog } from '#core/run/log'
import { reduce, type RunSummary } from '#core/run/summary'
import type { RunEvent, RunId } from '#core/run/types'
import type { Sample } from '#core/strategy/types'

/** A run log in memory that obeys the port's contract; `refuseNext` makes it fail as a full disk does. */
export class MemoryLog implements RunLog {
  readonly events: RunEvent[] = []
  summary: RunSummary | null = null
  #refusals: { kind: RunEvent['kind']; failure: LogFailure }[] = []

  refuseNext(kind: RunEvent['kind'], refusal: LogFailure): void {
    this.#refusals.push({ kind, failure: refusal })
  }

  async append(_runId: RunId, event: RunEvent): Promise<Result<RunSummary, LogFailure>> {
    await Promise.resolve()
    const refusal = this.#refusals.findIndex((one) => one.kind === event.kind)
    if (refusal >= 0) return failure(this.#refusals.splice(refusal, 1)[0]!.failure)
    const next = reduce(this.summary, event)
    if (!next.ok) return next
    this.events.push(structuredClone(event))
    this.summary = next.value
    return next
  }

  openSamples(): Promise<Sample[]> {
    const open = this.summary?.sampled ?? 0
    const drawn = this.events.flatMap((event) => (event.kind === 'sampled' ? [event.sample] : []))
    return Promise.resolve(open === 0 ? [] : drawn.slice(-open))
  }

  get kinds(): RunEvent['kind'][] {
    return this.events.map((event) => event.kind)
  }

  get answeredPositions(): number[] {
    return this.events.flatMap((event) => (event.kind === 'answered' ? [event.answer.position] : []))
  }
}
