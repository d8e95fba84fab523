/** What measures on the engine besides runs; fetched with the pages that have it. */
import type { Preferences } from '#data/db/preferences'
import { BrowserRunLocks } from '#data/run-lock'
import type { Datasets } from './datasets.svelte'
import type { EngineStore } from './engine.svelte'
import type { EngineUse } from './engine-use.svelte'
import type { Models } from './models.svelte'
import { Planning } from './planning.svelte'
import { runModels } from './run-models'
import { keepAwake } from './run-wake-lock'
import type { Runs } from './runs.svelte'
import { StepScoring } from './step-scoring.svelte'

export interface MeasuringPorts {
  preferences: Preferences
  engine: EngineStore
  use: EngineUse
  models: Models
  datasets: Datasets
  runs: Runs
  locks: LockManager | undefined
}

export async function openPlanning({ models, locks, use, ...ports }: MeasuringPorts): Promise<Planning> {
  const planning = new Planning({
    ...ports,
    locks: new BrowserRunLocks(locks),
    models: runModels(models),
    keepAwake,
    now: () => Date.now(),
  })
  use.enter(planning, { measures: true })
  await planning.restore()
  return planning
}

export function openStepScoring({ runs, engine, models, use, locks }: MeasuringPorts): StepScoring {
  const scoring = new StepScoring({
    runs,
    engine,
    loaded: () => models.held,
    locks: new BrowserRunLocks(locks),
    keepAwake,
    now: () => Date.now(),
  })
  use.enter(scoring, { measures: true })
  return scoring
}
