import type { Misfit } from '#core/receipt/expected'
import { studyMisfit } from '#core/study/check'
import type { StudyEvent, StudyRecord } from '#core/study/types'
import { planned } from '#core/workspace/check-record'
import { entryPath } from '#core/workspace/manifest'
import type { WorkspaceStore } from '#core/workspace/tables'
import { partsFrom, type RawDatabase } from './raw-database'

/** Checks a study's events as those of its kind, and makes anew what its record says of them. */
export async function checkStudy(
  staging: RawDatabase,
  id: string,
  onRecord: () => void,
): Promise<{ store: WorkspaceStore; misfit: Misfit } | null> {
  const record = (await staging.get('studies', id)) as StudyRecord
  const [keys, events] = await Promise.all([
    staging.getAllKeys('studyEvents', partsFrom(id)),
    staging.getAll('studyEvents', partsFrom(id)) as Promise<StudyEvent[]>,
  ])
  const wrong = (misfit: Misfit) => ({ store: 'studyEvents' as const, misfit })
  const last = events.at(-1)
  if (!last) return wrong(planned(id, entryPath('studyEvents'), '—'))
  for (const [index, key] of keys.entries()) {
    const number = (key as [string, number])[1]
    if (number !== index) return wrong(planned('key', `${id}[${index}]`, `${id}[${number}]`))
    onRecord()
  }
  const found = studyMisfit(record.kind, events, id)
  if (found) return wrong(found)
  const made: StudyRecord = { ...record, events: events.length, updatedAt: last.at }
  delete made.standing
  await staging.put('studies', made)
  return null
}
