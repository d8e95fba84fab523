/** What is fetched with the pages of the lab only. */
import type { StudyEvent, StudyId, StudyKind } from '#core/study/types'
import type { SomnusDatabase } from '#data/db/schema'
import { StudyLog } from '#data/db/studies'
import { randomId } from '#data/random-id'
import { ModelChannel } from './model-channel'
import { Studies } from './studies.svelte'

export interface Lab {
  experts: Studies<StudyEvent>
}

export interface LabPorts {
  database: SomnusDatabase
}

export async function openLab({ database }: LabPorts): Promise<Lab> {
  return { experts: await openStudies(database, 'experts') }
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
