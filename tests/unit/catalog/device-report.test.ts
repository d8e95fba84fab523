import { expect, it } from 'vitest'
import { deviceReport } from '#core/catalog/device-report'
import { requestedLimits } from '#core/catalog/webgpu-needs'
import { report as selfTest, WRONG_APPENDS } from '../../numerics'
import { GPU, DESKTOP, SAFARI_18, withGpu } from '../../fixtures/device'

const TIME = '2026-11-22T00:00:00Z'
const lines = (report: string) => report.split('\n')

it('reports every measured fact, one a line', () => {
  const report = lines(deviceReport(withGpu({ lowPowerAdapter: 'intel xe' }), null, '1.0.0', TIME))
  expect(report).toEqual([
    'somnus: 1.0.0',
    `time: ${TIME}`,
    'browser: chrome 156 on windows',
    'webgpu: available',
    'adapter: apple metal-3',
    'low-power-adapter: intel xe',
    'software: false',
    'shader-f16: true',
    'subgroups: 32 to 32',
    'maxBufferSize: 4294967296',
    'maxStorageBufferBindingSize: 4294967296',
    'maxComputeWorkgroupStorageSize: 32768',
    'maxStorageBuffersPerShaderStage: 10',
    'maxComputeInvocationsPerWorkgroup: 1024',
    'device: opens',
    'webgpu-advice: none',
    'wasm-simd: true',
    'wasm-memory64: true',
    'wasm-jspi: true',
    'cpu-engine-build: default',
    'threads: 8',
    'cross-origin-isolated: true',
    'memory-gb: 16',
    'storage-used: 1000000000',
    'storage-quota: 100000000000',
    'storage-free: 99000000000',
    'private-file-system: true',
    'storage-persisted: true',
  ])
})

it('says why there is no WebGPU, and what it advised', () => {
  const report = lines(deviceReport(SAFARI_18, null, '1.0.0', TIME))
  expect(report).toContain('webgpu: unavailable (no-api)')
  expect(report).toContain('webgpu-advice: update-safari')
  expect(report).toContain('cpu-engine-build: compatible')
  expect(report).toContain('memory-gb: unknown')
})

it('tells a device that was refused', () => {
  expect(lines(deviceReport(withGpu({ deviceProblem: 'Error: no' }), null, '1', TIME))).toContain(
    'device: refused (Error: no)',
  )
})

it('tells what became of the attention kernel, and what the self-test of the loaded model found', () => {
  const numerics = (selfTest: typeof WRONG_APPENDS | null) => ({
    mergeBarrier: 'inserted' as const,
    selfTest,
  })
  const of = (test: typeof WRONG_APPENDS | null) => deviceReport(withGpu({}), numerics(test), '1.0.0', TIME)
  expect(of(null)).toContain('\nmerge-barrier: inserted\nself-test: not made\n')
  const letters = { referenceDevice: 'M2', items: 4, sameLetter: 4, largestDifference: 0.001 }
  expect(lines(of(selfTest({ letters })))).toEqual(
    expect.arrayContaining(['self-test: passed', 'letters: 4 of 4 as on M2 (0.001)']),
  )
  expect(lines(of(WRONG_APPENDS))).toEqual(
    expect.arrayContaining([
      'self-test: failed',
      'self-test-tolerance: 0.001',
      'appends: not sound (6.3)',
      'steps: sound (0.00003)',
      'pops: not sound (5.8)',
    ]),
  )
})

it('asks for the limits of WebLLM: 1 GiB, or far less where there is no 1 GiB', () => {
  expect(DESKTOP.webgpu.kind).toBe('available')
  expect(requestedLimits(GPU.limits)).toEqual({
    maxBufferSize: 2 ** 30,
    maxStorageBufferBindingSize: 2 ** 30,
    maxComputeWorkgroupStorageSize: 32_768,
    maxStorageBuffersPerShaderStage: 10,
    maxComputeInvocationsPerWorkgroup: 1024,
  })
  const small = {
    maxBufferSize: 2 ** 29,
    maxStorageBufferBindingSize: 2 ** 29,
    maxComputeInvocationsPerWorkgroup: 300,
  }
  expect(requestedLimits({ ...GPU.limits, ...small })).toMatchObject({
    maxBufferSize: 2 ** 28,
    maxStorageBufferBindingSize: 2 ** 27,
    maxComputeInvocationsPerWorkgroup: 256,
  })
})
