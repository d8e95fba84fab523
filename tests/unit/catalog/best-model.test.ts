import { describe, expect, it } from 'vitest'
import catalogJson from '../../../models.json'
import { bestModel } from '#core/catalog/best-model'
import { parseCatalog } from '#core/catalog'
import type { DeviceCapabilities } from '#core/catalog/device'
import { DESKTOP, SAFARI_18, withGpu, withLimits, withoutGpu, withStorage } from '../../fixtures/device'

const parsed = parseCatalog(catalogJson)
const models = parsed.ok ? parsed.value.models : []

function proposed(device: DeviceCapabilities, storedBytes?: Parameters<typeof bestModel>[2]) {
  const best = bestModel(models, device, storedBytes)
  return best && `${best.model.id}/${best.variant.id}: ${best.verdict.kind}`
}

describe('bestModel', () => {
  it.each<[what: string, device: DeviceCapabilities, expected: string]>([
    ['a good GPU and 16 GB', DESKTOP, 'qwen2.5-7b-instruct/q4f16_1: runs'],
    ['a good GPU and 8 GB', { ...DESKTOP, systemMemoryGB: 8 }, 'qwen2.5-3b-instruct/q4f16_1: runs'],
    [
      'a good GPU and memory that nobody tells',
      { ...DESKTOP, systemMemoryGB: null },
      'qwen2.5-3b-instruct/q4f16_1: runs',
    ],
    ['no half precision', withGpu({ shaderF16: false }), 'qwen2.5-7b-instruct/q4f32_1: runs'],
    [
      'a GPU with small bindings',
      withLimits({ maxStorageBufferBindingSize: 2 ** 29 }),
      'qwen2.5-1.5b-instruct/q4f16_1: runs',
    ],
    ['no WebGPU', withoutGpu('no-api'), 'qwen2.5-1.5b-instruct/q4_k_m: runs'],
    ['a GPU that refuses', withGpu({ deviceProblem: 'x' }), 'qwen2.5-1.5b-instruct/q4_k_m: runs'],
    ['emulated WebGPU', withGpu({ software: true }), 'qwen2.5-1.5b-instruct/q4_k_m: runs'],
    ['the compatible build', SAFARI_18, 'qwen2.5-0.5b-instruct/q4_k_m: runs-slowly'],
    ['1 GB of storage', withStorage(1e9), 'qwen2.5-1.5b-instruct/q4f16_1: runs'],
    ['no storage', withStorage(0), 'formulary/q8_0: runs'],
  ])('on %s', (_, device, expected) => {
    expect(proposed(device)).toBe(expected)
  })

  it('proposes what is stored, however full the storage is', () => {
    const stored = (model: { id: string }) => (model.id === 'qwen2.5-3b-instruct' ? Infinity : 0)
    expect(proposed(withStorage(0), stored)).toBe('qwen2.5-3b-instruct/q4f16_1: runs')
  })

  it('proposes nothing where nothing runs', () => {
    const wasm = { simd: false, memory64: false, jspi: false }
    expect(proposed({ ...withoutGpu('no-api'), wasm })).toBeNull()
  })
})
