/** What is fetched with the pages of the lab only. */
import type { FilterEvent } from '#core/cross-filter/types'
import type { ExpertsEvent } from '#core/experts/types'
import type { OpenEvent } from '#core/open-ended/types'
import type { StudyEvent, StudyId, StudyKind } from '#core/study/types'
import type { SomnusDatabase } from '#data/db/schema'
import { StudyLog } from '#data/db/studies'
import { randomId } from '#data/random-id'
import { BrowserRunLocks, type RunLocks } from '#data/run-lock'
import { CrossFilter } from './cross-filter.svelte'
import { startImport } from './dataset-importer'
import type { EngineStore } from './engine.svelte'
import type { EngineUse } from './engine-use.svelte'
import { Experts } from './experts.svelte'
import { ModelChannel } from './model-channel'
import type { Models } from './models.svelte'
import { OpenEnded } from './open-ended.svelte'
import { keepAwake } from './run-wake-lock'
import { Studies } from './studies.svelte'

export interface Lab {
  experts: Experts
  crossFilter: CrossFilter
  openEnded: OpenEnded
}

export interface LabPorts {
  database: SomnusDatabase
  engine: EngineStore
  models: Models
  use: EngineUse
  locks: LockManager | undefined
}

export async function openLab({ database, engine, models, use, locks }: LabPorts): Promise<Lab> {
  const runLocks = new BrowserRunLocks(locks)
  const experts: Experts = new Experts({
    studies: await openStudies<ExpertsEvent>(database, 'experts', runLocks),
    engine,
    models,
    isEngineTaken: () => use.isTakenFrom(experts),
    isMeasuring: () => use.isMeasuredBeside(experts),
    locks: runLocks,
    now: () => Date.now(),
  })
  const crossFilter: CrossFilter = new CrossFilter({
    studies: await openStudies<FilterEvent>(database, 'cross-filter', runLocks),
    engine,
    models,
    locks: runLocks,
    startImport,
    isEngineTaken: () => use.isTakenFrom(crossFilter),
    keepAwake,
    now: () => Date.now(),
    appVersion: __APP_VERSION__,
  })
  const openEnded: OpenEnded = new OpenEnded({
    studies: await openStudies<OpenEvent>(database, 'open-ended', runLocks),
    engine,
    models,
    locks: runLocks,
    startImport,
    isEngineTaken: () => use.isTakenFrom(openEnded),
    keepAwake,
    now: () => Date.now(),
    newRater: randomId,
    appVersion: __APP_VERSION__,
  })
  // Two experts say what they think; nothing of theirs is measured.
  use.enter(experts, { measures: false })
  use.enter(crossFilter, { measures: true })
  use.enter(openEnded, { measures: true })
  return { experts, crossFilter, openEnded }
}

/** The studies of a kind; `Event` is what its events are. */
export async function openStudies<Event extends StudyEvent>(
  database: SomnusDatabase,
  kind: StudyKind,
  locks: Pick<RunLocks, 'heldRuns'>,
): Promise<Studies<Event>> {
  const studies = new Studies({
    log: new StudyLog<Event>(database, kind),
    channel: new ModelChannel(`${database.name}-studies-${kind}`),
    held: () => locks.heldRuns(),
    now: () => Date.now(),
    newId: () => randomId() as StudyId,
  })
  await studies.restore()
  return studies
}
