import { MAX_SAMPLES } from '#core/strategy/limits'
import type { StepAggregate, Strategy } from '#core/strategy/types'
import type { RunPlan } from '#core/run/types'
import { isWhole, type NumberInput } from './number-input'

export type StrategyKind = Strategy['kind']

export const STRATEGY_KINDS: readonly StrategyKind[] = ['single', 'self-consistency', 'best-of-n', 'vote-sum']

export const LEAST_SAMPLES = 2
export { MAX_SAMPLES }

/** Half of what MedS3 takes at least: a laptop writes a reply in a minute, not in a second. */
const DEFAULT_SAMPLES = 8

/** How MedS3 draws its replies. */
export const SAMPLING = { temperature: 1, topP: 0.95 } as const

/** How the next run answers each question: with one reply, or with what several say together. */
export class StrategyDraft {
  kind = $state<StrategyKind>('single')
  samples = $state<NumberInput>(DEFAULT_SAMPLES)
  /** What a reply is worth, from the scores of its steps. */
  aggregate = $state<StepAggregate>('min')
  stopsEarly = $state(true)

  get isSeveral(): boolean {
    return this.kind !== 'single'
  }

  /** Whether replies are chosen by their steps, which must be scored. */
  get usesSteps(): boolean {
    return this.kind === 'best-of-n' || this.kind === 'vote-sum'
  }

  /** Which fields hold something that no run can have. */
  get invalid(): Record<'samples', boolean> {
    return { samples: this.isSeveral && !isWhole(this.samples, LEAST_SAMPLES, MAX_SAMPLES) }
  }

  /** Undefined for one reply. */
  get value(): RunPlan['strategy'] {
    const { kind, stopsEarly, aggregate } = this
    const samples = this.samples ?? DEFAULT_SAMPLES
    switch (kind) {
      case 'single':
        return undefined
      case 'self-consistency':
        return { kind, samples, stopsEarly }
      case 'best-of-n':
      case 'vote-sum':
        return { kind, samples, stopsEarly, aggregate }
    }
  }
}
