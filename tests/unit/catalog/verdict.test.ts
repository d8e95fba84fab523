import { describe, expect, it } from 'vitest'
import catalogJson from '../../../models.json'
import { parseCatalog, variantsOf, type ModelRecord } from '#core/catalog'
import type { DeviceCapabilities } from '#core/catalog/device'
import { rankVariants, variantVerdict } from '#core/catalog/verdict'
import { DESKTOP, SAFARI_18, withGpu, withLimits, withoutGpu, withStorage } from '../../fixtures/device'

function model(id: string): ModelRecord {
  const parsed = parseCatalog(catalogJson)
  const found = parsed.ok ? parsed.value.models.find((record) => record.id === id) : undefined
  if (!found) throw new Error(id)
  return found
}

function verdict(name: string, device: DeviceCapabilities, storedBytes = 0) {
  const [modelId = '', variantId = ''] = name.split('/')
  const record = model(modelId)
  const variant = variantsOf(record).find(({ id }) => id === variantId)
  if (!variant) throw new Error(name)
  const { kind, ...rest } = variantVerdict(variant, record.parameters, device, storedBytes)
  return 'reason' in rest ? `${kind}: ${rest.reason.kind}` : kind
}

const SMALL = 'qwen2.5-0.5b-instruct'
const cases: [what: string, device: DeviceCapabilities, variant: string, expected: string][] = [
  ['a good GPU', DESKTOP, `${SMALL}/q4f16_1`, 'runs'],
  ['a good GPU', DESKTOP, 'qwen2.5-7b-instruct/q4f16_1', 'runs'],
  ['a GPU without half precision', withGpu({ shaderF16: false }), `${SMALL}/q4f16_1`, 'cannot: shader-f16'],
  ['a GPU without half precision', withGpu({ shaderF16: false }), `${SMALL}/q4f32_1`, 'runs'],
  ['no WebGPU', withoutGpu('no-api'), `${SMALL}/q4f32_1`, 'cannot: webgpu'],
  ['no adapter', withoutGpu('no-adapter'), `${SMALL}/q4f32_1`, 'cannot: webgpu'],
  ['an insecure origin', withoutGpu('insecure-origin'), `${SMALL}/q4f16_1`, 'cannot: webgpu'],
  ['no WebGPU', withoutGpu('no-api'), `${SMALL}/q4_k_m`, 'runs'],
  ['no WebGPU', withoutGpu('no-api'), 'formulary/q8_0', 'runs'],
  [
    'emulated WebGPU',
    withGpu({ software: true, shaderF16: false }),
    `${SMALL}/q4f32_1`,
    'runs-slowly: software-gpu',
  ],
  // 128 MiB bindings: the runtime's fallback below 1 GiB. The 7B embedding takes 272 MB, that of 1.5B 117 MB.
  [
    '512 MiB bindings',
    withLimits({ maxStorageBufferBindingSize: 2 ** 29 }),
    'qwen2.5-7b-instruct/q4f16_1',
    'cannot: buffer-size',
  ],
  [
    '512 MiB bindings',
    withLimits({ maxStorageBufferBindingSize: 2 ** 29 }),
    'qwen2.5-1.5b-instruct/q4f16_1',
    'runs',
  ],
  ['128 MiB buffers', withLimits({ maxBufferSize: 2 ** 27 }), `${SMALL}/q4f16_1`, 'cannot: buffer-size'],
  ['4 GB of memory', { ...DESKTOP, systemMemoryGB: 4 }, 'qwen2.5-7b-instruct/q4f16_1', 'cannot: memory'],
  ['4 GB of memory', { ...DESKTOP, systemMemoryGB: 4 }, 'qwen2.5-1.5b-instruct/q4f16_1', 'runs'],
  ['1 GB of memory', { ...DESKTOP, systemMemoryGB: 1 }, 'qwen2.5-1.5b-instruct/q4_k_m', 'cannot: memory'],
  [
    'an unknown amount of memory',
    { ...DESKTOP, systemMemoryGB: null },
    'qwen2.5-7b-instruct/q4f16_1',
    'runs',
  ],
  [
    '16 KiB of workgroup storage',
    withLimits({ maxComputeWorkgroupStorageSize: 16_384 }),
    `${SMALL}/q4f16_1`,
    'cannot: workgroup-storage',
  ],
  [
    '8 storage buffers',
    withLimits({ maxStorageBuffersPerShaderStage: 8 }),
    `${SMALL}/q4f16_1`,
    'cannot: storage-buffers',
  ],
  [
    'a device that cannot be opened',
    withGpu({ deviceProblem: 'OperationError' }),
    `${SMALL}/q4f32_1`,
    'cannot: device-refused',
  ],
  ['a device that cannot be opened', withGpu({ deviceProblem: 'OperationError' }), `${SMALL}/q4_k_m`, 'runs'],
  ['100 MB of free storage', withStorage(100e6), `${SMALL}/q4f16_1`, 'cannot: storage'],
  ['100 MB of free storage', withStorage(100e6), `${SMALL}/q4_k_m`, 'cannot: storage'],
  ['no private file system', { ...DESKTOP, fileSystem: false }, `${SMALL}/q4_k_m`, 'cannot: no-file-system'],
  ['no private file system', { ...DESKTOP, fileSystem: false }, 'formulary/q8_0', 'runs'],
  ['no free storage', withStorage(0), 'formulary/q8_0', 'runs'],
  [
    'an unknown amount of storage',
    { ...DESKTOP, storage: { estimate: null, persisted: false } },
    'qwen2.5-7b-instruct/q4f16_1',
    'runs',
  ],
  ['a browser without Memory64', SAFARI_18, `${SMALL}/q4_k_m`, 'runs-slowly: compatible-build'],
  ['a browser without Memory64', SAFARI_18, 'formulary/q8_0', 'runs-slowly: compatible-build'],
  [
    'a browser without JSPI alone',
    { ...DESKTOP, wasm: { simd: true, memory64: true, jspi: false } },
    `${SMALL}/q4_k_m`,
    'runs',
  ],
  [
    'a browser without WebAssembly SIMD',
    { ...DESKTOP, wasm: { simd: false, memory64: false, jspi: false } },
    'formulary/q8_0',
    'cannot: wasm-simd',
  ],
  ['8 threads', DESKTOP, 'qwen2.5-1.5b-instruct/q4_k_m', 'runs'],
  ['2 threads', { ...DESKTOP, threads: 2 }, 'qwen2.5-1.5b-instruct/q4_k_m', 'runs-slowly: processor'],
  [
    'no shared memory',
    { ...DESKTOP, crossOriginIsolated: false },
    'qwen2.5-1.5b-instruct/q4_k_m',
    'runs-slowly: processor',
  ],
]

describe('variantVerdict', () => {
  it.each(cases)('%s', (_, device, variant, expected) => {
    expect(verdict(variant, device)).toBe(expected)
  })

  describe('on the processor', () => {
    const variant = variantsOf(model(SMALL)).find(({ engine }) => engine === 'wllama')
    if (!variant) throw new Error('no CPU variant')

    it('refuses what does not fit 32-bit WebAssembly memory', () => {
      expect(variantVerdict({ ...variant, memoryMB: 5000 }, 7.6e9, DESKTOP)).toEqual({
        kind: 'cannot',
        reason: { kind: 'memory', neededMB: 5000, availableMB: 4294.967296 },
      })
    })

    it.each([
      ['a file of 3.5 GiB', 3.5 * 2 ** 30, DESKTOP, 'runs'],
      ['a file of one byte more', 3.5 * 2 ** 30 + 1, DESKTOP, 'file-too-large'],
      ['a file of 1.5 GiB in the compatible build', 1.5 * 2 ** 30, SAFARI_18, 'compatible-build'],
      ['one byte more in the compatible build', 1.5 * 2 ** 30 + 1, SAFARI_18, 'file-too-large'],
    ])('%s', (_, downloadBytes, device, expected) => {
      const result = variantVerdict({ ...variant, downloadBytes }, null, device)
      expect('reason' in result ? result.reason.kind : result.kind).toBe(expected)
    })

    it.each(['Q4_0', 'Q4_1', 'IQ4_NL', 'iq4_xs'])('warns that %s is slow', (quantization) => {
      expect(variantVerdict({ ...variant, quantization }, 5e8, DESKTOP)).toEqual({
        kind: 'runs-slowly',
        reason: { kind: 'slow-kernel', quantization },
      })
    })

    it.each(['Q4_K_M', 'Q8_0', 'Q5_K_S', 'F16'])('does not warn of %s', (quantization) => {
      expect(variantVerdict({ ...variant, quantization }, 5e8, DESKTOP)).toEqual({ kind: 'runs' })
    })

    it('tells the speed of the compatible build where it is slower than reading', () => {
      const speed = (parameters: number) => {
        const result = variantVerdict(variant, parameters, SAFARI_18)
        return result.kind === 'runs-slowly' && 'tokensPerSecond' in result.reason
          ? result.reason.tokensPerSecond
          : undefined
      }
      expect(speed(5e8)).toBeNull()
      expect(speed(8e9)).toBeLessThan(2.5)
    })
  })

  it('says how much room a download needs, less what is already stored', () => {
    const variant = variantsOf(model(SMALL)).find(({ id }) => id === 'q4f16_1')
    if (!variant) throw new Error('no variant')
    const need = variant.downloadBytes
    const device = withStorage(100e6)
    expect(variantVerdict(variant, 5e8, device)).toEqual({
      kind: 'cannot',
      reason: { kind: 'storage', neededMB: need / 1e6, availableMB: 100 },
    })
    expect(variantVerdict(variant, 5e8, device, need - 100e6)).toEqual({ kind: 'runs' })
    expect(variantVerdict(variant, 5e8, withStorage(0), need)).toEqual({ kind: 'runs' })
  })
})

describe('rankVariants', () => {
  const ranked = (device: DeviceCapabilities) =>
    rankVariants(model(SMALL), device).map(({ variant }) => variant.id)

  it('proposes the half-precision GPU variant on a good GPU', () => {
    expect(ranked(DESKTOP)).toEqual(['q4f16_1', 'q4f32_1', 'q4_k_m'])
  })
  it('proposes the single-precision GPU variant without shader-f16', () => {
    expect(ranked(withGpu({ shaderF16: false }))).toEqual(['q4f32_1', 'q4_k_m', 'q4f16_1'])
  })
  it('proposes the CPU variant where WebGPU is missing', () => {
    expect(ranked(withoutGpu('no-adapter'))[0]).toBe('q4_k_m')
  })
  it('prefers a real processor to an emulated GPU', () => {
    expect(ranked(withGpu({ software: true }))[0]).toBe('q4_k_m')
  })

  it('prefers a slow processor to an emulated GPU, which is slower still', () => {
    const [best] = rankVariants(model('qwen2.5-1.5b-instruct'), withGpu({ software: true }))
    expect(best?.variant.engine).toBe('wllama')
  })
  it('has nothing to propose for a model that cannot be loaded', () => {
    expect(rankVariants(model('hypnos'), DESKTOP)).toEqual([])
  })
})
