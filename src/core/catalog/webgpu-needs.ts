/** What WebLLM asks of a WebGPU device: tvmjs `detectGPUDevice` in @mlc-ai/web-llm 0.2.86. */
import type { GpuLimits } from './device'

/** Asked for where the adapter has it (bytes). */
const WANTED_BYTES = 2 ** 30
/** Where it has less, the runtime drops straight to these, however much there is in between. */
const FALLBACK_BUFFER_BYTES = 2 ** 28
const FALLBACK_BINDING_BYTES = 2 ** 27

const INVOCATIONS = [1024, 512, 256]

/** Below any of these the runtime refuses to start. */
export const LEAST_LIMITS = {
  maxBufferSize: FALLBACK_BUFFER_BYTES,
  maxStorageBufferBindingSize: FALLBACK_BINDING_BYTES,
  maxComputeWorkgroupStorageSize: 32 * 1024,
  maxStorageBuffersPerShaderStage: 10,
} as const satisfies Partial<GpuLimits>

/** Features that are asked for where the adapter has them. */
export const WANTED_FEATURES = ['shader-f16', 'subgroups'] as const

export interface LimitShortage {
  limit: keyof typeof LEAST_LIMITS
  needed: number
  available: number
}

/** The first limit that is too small for any model. */
export function limitShortage(limits: GpuLimits): LimitShortage | undefined {
  for (const [name, needed] of Object.entries(LEAST_LIMITS)) {
    const limit = name as keyof typeof LEAST_LIMITS
    if (limits[limit] < needed) return { limit, needed, available: limits[limit] }
  }
  return undefined
}

/** The limits of the device that the runtime opens on an adapter with `limits`. */
export function requestedLimits(limits: GpuLimits): Partial<GpuLimits> {
  const invocations = INVOCATIONS.find((count) => count <= limits.maxComputeInvocationsPerWorkgroup)
  return {
    ...LEAST_LIMITS,
    maxBufferSize: limits.maxBufferSize >= WANTED_BYTES ? WANTED_BYTES : FALLBACK_BUFFER_BYTES,
    maxStorageBufferBindingSize: bindableBytes(limits),
    ...(invocations === undefined ? {} : { maxComputeInvocationsPerWorkgroup: invocations }),
  }
}

/** The largest tensor that the runtime can bind there, in bytes. */
export function bindableBytes(limits: GpuLimits): number {
  return limits.maxStorageBufferBindingSize >= WANTED_BYTES ? WANTED_BYTES : FALLBACK_BINDING_BYTES
}
