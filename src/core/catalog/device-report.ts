/** The measured device as plain text, to be pasted into a message or a bug report. In English for every user. */
import { verdictOf } from '../numerics/verdict'
import type { Numerics } from '../numerics/types'
import { freeStorage, type DeviceCapabilities, type WebGpuCapability } from './device'
import { wasmBuild } from './wasm-build'
import { webGpuAdvice } from './webgpu-advice'

/**
 * One fact a line, "name: value"; sizes in bytes, as measured. `appVersion` and `time` (ISO 8601) head it. `numerics` are
 * those of the loaded model; null where none is on the graphics unit.
 */
export function deviceReport(
  device: DeviceCapabilities,
  numerics: Numerics | null,
  appVersion: string,
  time: string,
): string {
  const { browser, storage, systemMemoryGB, threads, crossOriginIsolated, wasm } = device
  const facts: [name: string, value: string | number | boolean | null][] = [
    ['somnus', appVersion],
    ['time', time],
    ['browser', `${browser.family} ${browser.version ?? '?'} on ${browser.system}`],
    ...webGpuFacts(device.webgpu),
    ['webgpu-advice', webGpuAdvice(device.webgpu, browser) ?? 'none'],
    ...(numerics ? numericsFacts(numerics) : []),
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

function numericsFacts({ mergeBarrier, selfTest }: Numerics): [name: string, value: string | number][] {
  if (!selfTest) {
    return [
      ['merge-barrier', mergeBarrier],
      ['self-test', 'not made'],
    ]
  }
  const { differences, letters, tolerance, tokens, version, at } = selfTest
  const { sound, appendsSound, stepsSound, popsSound } = verdictOf(selfTest)
  const { 'two-chunks': many, 'small-chunk': few } = differences
  const appends = few === undefined ? [many] : [many, few]
  const holds = (part: boolean) => (part ? 'sound' : 'not sound')
  return [
    ['merge-barrier', mergeBarrier],
    ['self-test', sound ? 'passed' : 'failed'],
    ['self-test-version', version],
    ['self-test-time', new Date(at).toISOString()],
    ['self-test-tokens', tokens],
    ['self-test-tolerance', tolerance],
    ['appends', `${holds(appendsSound)} (${appends.map((found) => found ?? 'no number').join(', ')})`],
    ['steps', `${holds(stepsSound)} (${differences['one-by-one'] ?? 'no number'})`],
    ['pops', `${holds(popsSound)} (${differences['after-pop'] ?? 'no number'})`],
    [
      'letters',
      letters
        ? `${letters.sameLetter} of ${letters.items} as on ${letters.referenceDevice} (${letters.largestDifference})`
        : 'no reference',
    ],
  ]
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
