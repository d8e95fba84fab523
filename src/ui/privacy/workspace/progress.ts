import type { WorkspaceProgress } from '#app/workspace.svelte'
import type { Locale } from '#i18n/locale.svelte'

/** How far the work is, for a progress bar. */
export function progressOf(
  progress: WorkspaceProgress | null,
  locale: Locale,
): { fraction: number | undefined; detail: string } {
  if (!progress || progress.done === 0) return { fraction: undefined, detail: '' }
  const { kind, done, total } = progress
  const amount =
    kind === 'hashes' || kind === 'models' ? locale.bytes.bind(locale) : locale.number.bind(locale)
  if (total === null) return { fraction: undefined, detail: amount(done) }
  const { progress: of } = locale.t.workspace.import
  return { fraction: total === 0 ? undefined : done / total, detail: of(amount(done), amount(total)) }
}
