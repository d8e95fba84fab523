import { lengthSteps, type LengthProfile } from '#core/score/length'
import { reliabilitySteps } from '#core/score/reliability'
import { speedSteps, type SpeedProfile } from '#core/score/speed'
import type { Calibration } from '#core/stats/calibration'
import type { RunRecord } from '#data/db/runs'
import { breath, inSteps } from './slices'

export type ChartedRun = Pick<RunRecord, 'plan' | 'answers' | 'rotated' | 'starts'>

/** The numbers behind a run's pictures. They come one after the other, in slices; null until then. */
export class RunCharts {
  #calibration = $state.raw<Calibration | null>(null)
  #length = $state.raw<LengthProfile | null>(null)
  #speed = $state.raw<SpeedProfile | null>(null)
  #latest: ChartedRun | null = null

  get calibration() {
    return this.#calibration
  }

  get length() {
    return this.#length
  }

  get speed() {
    return this.#speed
  }

  /** What was made of another run, or of fewer answers, stays until its successor is there. */
  async make(run: ChartedRun): Promise<void> {
    this.#latest = run
    const { answers, rotated, starts } = run
    const isLatest = async () => {
      await breath()
      return this.#latest === run
    }
    if (!(await isLatest())) return
    const calibration = await inSteps(reliabilitySteps(answers))
    if (!(await isLatest())) return
    this.#calibration = calibration
    const length = await inSteps(lengthSteps(answers))
    if (!(await isLatest())) return
    this.#length = length
    const asked = [...answers, ...rotated].sort((left, right) => left.position - right.position)
    const speed = await inSteps(speedSteps(asked, starts))
    if (await isLatest()) this.#speed = speed
  }
}
