import type { ModelProgress } from '#app/model-store.svelte'
import type { Locale } from '#i18n/locale.svelte'

/** An inspection under way as a progress bar; a large file is read whole, which has a length. */
export function lookingBar(
  progress: ModelProgress | null,
  locale: Locale,
): { label: string; detail: string; fraction: number | undefined } {
  const t = locale.t.store
  if (progress?.kind !== 'verifying') return { label: t.looking, detail: '', fraction: undefined }
  const { doneBytes, totalBytes } = progress
  return {
    label: t.step.verifying,
    detail: t.amount(locale.bytes(doneBytes), locale.bytes(totalBytes)),
    fraction: totalBytes > 0 ? doneBytes / totalBytes : undefined,
  }
}
