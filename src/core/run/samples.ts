/** What a run keeps of a question whose answer was chosen from several replies. */
import type { Sample, StepScores } from '../strategy/types'
import type { RunEvent } from './types'

/** A reply, and when it was stored (ms since 1970). */
export interface DrawnSample extends Sample {
  at: number
}

/** What another scorer said of a stored sample's steps; of two by one scorer the later counts. */
export interface LaterScores {
  at: number
  /** Index of the sample. */
  sample: number
  scores: StepScores
}

export interface QuestionSamples {
  position: number
  /** In the order drawn. */
  samples: DrawnSample[]
  /** In the order in which they came. */
  later: LaterScores[]
}

/** By position. */
export type RunSamples = ReadonlyMap<number, QuestionSamples>

/** Gathers the samples of a run from its events, in order; all others are passed over. */
export class SampleCollector {
  readonly samples = new Map<number, QuestionSamples>()

  add(event: RunEvent): void {
    if (event.kind === 'paused' && event.withdrawnFrom !== undefined) this.dropFrom(event.withdrawnFrom)
    if (event.kind === 'sampled') this.#at(event.position).samples.push({ ...event.sample, at: event.at })
    if (event.kind === 'scored') {
      const { at, sample, scores } = event
      this.#at(event.position).later.push({ at, sample, scores })
    }
  }

  /** Forgets the samples of the question at `position` and of all behind it. */
  dropFrom(position: number): void {
    for (const at of [...this.samples.keys()]) if (at >= position) this.samples.delete(at)
  }

  #at(position: number): QuestionSamples {
    const found = this.samples.get(position) ?? { position, samples: [], later: [] }
    this.samples.set(position, found)
    return found
  }
}
