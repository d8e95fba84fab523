/** Whether a model variant runs on a device, told before anything is downloaded. */
import type { ModelRecord, ModelVariant } from '../catalog'
import { downloadHosts, variantsOf } from '../catalog'
import { freeStorage, type DeviceCapabilities, type WebGpuCapability } from './device'
import { COMPATIBLE_SPEED, GGUF_LIMIT_BYTES, hasSlowKernel, WASM_MEMORY_BYTES, wasmBuild } from './wasm-build'
import { bindableBytes, limitShortage } from './webgpu-needs'

export type SlowReason =
  /** WebGPU is emulated on the processor. */
  | { kind: 'software-gpu' }
  /** Processor speed, estimated from parameters and threads. */
  | { kind: 'processor'; tokensPerSecond: number }
  /** This browser needs the CPU engine's compatible build; the speed only where it is slower than reading. */
  | { kind: 'compatible-build'; tokensPerSecond: number | null }
  /** The CPU engine computes this weight format without vector instructions. */
  | { kind: 'slow-kernel'; quantization: string }

export type CannotReason =
  | { kind: 'webgpu'; reason: 'no-api' | 'no-adapter' | 'insecure-origin' }
  | { kind: 'shader-f16' }
  | { kind: 'buffer-size'; neededMB: number; availableMB: number }
  /** Bytes of shared memory in a workgroup. */
  | { kind: 'workgroup-storage'; needed: number; available: number }
  /** Storage buffers that a shader may use. */
  | { kind: 'storage-buffers'; needed: number; available: number }
  /** The browser refused the device that WebLLM would open. */
  | { kind: 'device-refused'; detail: string }
  | { kind: 'wasm-simd' }
  /** The file does not fit the CPU engine's memory. */
  | { kind: 'file-too-large'; neededMB: number; availableMB: number }
  | { kind: 'memory'; neededMB: number; availableMB: number }
  /** The browser lets this page keep no files. */
  | { kind: 'no-file-system' }
  /** What is still to be downloaded does not fit the browser's storage. */
  | { kind: 'storage'; neededMB: number; availableMB: number }

export type VariantVerdict =
  { kind: 'runs' } | { kind: 'runs-slowly'; reason: SlowReason } | { kind: 'cannot'; reason: CannotReason }

/** The share of the computer's memory a model may take before the rest of the system suffers. */
const MEMORY_SHARE = 0.75

/** Many browsers report at most this for `navigator.deviceMemory` (GB): from here on it is a lower bound. */
const DEVICE_MEMORY_CAP_GB = 8

/**
 * Parameters decoded per second and thread by the CPU engine: a 1.5-billion-parameter Q4_K model was measured
 * at 3.3 tokens/s on one core with wllama 3.8.1.
 */
const PARAMETERS_PER_SECOND_AND_THREAD = 5e9

/** Beyond this many threads, memory bandwidth limits decoding rather than arithmetic. */
const USEFUL_THREADS = 4

/** Slower than this is slower than people read (about 5 words a second). */
const READING_TOKENS_PER_SECOND = 6

/**
 * What `device` can do with one variant of a model with `parameters` parameters, of which `storedBytes` are
 * already in the browser's storage.
 */
export function variantVerdict(
  variant: ModelVariant,
  parameters: number | null,
  device: DeviceCapabilities,
  storedBytes = 0,
): VariantVerdict {
  const obstacle =
    (variant.engine === 'webllm' ? gpuObstacle(variant, device.webgpu) : wasmObstacle(variant, device)) ??
    memoryObstacle(variant, device) ??
    storageObstacle(variant, device, storedBytes)
  if (obstacle) return { kind: 'cannot', reason: obstacle }
  const slow =
    variant.engine === 'webllm' ? slowGpu(device.webgpu) : slowProcessor(variant, parameters, device)
  return slow ? { kind: 'runs-slowly', reason: slow } : { kind: 'runs' }
}

export interface VariantChoice {
  variant: ModelVariant
  verdict: VariantVerdict
}

/** How many bytes of a variant the browser's storage holds. */
export type StoredBytes = (model: ModelRecord, variant: ModelVariant) => number

/** All variants of a model with their verdicts, best first: runnable, then fast, then on the GPU, then small. */
export function rankVariants(
  model: ModelRecord,
  device: DeviceCapabilities,
  storedBytes: StoredBytes = () => 0,
): VariantChoice[] {
  return variantsOf(model)
    .map((variant) => ({
      variant,
      verdict: variantVerdict(variant, model.parameters, device, storedBytes(model, variant)),
    }))
    .sort(
      (one, other) =>
        rankOf(one.verdict) - rankOf(other.verdict) ||
        gpuFirst(one.variant) - gpuFirst(other.variant) ||
        one.variant.memoryMB - other.variant.memoryMB,
    )
}

/** An emulated GPU is slower than the processor that emulates it: it takes seconds for a token. */
function rankOf(verdict: VariantVerdict): number {
  switch (verdict.kind) {
    case 'runs':
      return 0
    case 'runs-slowly':
      return verdict.reason.kind === 'software-gpu' ? 2 : 1
    case 'cannot':
      return 3
  }
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
  const shortage = limitShortage(webgpu.limits)
  if (shortage) {
    const { limit, needed, available } = shortage
    if (limit === 'maxComputeWorkgroupStorageSize') return { kind: 'workgroup-storage', needed, available }
    if (limit === 'maxStorageBuffersPerShaderStage') return { kind: 'storage-buffers', needed, available }
    return { kind: 'buffer-size', neededMB: needed / 1e6, availableMB: available / 1e6 }
  }
  const bindable = bindableBytes(webgpu.limits)
  if (variant.largestTensorMB * 1e6 > bindable) {
    return { kind: 'buffer-size', neededMB: variant.largestTensorMB, availableMB: bindable / 1e6 }
  }
  if (webgpu.deviceProblem !== null) return { kind: 'device-refused', detail: webgpu.deviceProblem }
  return undefined
}

function wasmObstacle(
  { memoryMB, downloadBytes }: ModelVariant,
  { wasm }: DeviceCapabilities,
): CannotReason | undefined {
  const build = wasmBuild(wasm)
  if (!build) return { kind: 'wasm-simd' }
  const limit = GGUF_LIMIT_BYTES[build]
  if (downloadBytes > limit)
    return { kind: 'file-too-large', neededMB: downloadBytes / 1e6, availableMB: limit / 1e6 }
  const availableMB = WASM_MEMORY_BYTES[build] / 1e6
  return memoryMB > availableMB ? { kind: 'memory', neededMB: memoryMB, availableMB } : undefined
}

/** A GPU's own memory cannot be asked for; but no model fits where the whole computer has too little. */
function memoryObstacle(variant: ModelVariant, device: DeviceCapabilities): CannotReason | undefined {
  const memoryGB = device.systemMemoryGB
  if (memoryGB === null || memoryGB >= DEVICE_MEMORY_CAP_GB) return undefined
  const availableMB = memoryGB * 1024 * MEMORY_SHARE
  if (variant.memoryMB <= availableMB) return undefined
  return { kind: 'memory', neededMB: variant.memoryMB, availableMB }
}

/** Files of the site itself are not kept, so they need no room; those of a user's own model are there. */
function storageObstacle(
  variant: ModelVariant,
  { storage, fileSystem }: DeviceCapabilities,
  storedBytes: number,
): CannotReason | undefined {
  if ('storedId' in variant || downloadHosts(variant).length === 0) return undefined
  if (!fileSystem) return { kind: 'no-file-system' }
  const availableBytes = freeStorage(storage)
  if (availableBytes === null) return undefined
  const neededBytes = variant.downloadBytes - storedBytes
  if (neededBytes <= availableBytes) return undefined
  return { kind: 'storage', neededMB: neededBytes / 1e6, availableMB: availableBytes / 1e6 }
}

function slowGpu(webgpu: WebGpuCapability): SlowReason | undefined {
  return webgpu.kind === 'available' && webgpu.software ? { kind: 'software-gpu' } : undefined
}

function slowProcessor(
  { quantization }: ModelVariant,
  parameters: number | null,
  device: DeviceCapabilities,
): SlowReason | undefined {
  if (hasSlowKernel(quantization)) return { kind: 'slow-kernel', quantization }
  const compatible = wasmBuild(device.wasm) === 'compatible'
  const speed = parameters === null ? Infinity : processorSpeed(parameters, device)
  const tokensPerSecond = compatible ? speed * COMPATIBLE_SPEED : speed
  const readable = tokensPerSecond >= READING_TOKENS_PER_SECOND
  if (compatible) return { kind: 'compatible-build', tokensPerSecond: readable ? null : tokensPerSecond }
  return readable ? undefined : { kind: 'processor', tokensPerSecond }
}

/** Tokens per second of the default build, estimated. */
function processorSpeed(parameters: number, { crossOriginIsolated, threads }: DeviceCapabilities): number {
  // The CPU engine uses at most half of the threads, and one only without shared memory.
  const used = crossOriginIsolated ? Math.max(1, Math.floor(threads / 2)) : 1
  return (PARAMETERS_PER_SECOND_AND_THREAD * Math.min(used, USEFUL_THREADS)) / parameters
}
