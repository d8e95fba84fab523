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
    fileSystem: hasFileSystem(),
    systemMemoryGB: deviceMemory ?? null,
    threads: hardwareConcurrency,
    crossOriginIsolated,
  }
}

function hasFileSystem(): boolean {
  // Missing on insecure origins and in old browsers, whatever the types say.
  const { storage } = navigator as { storage?: Partial<StorageManager> }
  return storage?.getDirectory !== undefined
}
