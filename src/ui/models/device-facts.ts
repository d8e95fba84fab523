import { freeStorage, type DeviceCapabilities, type WebGpuCapability } from '#core/catalog/device'
import { wasmBuild } from '#core/catalog/wasm-build'
import { limitShortage } from '#core/catalog/webgpu-needs'
import type { Locale } from '#i18n/locale.svelte'

export interface DeviceFact {
  label: string
  text: string
  /** Whether it helps models; null where it does neither. */
  good: boolean | null
}

/** Many browsers report at most 8 GB: from there on the amount is a lower bound. */
const REPORTED_MEMORY_CAP_GB = 8

/** Below this much free storage hardly a model can be kept. */
const LITTLE_STORAGE_BYTES = 1e9

/** What a user should know of the device before choosing a model. */
export function deviceFacts(device: DeviceCapabilities, locale: Locale): DeviceFact[] {
  const t = locale.t.device
  const { webgpu, wasm, systemMemoryGB, threads, crossOriginIsolated } = device
  const build = wasmBuild(wasm)
  const memory = (systemMemoryGB ?? 0) >= REPORTED_MEMORY_CAP_GB ? t.memoryAtLeast : t.memoryAmount
  return [
    { label: t.gpu, text: gpuText(webgpu, locale), good: isUsable(webgpu) && !webgpu.software },
    ...(webgpu.kind === 'available'
      ? [
          {
            label: t.halfPrecision,
            text: webgpu.shaderF16 ? t.halfPrecisionYes : t.halfPrecisionNo,
            good: webgpu.shaderF16,
          },
        ]
      : []),
    {
      label: t.processor,
      text: (crossOriginIsolated ? t.processorThreads : t.processorSingle)(locale.number(threads)),
      good: crossOriginIsolated,
    },
    { label: t.cpuEngine, text: t.cpuEngineBuild[build ?? 'none'], good: build === 'default' },
    {
      label: t.memory,
      text: systemMemoryGB === null ? t.memoryUnknown : memory(locale.number(systemMemoryGB, 2)),
      good: null,
    },
    ...storageFacts(device, locale),
  ]
}

function isUsable(webgpu: WebGpuCapability): webgpu is Extract<WebGpuCapability, { kind: 'available' }> {
  return webgpu.kind === 'available' && webgpu.deviceProblem === null && !limitShortage(webgpu.limits)
}

function gpuText(webgpu: WebGpuCapability, locale: Locale): string {
  const t = locale.t.device
  if (webgpu.kind === 'unavailable') return t.gpuMissing
  if (!isUsable(webgpu)) return t.gpuRefused
  return webgpu.software ? t.gpuSoftware : t.gpuAvailable(webgpu.adapter)
}

function storageFacts({ storage }: DeviceCapabilities, locale: Locale): DeviceFact[] {
  const t = locale.t.device
  const { estimate, persisted } = storage
  const free = freeStorage(storage)
  return [
    {
      label: t.storage,
      text: estimate
        ? t.storageUse(locale.bytes(estimate.usedBytes), locale.bytes(estimate.quotaBytes))
        : t.storageUnknown,
      good: free === null ? null : free >= LITTLE_STORAGE_BYTES,
    },
    { label: t.persistence, text: persisted ? t.persisted : t.notPersisted, good: persisted || null },
  ]
}

/** The technical part, for those who look for a limit or compare two computers. */
export function technicalFacts(
  { browser, webgpu, wasm, crossOriginIsolated }: DeviceCapabilities,
  locale: Locale,
): Omit<DeviceFact, 'good'>[] {
  const t = locale.t.device
  const has = (present: boolean) => (present ? t.available : t.missing)
  const facts = [
    { label: t.browser, text: `${browser.family} ${browser.version ?? ''} (${browser.system})` },
    { label: 'WebAssembly SIMD', text: has(wasm.simd) },
    { label: 'WebAssembly Memory64', text: has(wasm.memory64) },
    { label: 'WebAssembly JSPI', text: has(wasm.jspi) },
    { label: t.sharedMemory, text: has(crossOriginIsolated) },
  ]
  if (webgpu.kind === 'unavailable') return facts
  const { limits, subgroups, lowPowerAdapter, deviceProblem } = webgpu
  const size = (count: number | null) => (count === null ? '?' : locale.number(count))
  const limit = (name: keyof typeof limits, show: (value: number) => string) => ({
    label: t.limitNames[name],
    text: show(limits[name]),
  })
  const bytes = (value: number) => locale.bytes(value)
  const count = (value: number) => locale.number(value)
  return [
    ...facts,
    ...(lowPowerAdapter === null ? [] : [{ label: t.lowPower, text: lowPowerAdapter || '?' }]),
    { label: t.deviceCheck, text: deviceProblem ?? (limitShortage(limits) ? t.missing : t.deviceOpens) },
    {
      label: t.subgroups,
      text: subgroups ? t.subgroupSizes(size(subgroups.min), size(subgroups.max)) : t.missing,
    },
    limit('maxBufferSize', bytes),
    limit('maxStorageBufferBindingSize', bytes),
    limit('maxComputeWorkgroupStorageSize', bytes),
    limit('maxStorageBuffersPerShaderStage', count),
    limit('maxComputeInvocationsPerWorkgroup', count),
  ]
}
