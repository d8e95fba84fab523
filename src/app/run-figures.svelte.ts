import type { Answer, RunPlan } from '#core/run/types'
import { effortSteps, type Effort } from '#core/score/level-effort'
import { estimateSteps, type RunEstimate } from '#core/score/run-estimate'
import { scoringsOf } from '#core/score/verdict'
import { inSteps } from './slices'

/** What a run's answers say of more than themselves. */
export interface RunFigures {
  estimate: RunEstimate
  /** All levels together first, if there are several. */
  effort: Effort[]
}

/** The figures of one run, computed in slices. */
export class RunFiguresView {
  #figures = $state.raw<RunFigures | null>(null)
  #latest = 0

  /** Null until they are computed for the first time. */
  get figures(): RunFigures | null {
    return this.#figures
  }

  /** Computes the figures of `answers`; those of earlier answers stay until then. */
  async compute(answers: readonly Answer[], plan: RunPlan): Promise<void> {
    this.#latest += 1
    const turn = this.#latest
    const figures = await inSteps(figureSteps(answers, plan))
    if (turn === this.#latest) this.#figures = figures
  }
}

function* figureSteps(answers: readonly Answer[], plan: RunPlan): Generator<undefined, RunFigures> {
  const estimate = yield* estimateSteps(answers, plan, scoringsOf(plan.protocol)[0])
  return { estimate, effort: yield* effortSteps(answers) }
}
