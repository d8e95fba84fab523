import type { ModelStore } from '#app/model-store.svelte'
import type { Locale } from '#i18n/locale.svelte'

/** Says that `bytes` do not fit into the browser's storage; null where they do or the browser does not say. */
export function roomText(bytes: number, { space }: Pick<ModelStore, 'space'>, locale: Locale): string | null {
  if (!space?.estimate) return null
  const free = space.estimate.quotaBytes - space.estimate.usedBytes
  if (bytes <= free) return null
  return locale.t.store.reviewNoRoom(locale.bytes(bytes), locale.bytes(Math.max(0, free)))
}
