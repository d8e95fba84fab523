/** The measured device as plain text, to be pasted into a message or a bug report. In English for every user. */
import { freeStorage, type DeviceCapabilities, type WebGpuCapability } from './device'
import { wasmBuild } from './wasm-build'
import { webGpuAdvice } from './webgpu-advice'

/** One fact a line, "name: value"; sizes in bytes, as measured. `appVersion` and `time` (ISO 8601) head it. */
export function deviceReport(device: DeviceCapabilities, appVersion: string, time: string): string {
  const { browser, storage, systemMemoryGB, threads, crossOriginIsolated, wasm } = device
  const facts: [name: string, value: string | number | boolean | null][] = [
    ['somnus', appVersion],
    ['time', time],
    ['browser', `${browser.family} ${browser.version ?? '?'} on ${browser.system}`],
    ...webGpuFacts(device.webgpu),
    ['webgpu-advice', webGpuAdvice(device.webgpu, browser) ?? 'none'],
    ['wasm-simd', wasm.simd],
    ['wasm-memory64', wasm.memory64],
    ['wasm-jspi', wasm.jspi],
    ['cpu-engine-build', wasmBuild(wasm) ?? 'none'],
    ['threads', threads],
    ['cross-origin-isolated', crossOriginIsolated],
    ['memory-gb', systemMemoryGB],
    ['storage-used', storage.estimate?.usedBytes ?? null],
    ['storage-quota', storage.estimate?.quotaBytes ?? null],
    ['storage-free', freeStorage(storage)],
    ['private-file-system', device.fileSystem],
    ['storage-persisted', storage.persisted],
  ]
  return facts.map(([name, value]) => `${name}: ${value === null ? 'unknown' : value}`).join('\n')
}

function webGpuFacts(webgpu: WebGpuCapability): [name: string, value: string | number | boolean][] {
  if (webgpu.kind === 'unavailable') {
    return [
      ['webgpu', `unavailable (${webgpu.reason})`],
      ...(webgpu.reason === 'no-adapter' ? [['webgl', webgpu.webgl] as [string, string]] : []),
    ]
  }
  const { subgroups, limits } = webgpu
  return [
    ['webgpu', 'available'],
    ['adapter', webgpu.adapter || 'unnamed'],
    ['low-power-adapter', webgpu.lowPowerAdapter ?? 'the same'],
    ['software', webgpu.software],
    ['shader-f16', webgpu.shaderF16],
    ['subgroups', subgroups ? `${subgroups.min ?? '?'} to ${subgroups.max ?? '?'}` : 'no'],
    ...Object.entries(limits),
    ['device', webgpu.deviceProblem === null ? 'opens' : `refused (${webgpu.deviceProblem})`],
  ]
}
