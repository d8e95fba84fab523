/** What was measured of the computer and browser the app runs in. Filled in by src/data/device.ts. */
export interface DeviceCapabilities {
  webgpu: WebGpuCapability
  /** `navigator.deviceMemory` in GB, or null where the browser does not tell; coarse and capped by browsers. */
  systemMemoryGB: number | null
  /** Logical processors. */
  threads: number
  /** Whether the page may share memory between threads (COOP and COEP headers). */
  crossOriginIsolated: boolean
}

export type WebGpuCapability =
  | {
      kind: 'available'
      /** Vendor and architecture as the browser tells them, e.g. "apple metal-3"; may be empty. */
      adapter: string
      /** True when WebGPU is emulated on the CPU. */
      software: boolean
      shaderF16: boolean
      /** Bytes. */
      maxBufferSize: number
      /** Bytes. */
      maxStorageBufferBindingSize: number
    }
  | { kind: 'unavailable'; reason: 'no-api' | 'no-adapter' | 'insecure-origin' }
