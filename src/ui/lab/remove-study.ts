import type { Stores } from '#app/stores'
import type { Studies } from '#app/studies.svelte'
import type { StudyEvent, StudyRecord } from '#core/study/types'

/** Deletes a study and offers the way back. */
export async function removeStudy<Event extends StudyEvent>(
  studies: Studies<Event>,
  { id, name }: StudyRecord,
  { locale, notices }: Pick<Stores, 'locale' | 'notices'>,
): Promise<void> {
  const undo = await studies.remove(id)
  notices.show({
    text: locale.t.lab.list.deleted(name),
    kind: 'info',
    action: { label: locale.t.common.undo, run: undo },
  })
}
