import type { Notices } from '#app/notices.svelte'
import type { Runs } from '#app/runs.svelte'
import type { RunSummary } from '#core/run/summary'
import type { Locale } from '#i18n/locale.svelte'

/** Removes a run and offers the way back; false when it could not be removed. */
export async function removeRun(
  runs: Pick<Runs, 'remove'>,
  notices: Notices,
  locale: Locale,
  { id, plan }: Pick<RunSummary, 'id' | 'plan'>,
): Promise<boolean> {
  const texts = locale.t.results
  try {
    const undo = await runs.remove(id)
    notices.show({
      text: texts.deleted(plan.name),
      kind: 'info',
      action: { label: locale.t.common.undo, run: undo },
    })
    return true
  } catch {
    notices.show({ text: texts.deleteFailed, kind: 'bad' })
    return false
  }
}
