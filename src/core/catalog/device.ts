/** What was measured of the computer and browser the app runs in. Filled in by src/data/device.ts. */
import type { BrowserInfo } from './browser'

export interface DeviceCapabilities {
  browser: BrowserInfo
  webgpu: WebGpuCapability
  wasm: WasmFeatures
  storage: StorageCapability
  /** Whether downloads can be kept: the browser's private file system, missing on insecure origins. */
  fileSystem: boolean
  /** `navigator.deviceMemory` in GB, or null where the browser does not tell; coarse and capped by browsers. */
  systemMemoryGB: number | null
  /** Logical processors. */
  threads: number
  /** Whether the page may share memory between threads (COOP and COEP headers). */
  crossOriginIsolated: boolean
}

export type WebGpuCapability =
  | ({ kind: 'available' } & GpuAdapter)
  | { kind: 'unavailable'; reason: 'no-api' | 'insecure-origin' }
  | {
      kind: 'unavailable'
      reason: 'no-adapter'
      /** What WebGL gets here: it tells a missing graphics unit from one that WebGPU alone refuses. */
      webgl: 'hardware' | 'software' | 'none'
    }

export interface GpuAdapter {
  /** Description, or vendor and architecture, as the browser tells them, e.g. "apple metal-3"; may be empty. */
  adapter: string
  /** True when WebGPU is emulated on the CPU. */
  software: boolean
  shaderF16: boolean
  /** Threads that run in step; null without the feature, a size is null where the browser does not tell. */
  subgroups: { min: number | null; max: number | null } | null
  limits: GpuLimits
  /** The low-power adapter's name, where the computer has another one than the one used. */
  lowPowerAdapter: string | null
  /** Why a device with the limits that WebLLM asks for could not be opened; null when it was. */
  deviceProblem: string | null
}

/** The adapter's limits, by their names in WebGPU; buffer sizes and workgroup storage in bytes. */
export interface GpuLimits {
  maxBufferSize: number
  maxStorageBufferBindingSize: number
  maxComputeWorkgroupStorageSize: number
  maxStorageBuffersPerShaderStage: number
  maxComputeInvocationsPerWorkgroup: number
}

/** What of WebAssembly the browser runs. */
export interface WasmFeatures {
  simd: boolean
  /** 64-bit memory addresses. */
  memory64: boolean
  /** JavaScript Promise Integration. */
  jspi: boolean
}

/** The space this site may use, in bytes; `estimate` is null where the browser does not say. */
export interface StorageCapability {
  estimate: { usedBytes: number; quotaBytes: number } | null
  /** True when the browser will not evict this site's data by itself. */
  persisted: boolean
}

/** Bytes that can still be stored; null where the browser does not say. */
export function freeStorage({ estimate }: StorageCapability): number | null {
  return estimate && Math.max(0, estimate.quotaBytes - estimate.usedBytes)
}
