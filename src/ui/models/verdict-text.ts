import type { CannotReason, SlowReason, VariantVerdict } from '#core/catalog/verdict'
import type { Locale } from '#i18n/locale.svelte'

/** A verdict in one sentence of the user's language. */
export function verdictText(verdict: VariantVerdict, locale: Locale): string {
  switch (verdict.kind) {
    case 'runs':
      return locale.t.device.verdict.runs
    case 'runs-slowly':
      return slowText(verdict.reason, locale)
    case 'cannot':
      return cannotText(verdict.reason, locale)
  }
}

function slowText(reason: SlowReason, locale: Locale): string {
  const t = locale.t.device.verdict
  const speed = (tokensPerSecond: number) => locale.number(tokensPerSecond, tokensPerSecond < 10 ? 1 : 0)
  switch (reason.kind) {
    case 'software-gpu':
      return t.softwareGpu
    case 'processor':
      return t.slowProcessor(speed(reason.tokensPerSecond))
    case 'compatible-build':
      return reason.tokensPerSecond === null
        ? t.compatibleBuild
        : t.compatibleBuildAt(speed(reason.tokensPerSecond))
    case 'slow-kernel':
      return t.slowKernel(reason.quantization)
  }
}

function cannotText(reason: CannotReason, locale: Locale): string {
  const t = locale.t.device.verdict
  const size = (megabytes: number) => locale.bytes(megabytes * 1e6)
  switch (reason.kind) {
    case 'webgpu':
      return t.noWebGpu
    case 'shader-f16':
      return t.noHalfPrecision
    case 'buffer-size':
      return t.bufferTooSmall(size(reason.neededMB), size(reason.availableMB))
    case 'workgroup-storage':
      return t.workgroupTooSmall(locale.bytes(reason.needed), locale.bytes(reason.available))
    case 'storage-buffers':
      return t.tooFewBuffers(locale.number(reason.needed), locale.number(reason.available))
    case 'device-refused':
      return t.deviceRefused
    case 'wasm-simd':
      return t.noSimd
    case 'file-too-large':
      return t.fileTooLarge(size(reason.neededMB), size(reason.availableMB))
    case 'memory':
      return t.memoryTooSmall(size(reason.neededMB), size(reason.availableMB))
    case 'no-file-system':
      return t.noFileSystem
    case 'storage':
      return t.storageTooSmall(size(reason.neededMB), size(reason.availableMB))
  }
}
