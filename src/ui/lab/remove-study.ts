import type { Stores } from '#app/stores'
import type { Studies } from '#app/studies.svelte'
import type { StudyEvent, StudyRecord } from '#core/study/types'
import { removeNamed } from '../remove-with-undo'

/** Deletes a study and offers the way back. */
export async function removeStudy<Event extends StudyEvent>(
  studies: Studies<Event>,
  { id, name }: StudyRecord,
  stores: Pick<Stores, 'locale' | 'notices'>,
): Promise<void> {
  await removeNamed(() => studies.remove(id), name, stores.locale.t.lab.list.deleted, stores)
}
