import type { EngineResult } from '#core/engine'
import { failure, success } from '#core/result'

/** What the compiled model libraries ask of the device; below it WebLLM throws only after the download. */
const REQUIRED_LIMITS = {
  maxStorageBuffersPerShaderStage: 10,
  maxComputeWorkgroupStorageSize: 32 * 1024,
  maxBufferSize: 256 * 1024 ** 2,
  maxStorageBufferBindingSize: 128 * 1024 ** 2,
} as const

/**
 * Looks at the WebGPU adapter before anything is downloaded: a missing feature shows itself late in WebLLM,
 * as an invalid shader. Gives the adapter's name for the engine's description.
 */
export async function inspectAdapter(requiresShaderF16: boolean): Promise<EngineResult<string>> {
  const { gpu } = navigator as { gpu?: GPU }
  if (!gpu)
    return failure({
      kind: 'webgpu-unavailable',
      reason: self.isSecureContext ? 'no-api' : 'insecure-origin',
    })
  // The same question as WebLLM asks, so that it is the same adapter.
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' })
  if (!adapter) return failure({ kind: 'webgpu-unavailable', reason: 'no-adapter' })
  if (requiresShaderF16 && !adapter.features.has('shader-f16'))
    return failure({ kind: 'feature-missing', feature: 'shader-f16' })
  for (const [name, least] of Object.entries(REQUIRED_LIMITS)) {
    const has = adapter.limits[name as keyof typeof REQUIRED_LIMITS]
    if (has < least) return failure({ kind: 'feature-missing', feature: `${name} ≥ ${least} (has ${has})` })
  }
  return success(adapterName(adapter.info))
}

function adapterName(info: GPUAdapterInfo): string {
  const name = [info.vendor, info.architecture].filter((part) => part !== '').join(' ')
  const software = info.isFallbackAdapter ? ', software' : ''
  return `WebGPU (${name === '' ? 'unnamed adapter' : name}${software})`
}
