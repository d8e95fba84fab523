import type { GpuAdapter, GpuLimits, WebGpuCapability } from '#core/catalog/device'
import { limitShortage, requestedLimits, WANTED_FEATURES } from '#core/catalog/webgpu-needs'
import { webglRendering } from './webgl'

/** Parts of it are newer than some browsers that have WebGPU. */
type AdapterInfo = Partial<GPUAdapterInfo> & { subgroupMinSize?: number; subgroupMaxSize?: number }

/** Adapters that compute on the processor, where the browser does not say so itself. */
const SOFTWARE_ADAPTER = /swiftshader|llvmpipe|lavapipe|basic render|software/i

/** A driver that hangs must not keep the page waiting for ever. */
const PATIENCE_MS = 10_000

/**
 * Measures WebGPU by opening a device as WebLLM does and destroying it at once. The adapters are our own: an
 * engine that runs in a worker is not touched.
 */
export async function probeWebGpu(): Promise<WebGpuCapability> {
  if (!isSecureContext) return { kind: 'unavailable', reason: 'insecure-origin' }
  // Missing in browsers without WebGPU, whatever the types say.
  const gpu = navigator.gpu as GPU | undefined
  if (!gpu) return { kind: 'unavailable', reason: 'no-api' }
  // Asked for as WebLLM asks for it, so that both get the same adapter.
  const adapter = await findAdapter(gpu, 'high-performance')
  if (!adapter) return { kind: 'unavailable', reason: 'no-adapter', webgl: webglRendering() }
  const lowPower = await findAdapter(gpu, 'low-power')
  const name = adapterName(adapter)
  const other = lowPower && adapterName(lowPower)
  return {
    kind: 'available',
    adapter: name,
    software: infoOf(adapter).isFallbackAdapter === true || SOFTWARE_ADAPTER.test(name),
    shaderF16: adapter.features.has('shader-f16'),
    subgroups: subgroupsOf(adapter),
    limits: limitsOf(adapter),
    lowPowerAdapter: other !== name ? other : null,
    deviceProblem: await deviceProblem(adapter),
  }
}

/** Null where there is none; a broken driver may reject or never answer. */
async function findAdapter(gpu: GPU, powerPreference: GPUPowerPreference): Promise<GPUAdapter | null> {
  return await inTime(
    gpu.requestAdapter({ powerPreference }).catch(() => null),
    null,
  )
}

function infoOf(adapter: GPUAdapter): AdapterInfo {
  const { info } = adapter as { info?: AdapterInfo }
  return info ?? {}
}

function adapterName(adapter: GPUAdapter): string {
  const { vendor, architecture, description } = infoOf(adapter)
  return description || [vendor, architecture].filter(Boolean).join(' ')
}

function subgroupsOf(adapter: GPUAdapter): GpuAdapter['subgroups'] {
  if (!adapter.features.has('subgroups')) return null
  const { subgroupMinSize, subgroupMaxSize } = infoOf(adapter)
  return { min: subgroupMinSize ?? null, max: subgroupMaxSize ?? null }
}

function limitsOf({ limits }: GPUAdapter): GpuLimits {
  return {
    maxBufferSize: limits.maxBufferSize,
    maxStorageBufferBindingSize: limits.maxStorageBufferBindingSize,
    maxComputeWorkgroupStorageSize: limits.maxComputeWorkgroupStorageSize,
    maxStorageBuffersPerShaderStage: limits.maxStorageBuffersPerShaderStage,
    maxComputeInvocationsPerWorkgroup: limits.maxComputeInvocationsPerWorkgroup,
  }
}

/** Why no device can be opened as WebLLM opens it; null when it can, or when a limit already says no. */
async function deviceProblem(adapter: GPUAdapter): Promise<string | null> {
  const limits = limitsOf(adapter)
  if (limitShortage(limits)) return null
  const request = adapter
    .requestDevice({
      requiredLimits: { ...requestedLimits(limits) },
      requiredFeatures: WANTED_FEATURES.filter((feature) => adapter.features.has(feature)),
    })
    .then(
      (device) => {
        device.destroy()
        return null
      },
      (error: unknown) => String(error),
    )
  return await inTime(request, `no answer within ${PATIENCE_MS / 1000} s`)
}

async function inTime<Value, Late>(promise: Promise<Value>, late: Late): Promise<Value | Late> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const timeout = new Promise<Late>((resolve) => (timer = setTimeout(() => resolve(late), PATIENCE_MS)))
  return await Promise.race([promise, timeout]).finally(() => clearTimeout(timer))
}
