import { describe, expect, it } from 'vitest'
import catalogJson from '../../../models.json'
import { Models, type ModelsPorts } from '#app/models.svelte'
import { parseCatalog, variantsOf } from '#core/catalog'
import type { DeviceCapabilities } from '#core/catalog/device'
import { failure } from '#core/result'
import { DESKTOP, SAFARI_18, withGpu, withLimits, withoutGpu, withStorage } from '../../fixtures/device'

const parsed = parseCatalog(catalogJson)
if (!parsed.ok) throw new Error(JSON.stringify(parsed.failure))
const catalog = parsed.value

/** Models over a store and an engine that only note what they are asked for. */
function openModels(device: DeviceCapabilities, space: ModelsPorts['store']['space'] = null) {
  const asked: string[] = []
  const engine = {
    state: { kind: 'idle' },
    load: () => {
      asked.push('engine.load')
      return Promise.resolve(failure({ kind: 'aborted' }))
    },
  }
  const models = new Models({
    catalog,
    engine: engine as unknown as ModelsPorts['engine'],
    preferences: { get: () => Promise.resolve(undefined), set: () => Promise.resolve() },
    probe: () => Promise.resolve(device),
    store: {
      models: [],
      space,
      storedBytes: () => 0,
      find: () => undefined,
      job: () => undefined,
      resume: () => Promise.resolve(failure({ kind: 'unknown-model' })),
      download: (_, { id }) => {
        asked.push(`download ${id}`)
        return Promise.resolve(failure({ kind: 'aborted' }))
      },
      engineFiles: () => Promise.resolve(failure({ kind: 'unknown-model' })),
    },
  })
  return { models, asked }
}

const SMALL = 'qwen2.5-0.5b-instruct'

describe('Models.load', () => {
  const halfPrecision = catalog.models.flatMap((model) =>
    variantsOf(model)
      .filter(({ quantization }) => quantization.includes('f16'))
      .map(({ id }) => ({ modelId: model.id, variantId: id })),
  )

  it('knows the half-precision variants', () => expect(halfPrecision.length).toBeGreaterThan(2))

  it.each(halfPrecision)('never tries $modelId $variantId without shader-f16', async (choice) => {
    const { models, asked } = openModels(withGpu({ shaderF16: false }))
    expect(await models.load(choice)).toEqual(failure({ kind: 'feature-missing', feature: 'shader-f16' }))
    expect(asked).toEqual([])
  })

  it.each<[what: string, device: DeviceCapabilities, variantId: string, expected: object]>([
    ['WebGPU', withoutGpu('no-adapter'), 'q4f32_1', { kind: 'webgpu-unavailable', reason: 'no-adapter' }],
    [
      'enough workgroup storage',
      withLimits({ maxComputeWorkgroupStorageSize: 16_384 }),
      'q4f32_1',
      { kind: 'feature-missing', feature: 'maxComputeWorkgroupStorageSize ≥ 32768 (has 16384)' },
    ],
    [
      'enough storage buffers',
      withLimits({ maxStorageBuffersPerShaderStage: 8 }),
      'q4f32_1',
      { kind: 'feature-missing', feature: 'maxStorageBuffersPerShaderStage ≥ 10 (has 8)' },
    ],
    [
      'large enough buffers',
      withLimits({ maxBufferSize: 2 ** 27 }),
      'q4f32_1',
      { kind: 'feature-missing', feature: 'maxStorageBufferBindingSize ≥ 268 MB (has 134 MB)' },
    ],
    [
      'a device that opens',
      withGpu({ deviceProblem: 'OperationError: no' }),
      'q4f32_1',
      { kind: 'engine-error', detail: 'OperationError: no' },
    ],
    [
      'WebAssembly SIMD',
      { ...DESKTOP, wasm: { simd: false, memory64: false, jspi: false } },
      'q4_k_m',
      { kind: 'feature-missing', feature: 'WebAssembly SIMD' },
    ],
  ])('downloads nothing without %s', async (_, device, variantId, expected) => {
    const { models, asked } = openModels(device)
    expect(await models.load({ modelId: SMALL, variantId })).toEqual({ ok: false, failure: expected })
    expect(asked).toEqual([])
  })

  it('tries what may run, and what only a lack of storage stops: the download decides', async () => {
    for (const device of [DESKTOP, SAFARI_18, withStorage(0)]) {
      const { models, asked } = openModels(device)
      await models.load({ modelId: SMALL, variantId: 'q4_k_m' })
      expect(asked).toEqual(['download q4_k_m'])
    }
  })
})

describe('Models.device', () => {
  it('has the storage of this moment, not of the measurement', async () => {
    const space = { estimate: { usedBytes: 5, quotaBytes: 10 }, persisted: false }
    const { models } = openModels(DESKTOP, space)
    expect(models.device).toBeNull()
    await models.restore()
    expect(models.device?.storage).toEqual(space)
    expect(models.proposal?.model.availability.kind).toBe('built-in')
  })
})
