/** What is fetched with the pages of the lab only. */
import type { ExpertsEvent } from '#core/experts/types'
import type { StudyEvent, StudyId, StudyKind } from '#core/study/types'
import type { SomnusDatabase } from '#data/db/schema'
import { StudyLog } from '#data/db/studies'
import { randomId } from '#data/random-id'
import type { Chats } from './chats.svelte'
import type { EngineStore } from './engine.svelte'
import { Experts } from './experts.svelte'
import { ModelChannel } from './model-channel'
import type { Models } from './models.svelte'
import { Studies } from './studies.svelte'
import type { TabWork } from './tab-work.svelte'

export interface Lab {
  experts: Experts
}

export interface LabPorts {
  database: SomnusDatabase
  engine: EngineStore
  models: Models
  chats: Pick<Chats, 'busy'>
  work: Pick<TabWork, 'watch'>
}

export async function openLab({ database, engine, models, chats, work }: LabPorts): Promise<Lab> {
  const experts = new Experts({
    studies: await openStudies<ExpertsEvent>(database, 'experts'),
    engine,
    models,
    isEngineTaken: () => chats.busy || engine.busy || engine.isMeasuring(),
    now: () => Date.now(),
  })
  // Between two stages the engine is not busy.
  work.watch(() => experts.busy)
  return { experts }
}

/** The studies of a kind; `Event` is what its events are. */
export async function openStudies<Event extends StudyEvent>(
  database: SomnusDatabase,
  kind: StudyKind,
): Promise<Studies<Event>> {
  const studies = new Studies({
    log: new StudyLog<Event>(database, kind),
    channel: new ModelChannel(`somnus-studies-${kind}`),
    now: () => Date.now(),
    newId: () => randomId() as StudyId,
  })
  await studies.restore()
  return studies
}
