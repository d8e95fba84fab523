/** Whether a model variant runs on a device, told before anything is downloaded. */
import type { ModelRecord, ModelVariant } from '../catalog'
import { variantsOf } from '../catalog'
import type { DeviceCapabilities, WebGpuCapability } from './device'

export type SlowReason =
  /** WebGPU is emulated on the processor. */
  | { kind: 'software-gpu' }
  /** Processor speed, estimated from parameters and threads. */
  | { kind: 'processor'; tokensPerSecond: number }

export type CannotReason =
  | { kind: 'webgpu'; reason: 'no-api' | 'no-adapter' | 'insecure-origin' }
  | { kind: 'shader-f16' }
  | { kind: 'buffer-size'; neededMB: number; availableMB: number }
  | { kind: 'memory'; neededMB: number; availableMB: number }

export type VariantVerdict =
  { kind: 'runs' } | { kind: 'runs-slowly'; reason: SlowReason } | { kind: 'cannot'; reason: CannotReason }

/** WebAssembly memory of the CPU engine, in MB: 32-bit addresses. */
export const WASM_MEMORY_LIMIT_MB = 4096

/** The share of the computer's memory a model may take before the rest of the system suffers. */
const MEMORY_SHARE = 0.75

/** Many browsers report at most this for `navigator.deviceMemory` (GB): from here on it is a lower bound. */
const DEVICE_MEMORY_CAP_GB = 8

/**
 * The runtime in web-llm 0.2.86 (tvmjs `detectGPUDevice`) asks for 1 GiB bindings and, where the adapter has
 * less, drops straight to 128 MiB; it refuses adapters without 256 MiB buffers.
 */
const TVM_WANTED_BYTES = 2 ** 30
const TVM_FALLBACK_BINDING_BYTES = 2 ** 27
const TVM_LEAST_BUFFER_BYTES = 2 ** 28

/**
 * Parameters decoded per second and thread by the CPU engine: a 1.5-billion-parameter Q4_K model was measured
 * at 3.3 tokens/s on one core with wllama 3.8.1.
 */
const PARAMETERS_PER_SECOND_AND_THREAD = 5e9

/** Beyond this many threads, memory bandwidth limits decoding rather than arithmetic. */
const USEFUL_THREADS = 4

/** Slower than this is slower than people read (about 5 words a second). */
const READING_TOKENS_PER_SECOND = 6

/** What `device` can do with one variant of a model with `parameters` parameters. */
export function variantVerdict(
  variant: ModelVariant,
  parameters: number | null,
  device: DeviceCapabilities,
): VariantVerdict {
  const reason = variant.engine === 'webllm' ? gpuObstacle(variant, device.webgpu) : wasmObstacle(variant)
  const obstacle = reason ?? memoryObstacle(variant, device)
  if (obstacle) return { kind: 'cannot', reason: obstacle }
  const slow = variant.engine === 'webllm' ? slowGpu(device.webgpu) : slowProcessor(parameters, device)
  return slow ? { kind: 'runs-slowly', reason: slow } : { kind: 'runs' }
}

export interface VariantChoice {
  variant: ModelVariant
  verdict: VariantVerdict
}

/** All variants of a model with their verdicts, best first: runnable, then fast, then on the GPU, then small. */
export function rankVariants(model: ModelRecord, device: DeviceCapabilities): VariantChoice[] {
  const rank = { runs: 0, 'runs-slowly': 1, cannot: 2 }
  return variantsOf(model)
    .map((variant) => ({ variant, verdict: variantVerdict(variant, model.parameters, device) }))
    .sort(
      (one, other) =>
        rank[one.verdict.kind] - rank[other.verdict.kind] ||
        gpuFirst(one.variant) - gpuFirst(other.variant) ||
        one.variant.memoryMB - other.variant.memoryMB,
    )
}

function gpuFirst(variant: ModelVariant): number {
  return variant.engine === 'webllm' ? 0 : 1
}

function gpuObstacle(
  variant: Extract<ModelVariant, { engine: 'webllm' }>,
  webgpu: WebGpuCapability,
): CannotReason | undefined {
  if (webgpu.kind === 'unavailable') return { kind: 'webgpu', reason: webgpu.reason }
  if (variant.requiredFeatures.includes('shader-f16') && !webgpu.shaderF16) return { kind: 'shader-f16' }
  if (webgpu.maxBufferSize < TVM_LEAST_BUFFER_BYTES) {
    return {
      kind: 'buffer-size',
      neededMB: TVM_LEAST_BUFFER_BYTES / 1e6,
      availableMB: webgpu.maxBufferSize / 1e6,
    }
  }
  const bindable =
    webgpu.maxStorageBufferBindingSize >= TVM_WANTED_BYTES ? TVM_WANTED_BYTES : TVM_FALLBACK_BINDING_BYTES
  if (variant.largestTensorMB * 1e6 > bindable) {
    return { kind: 'buffer-size', neededMB: variant.largestTensorMB, availableMB: bindable / 1e6 }
  }
  return undefined
}

function wasmObstacle(variant: ModelVariant): CannotReason | undefined {
  if (variant.memoryMB <= WASM_MEMORY_LIMIT_MB) return undefined
  return { kind: 'memory', neededMB: variant.memoryMB, availableMB: WASM_MEMORY_LIMIT_MB }
}

/** A GPU's own memory cannot be asked for; but no model fits where the whole computer has too little. */
function memoryObstacle(variant: ModelVariant, device: DeviceCapabilities): CannotReason | undefined {
  const memoryGB = device.systemMemoryGB
  if (memoryGB === null || memoryGB >= DEVICE_MEMORY_CAP_GB) return undefined
  const availableMB = memoryGB * 1024 * MEMORY_SHARE
  if (variant.memoryMB <= availableMB) return undefined
  return { kind: 'memory', neededMB: variant.memoryMB, availableMB }
}

function slowGpu(webgpu: WebGpuCapability): SlowReason | undefined {
  return webgpu.kind === 'available' && webgpu.software ? { kind: 'software-gpu' } : undefined
}

function slowProcessor(parameters: number | null, device: DeviceCapabilities): SlowReason | undefined {
  if (parameters === null) return undefined
  // The CPU engine uses at most half of the threads, and one only without shared memory.
  const threads = device.crossOriginIsolated ? Math.max(1, Math.floor(device.threads / 2)) : 1
  const tokensPerSecond = (PARAMETERS_PER_SECOND_AND_THREAD * Math.min(threads, USEFUL_THREADS)) / parameters
  return tokensPerSecond < READING_TOKENS_PER_SECOND ? { kind: 'processor', tokensPerSecond } : undefined
}
