/** Measures what the app may use of this computer. Works in a page and in a worker. */
import type { DeviceCapabilities, WebGpuCapability } from '#core/catalog/device'

/** `navigator.deviceMemory` is Chromium's alone and missing from the standard types. */
type NavigatorWithMemory = typeof navigator & { deviceMemory?: number }

export async function probeDevice(): Promise<DeviceCapabilities> {
  return {
    webgpu: await probeWebGpu(),
    systemMemoryGB: (navigator as NavigatorWithMemory).deviceMemory ?? null,
    threads: navigator.hardwareConcurrency,
    crossOriginIsolated,
  }
}

async function probeWebGpu(): Promise<WebGpuCapability> {
  if (!isSecureContext) return { kind: 'unavailable', reason: 'insecure-origin' }
  // Missing in browsers without WebGPU, whatever the types say.
  const gpu = navigator.gpu as GPU | undefined
  if (!gpu) return { kind: 'unavailable', reason: 'no-api' }
  // Asked for as WebLLM asks for it, so that both get the same adapter. A broken driver may reject.
  const adapter = await gpu.requestAdapter({ powerPreference: 'high-performance' }).catch(() => null)
  if (!adapter) return { kind: 'unavailable', reason: 'no-adapter' }
  const { vendor, architecture, description } = adapter.info
  return {
    kind: 'available',
    adapter: description || [vendor, architecture].filter(Boolean).join(' '),
    software: adapter.info.isFallbackAdapter,
    shaderF16: adapter.features.has('shader-f16'),
    maxBufferSize: adapter.limits.maxBufferSize,
    maxStorageBufferBindingSize: adapter.limits.maxStorageBufferBindingSize,
  }
}
