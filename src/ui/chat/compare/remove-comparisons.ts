import type { Comparisons } from '#app/comparisons.svelte'
import type { Stores } from '#app/stores'
import type { ComparisonRecord } from '#core/chat/comparison'

/** Deletes comparisons, named by their first question, and offers the way back. */
export async function removeComparisons(
  records: readonly ComparisonRecord[],
  comparisons: Comparisons,
  { locale, notices }: Pick<Stores, 'locale' | 'notices'>,
): Promise<void> {
  const [first] = records
  if (!first) return
  const undo = await comparisons.remove(records.map(({ id }) => id))
  notices.show({
    text: locale.t.chatCompare.list.deleted(first.question),
    kind: 'info',
    action: { label: locale.t.common.undo, run: undo },
  })
}
