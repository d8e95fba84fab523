import { describe, expect, it } from 'vitest'
import catalogJson from '../../../models.json'
import { parseCatalog, variantsOf, type ModelRecord } from '#core/catalog'
import type { DeviceCapabilities, WebGpuCapability } from '#core/catalog/device'
import { rankVariants, variantVerdict } from '#core/catalog/verdict'

const GPU: Extract<WebGpuCapability, { kind: 'available' }> = {
  kind: 'available',
  adapter: 'apple metal-3',
  software: false,
  shaderF16: true,
  maxBufferSize: 4 * 2 ** 30,
  maxStorageBufferBindingSize: 4 * 2 ** 30,
}
const DESKTOP: DeviceCapabilities = {
  webgpu: GPU,
  systemMemoryGB: 8,
  threads: 8,
  crossOriginIsolated: true,
}
const withGpu = (change: Partial<typeof GPU>): DeviceCapabilities => ({
  ...DESKTOP,
  webgpu: { ...GPU, ...change },
})
const withoutGpu = (reason: 'no-api' | 'no-adapter' | 'insecure-origin'): DeviceCapabilities => ({
  ...DESKTOP,
  webgpu: { kind: 'unavailable', reason },
})

function model(id: string): ModelRecord {
  const parsed = parseCatalog(catalogJson)
  const found = parsed.ok ? parsed.value.models.find((record) => record.id === id) : undefined
  if (!found) throw new Error(id)
  return found
}

function verdict(name: string, device: DeviceCapabilities) {
  const [modelId = '', variantId = ''] = name.split('/')
  const record = model(modelId)
  const variant = variantsOf(record).find(({ id }) => id === variantId)
  if (!variant) throw new Error(name)
  const { kind, ...rest } = variantVerdict(variant, record.parameters, device)
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
    withGpu({ maxStorageBufferBindingSize: 2 ** 29 }),
    'qwen2.5-7b-instruct/q4f16_1',
    'cannot: buffer-size',
  ],
  [
    '512 MiB bindings',
    withGpu({ maxStorageBufferBindingSize: 2 ** 29 }),
    'qwen2.5-1.5b-instruct/q4f16_1',
    'runs',
  ],
  ['128 MiB buffers', withGpu({ maxBufferSize: 2 ** 27 }), `${SMALL}/q4f16_1`, 'cannot: buffer-size'],
  ['4 GB of memory', { ...DESKTOP, systemMemoryGB: 4 }, 'qwen2.5-7b-instruct/q4f16_1', 'cannot: memory'],
  ['4 GB of memory', { ...DESKTOP, systemMemoryGB: 4 }, 'qwen2.5-1.5b-instruct/q4f16_1', 'runs'],
  ['1 GB of memory', { ...DESKTOP, systemMemoryGB: 1 }, 'qwen2.5-1.5b-instruct/q4_k_m', 'cannot: memory'],
  [
    'an unknown amount of memory',
    { ...DESKTOP, systemMemoryGB: null },
    'qwen2.5-7b-instruct/q4f16_1',
    'runs',
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

  it('refuses what does not fit 32-bit WebAssembly memory', () => {
    const variant = variantsOf(model(SMALL)).find(({ engine }) => engine === 'wllama')
    if (!variant) throw new Error('no CPU variant')
    expect(variantVerdict({ ...variant, memoryMB: 5000 }, 7.6e9, DESKTOP)).toEqual({
      kind: 'cannot',
      reason: { kind: 'memory', neededMB: 5000, availableMB: 4096 },
    })
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
  it('has nothing to propose for a model that cannot be loaded', () => {
    expect(rankVariants(model('hypnos'), DESKTOP)).toEqual([])
  })
})
