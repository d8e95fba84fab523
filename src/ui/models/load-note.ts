import { hostOf } from '#app/model-failure-text'
import { downloadHosts, type ModelVariant } from '#core/catalog'
import type { StoredModelState } from '#core/model/stored'
import type { Locale } from '#i18n/locale.svelte'

/** What a press on the load button will fetch, and from where; `state` is null where nothing is stored. */
export function downloadNote(
  variant: ModelVariant,
  state: StoredModelState | null,
  mirror: string | null,
  locale: Locale,
): string {
  const t = locale.t.models
  const hosts = downloadHosts(variant)
  if (state === 'complete') return hosts.length > 0 || 'storedId' in variant ? t.isStored : t.noDownload
  const from = mirror === null ? hosts : mirrorHosts(variant, mirror, locale)
  if (state === 'damaged') return t.isDamaged
  if (state === 'incomplete') return t.isIncomplete(from.join(t.hostJoin))
  return t.willDownload(locale.bytes(variant.downloadBytes), from.join(t.hostJoin))
}

/** Where a download through a mirror goes, in words: public mirrors of the weights have no libraries. */
export function mirrorHosts(variant: ModelVariant, mirror: string, locale: Locale): string[] {
  const t = locale.t.store
  const used = t.mirrorUsed(hostOf(mirror))
  return variant.engine === 'webllm' ? [used, t.mirrorLibrary] : [used]
}
