import type { VariantVerdict } from '#core/catalog/verdict'
import type { Locale } from '#i18n/locale.svelte'

/** A verdict in one sentence of the user's language. */
export function verdictText(verdict: VariantVerdict, locale: Locale): string {
  const t = locale.t.models.verdict
  const size = (megabytes: number) => locale.bytes(megabytes * 1e6)
  if (verdict.kind === 'runs') return t.runs
  const { reason } = verdict
  switch (reason.kind) {
    case 'software-gpu':
      return t.softwareGpu
    case 'processor':
      return t.slowProcessor(locale.number(reason.tokensPerSecond, 1))
    case 'webgpu':
      return t.noWebGpu
    case 'shader-f16':
      return t.noHalfPrecision
    case 'buffer-size':
      return t.bufferTooSmall(size(reason.neededMB), size(reason.availableMB))
    case 'memory':
      return t.memoryTooSmall(size(reason.neededMB), size(reason.availableMB))
  }
}
