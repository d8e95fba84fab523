import {
  askedAgain,
  flipKind,
  flipRate,
  forwardChange,
  sameReplies,
  type AskedAgain,
  type FlipKind,
  type FlipRate,
  type ForwardChange,
} from '#core/receipt/flip-rate'
import { madeAs, originalId } from '#core/run/origin'
import { countedAnswers, type RunSummary } from '#core/run/summary'
import { scoringsOf, type Scoring } from '#core/score/verdict'
import type { Share } from '#core/score/share'
import type { RunRecord } from '#data/db/runs'
import type { Runs } from './runs.svelte'

export interface FlippedItem extends AskedAgain {
  kind: FlipKind
}

export type FlipState =
  | { kind: 'reading' }
  /** The run whose items were asked again is not here. */
  | { kind: 'missing' }
  | { kind: 'ready'; original: RunSummary; pairs: readonly AskedAgain[]; engines: RunSummary['engines'] }

/** A run that asked a share of another's items again, beside that other run. */
export class FlipView {
  readonly #record: RunRecord
  #state = $state.raw<FlipState>({ kind: 'reading' })
  #scoring = $state<Scoring>('official')
  readonly #pairs = $derived(this.#state.kind === 'ready' ? this.#state.pairs : [])
  readonly #rate = $derived(flipRate(this.#pairs, this.#scoring))
  readonly #flipped = $derived(
    this.#pairs.flatMap((pair): FlippedItem[] => {
      const kind = flipKind(pair, this.#scoring)
      return kind ? [{ ...pair, kind }] : []
    }),
  )

  constructor(record: RunRecord) {
    this.#record = record
    this.#scoring = scoringsOf(record.plan.protocol)[0]
  }

  get state(): FlipState {
    return this.#state
  }

  get scorings(): readonly Scoring[] {
    return scoringsOf(this.#record.plan.protocol)
  }

  get scoring(): Scoring {
    return this.#scoring
  }

  get rate(): FlipRate {
    return this.#rate
  }

  get flipped(): readonly FlippedItem[] {
    return this.#flipped
  }

  get sameReplies(): Share {
    return sameReplies(this.#pairs)
  }

  get forward(): ForwardChange | null {
    return forwardChange(this.#pairs)
  }

  judgeBy(scoring: Scoring): void {
    this.#scoring = scoring
  }

  async load(runs: Pick<Runs, 'load' | 'summaries'>): Promise<void> {
    const made = madeAs(this.#record.plan.origin)
    const wanted = made.kind === 'rerun' ? made.runId : null
    // On the machine that made it, or on one that imported both.
    const candidates = runs.summaries.filter((one) => one.id === wanted || originalId(one.plan) === wanted)
    // It may have been imported twice, the first time before it had ended.
    const [original] = candidates.toSorted((one, other) => countedAnswers(other) - countedAnswers(one))
    const before = original && (await runs.load(original.id))
    this.#state = before
      ? {
          kind: 'ready',
          original: before.summary,
          pairs: askedAgain(before.answers, this.#record.answers),
          engines: before.summary.engines,
        }
      : { kind: 'missing' }
  }
}
