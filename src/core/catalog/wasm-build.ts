/** The two builds of the CPU engine (wllama 3.8.1), and how large a file each can hold. */
import type { WasmFeatures } from './device'

/** `compatible` needs no 64-bit addresses; it is larger and slower. */
export type WasmBuild = 'default' | 'compatible'

/**
 * The build for a browser, or null where it has not even the vector instructions that both need. Without JSPI
 * alone the default build still runs at full speed: it reads the file into its memory first (measured in
 * Firefox 153 with JSPI switched off).
 */
export function wasmBuild({ simd, memory64 }: WasmFeatures): WasmBuild | null {
  if (!simd) return null
  return memory64 ? 'default' : 'compatible'
}

/**
 * What each build can address. The compatible one takes addresses from 2 GiB on for negative numbers and finds
 * the end of a file there (measured: 1.66 GiB load and answer, 1.89 GiB crash, 2.25 GiB "unexpectedly reached end
 * of file").
 */
export const WASM_MEMORY_BYTES: Record<WasmBuild, number> = { default: 2 ** 32, compatible: 2 ** 31 }

/** Left for the KV cache and the compute buffers: a file of 3.49 GiB loads and answers in the default build. */
const WORKING_MEMORY_BYTES = 2 ** 29

/** Larger files would be downloaded and then fail. */
export const GGUF_LIMIT_BYTES: Record<WasmBuild, number> = {
  default: WASM_MEMORY_BYTES.default - WORKING_MEMORY_BYTES,
  compatible: WASM_MEMORY_BYTES.compatible - WORKING_MEMORY_BYTES,
}

/**
 * Speed of the compatible build as a share of the default one's. Built-in model, Chromium 156, one thread, best of
 * three: decoding 362 of 463 tokens/s, prompts 1979 of 2763; other runs came to 0.55.
 */
export const COMPATIBLE_SPEED = 0.7

/** Formats whose kernels were not written for WebAssembly's vector instructions: several times slower than Q4_K. */
const SLOW_KERNEL = /^(Q4_0|Q4_1|IQ4)/i

/** Whether the CPU engine computes weights of this format, e.g. "Q4_0", without vector instructions. */
export function hasSlowKernel(quantization: string): boolean {
  return SLOW_KERNEL.test(quantization)
}
