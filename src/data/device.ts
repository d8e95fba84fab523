/** Measures what the app may use of this computer. Works in a page and in a worker. */
import { readBrowser } from '#core/catalog/browser'
import type { DeviceCapabilities } from '#core/catalog/device'
import { storageStatus } from './storage-status'
import { wasmFeatures } from './wasm-features'
import { probeWebGpu } from './webgpu'

/** `deviceMemory` is Chromium's alone and missing from the standard types; workers have no touch points. */
type MeasuredNavigator = typeof navigator & { deviceMemory?: number; maxTouchPoints?: number }

export async function probeDevice(): Promise<DeviceCapabilities> {
  const { userAgent, maxTouchPoints, deviceMemory, hardwareConcurrency } = navigator as MeasuredNavigator
  const [webgpu, storage] = await Promise.all([
    probeWebGpu(),
    // Private windows of some browsers refuse the question.
    storageStatus().catch(() => ({ estimate: null, persisted: false })),
  ])
  return {
    browser: readBrowser(userAgent, maxTouchPoints ?? 0),
    webgpu,
    wasm: wasmFeatures(),
    storage,
    systemMemoryGB: deviceMemory ?? null,
    threads: hardwareConcurrency,
    crossOriginIsolated,
  }
}
