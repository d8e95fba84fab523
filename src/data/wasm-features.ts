import type { WasmFeatures } from '#core/catalog/device'
import { GGUF_LIMIT_BYTES, wasmBuild } from '#core/catalog/wasm-build'

/** A module with one function that uses v128: (func (result v128) i32.const 0 i8x16.splat i8x16.popcnt). */
const SIMD_MODULE = Uint8Array.from([
  0, 97, 115, 109, 1, 0, 0, 0, 1, 5, 1, 96, 0, 1, 123, 3, 2, 1, 0, 10, 10, 1, 8, 0, 65, 0, 253, 15, 253, 98,
  11,
])

/** What of WebAssembly this page or worker can run. */
export function wasmFeatures(): WasmFeatures {
  return {
    simd: WebAssembly.validate(SIMD_MODULE),
    memory64: hasMemory64(),
    jspi: 'Suspending' in WebAssembly,
  }
}

/** The largest GGUF file, in bytes, that the CPU engine's build for this browser holds. */
export function ggufLimitBytes(): number {
  return GGUF_LIMIT_BYTES[wasmBuild(wasmFeatures()) ?? 'default']
}

function hasMemory64(): boolean {
  try {
    // Newer than the standard types; browsers without it refuse the bigint.
    const descriptor = { address: 'i64', initial: 1n } as unknown as WebAssembly.MemoryDescriptor
    return new WebAssembly.Memory(descriptor).buffer.byteLength > 0
  } catch {
    return false
  }
}
