import type { Comparisons } from '#app/comparisons.svelte'
import type { Stores } from '#app/stores'
import type { ComparisonRecord } from '#core/chat/comparison'
import { removeNamed } from '../../remove-with-undo'

/** Deletes comparisons, named by their first question, and offers the way back; false where that failed. */
export async function removeComparisons(
  records: readonly ComparisonRecord[],
  comparisons: Comparisons,
  stores: Pick<Stores, 'locale' | 'notices'>,
): Promise<boolean> {
  const [first] = records
  if (!first) return true
  const remove = () => comparisons.remove(records.map(({ id }) => id))
  return removeNamed(remove, first.question, stores.locale.t.chatCompare.list.deleted, stores)
}
