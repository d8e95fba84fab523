import type { VariantVerdict } from '#core/catalog/verdict'
import type { EngineFailure } from '#core/engine'

/**
 * Why a variant must not even be tried: it would fail late, often after a long download. Null for verdicts that
 * rest on an estimate (memory) and for those that a download decides for itself (storage).
 */
export function loadObstacle(verdict: VariantVerdict): EngineFailure | null {
  if (verdict.kind !== 'cannot') return null
  const { reason } = verdict
  switch (reason.kind) {
    case 'webgpu':
      return { kind: 'webgpu-unavailable', reason: reason.reason }
    case 'shader-f16':
      return { kind: 'feature-missing', feature: 'shader-f16' }
    case 'workgroup-storage':
      return {
        kind: 'feature-missing',
        feature: `maxComputeWorkgroupStorageSize ≥ ${reason.needed} (has ${reason.available})`,
      }
    case 'storage-buffers':
      return {
        kind: 'feature-missing',
        feature: `maxStorageBuffersPerShaderStage ≥ ${reason.needed} (has ${reason.available})`,
      }
    case 'buffer-size':
      return {
        kind: 'feature-missing',
        feature: `maxStorageBufferBindingSize ≥ ${Math.round(reason.neededMB)} MB (has ${Math.round(reason.availableMB)} MB)`,
      }
    case 'device-refused':
      return { kind: 'engine-error', detail: reason.detail }
    case 'wasm-simd':
      return { kind: 'feature-missing', feature: 'WebAssembly SIMD' }
    case 'file-too-large':
      return {
        kind: 'model-too-large',
        bytes: Math.round(reason.neededMB * 1e6),
        limitBytes: Math.round(reason.availableMB * 1e6),
      }
    case 'memory':
    case 'no-file-system':
    case 'storage':
      return null
  }
}
