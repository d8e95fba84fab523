import type { ImportState } from '#app/datasets.svelte'
import type { Locale } from '#i18n/locale.svelte'

type Busy = Extract<ImportState, { kind: 'reading' | 'saving' }>

/** An import under way as a progress bar: label, what is done so far, and the share of it where it is known. */
export function importProgress(
  locale: Locale,
  { kind, name, progress }: Busy,
): { label: string; detail: string; fraction: number | undefined } {
  const texts = locale.t.datasets
  if (!progress) {
    return {
      label: kind === 'saving' ? texts.saving(name) : texts.reading(name),
      detail: '',
      fraction: undefined,
    }
  }
  switch (progress.kind) {
    case 'downloading':
    case 'reading': {
      const { loadedBytes, totalBytes } = progress
      const loaded = locale.bytes(loadedBytes)
      return {
        label: progress.kind === 'reading' ? texts.reading(name) : texts.downloading(name),
        detail: totalBytes === null ? loaded : texts.bytesOf(loaded, locale.bytes(totalBytes)),
        fraction: totalBytes === null ? undefined : loadedBytes / Math.max(totalBytes, 1),
      }
    }
    case 'parsing':
      return {
        label: texts.parsing(name),
        detail: texts.rowsRead(locale.number(progress.rows)),
        fraction: undefined,
      }
    case 'saving':
      return {
        label: texts.saving(name),
        detail: texts.itemsOf(locale.number(progress.items), locale.number(progress.totalItems)),
        fraction: progress.items / Math.max(progress.totalItems, 1),
      }
  }
}
