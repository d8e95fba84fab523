import { describe, expect, it } from 'vitest'
import catalogJson from '../../../models.json'
import { parseCatalog, variantsOf, type CatalogModel, type CatalogVariant } from '#core/catalog'
import { siteLoadRequest, storedLoadRequest } from '#core/catalog/load-request'
import { catalogSource, planOf, storedIdOf } from '#core/model/catalog-plan'
import { ownRecord } from '#core/model/own-record'
import type { ModelPlan, StoredModelId } from '#core/model/stored'
import { HASH, newPlan, newRecord, plannedFile } from './records'

function shipped(modelId: string, variantId: string): [CatalogModel, CatalogVariant] {
  const catalog = parseCatalog(catalogJson)
  const model = catalog.ok ? catalog.value.models.find(({ id }) => id === modelId) : undefined
  const variant = model && variantsOf(model).find(({ id }) => id === variantId)
  if (!model || !variant) throw new Error(`${modelId}/${variantId}`)
  return [model, variant]
}

const MLC_FILES = [
  plannedFile('params_shard_0.bin'),
  plannedFile('ndarray-cache.json', { role: 'manifest' }),
  plannedFile('library.wasm', { role: 'library' }),
]

/** What an inspection finds at the address of an MLC model. */
const found: ModelPlan = newPlan({
  id: 'own/qwen' as StoredModelId,
  name: 'Qwen2.5-0.5B-Instruct-q4f16_1-MLC',
  runtime: { engine: 'webllm', requiresShaderF16: false, largestTensorBytes: 1 },
  origin: { kind: 'remote', address: 'https://huggingface.co/mlc-ai/x', revision: 'c'.repeat(40) },
  files: MLC_FILES,
})

describe('planOf', () => {
  it('takes a GGUF variant from its record alone, pinned and with its checksum', () => {
    const [model, variant] = shipped('qwen2.5-0.5b-instruct', 'q4_k_m')
    expect(catalogSource(variant)).toBeNull()
    const plan = planOf(model, variant, null)
    expect(plan).toMatchObject({
      id: 'qwen2.5-0.5b-instruct/q4_k_m',
      catalog: { modelId: 'qwen2.5-0.5b-instruct', variantId: 'q4_k_m' },
      runtime: { engine: 'wllama' },
      origin: { kind: 'remote', revision: '9217f5db79a29953eb74d5343926648285ec7e67' },
    })
    expect(plan.files).toEqual([
      {
        path: 'qwen2.5-0.5b-instruct-q4_k_m.gguf',
        role: 'weights',
        bytes: variant.downloadBytes,
        expected: { algorithm: 'sha256', hex: 'sha256' in variant && variant.sha256 },
        url: plan.origin.kind === 'remote' && plan.origin.address,
      },
    ])
  })

  it('takes the files of an MLC variant from what was found, all else from the record', () => {
    const [model, variant] = shipped('qwen2.5-0.5b-instruct', 'q4f16_1')
    expect(catalogSource(variant)).toEqual({
      address: 'https://huggingface.co/mlc-ai/Qwen2.5-0.5B-Instruct-q4f16_1-MLC',
      libraryUrl: expect.stringMatching(/\.wasm$/) as string,
    })
    const plan = planOf(model, variant, found)
    expect(plan).toMatchObject({
      id: storedIdOf({ modelId: model.id, variantId: variant.id }),
      name: model.name,
      contextTokens: variant.contextTokens,
      memoryMB: variant.memoryMB,
      origin: found.origin,
      files: MLC_FILES,
    })
    expect(plan.runtime).toMatchObject({ engine: 'webllm', requiresShaderF16: true })
    expect(() => planOf(model, variant, null)).toThrow('inspected')
  })
})

describe('load requests', () => {
  const fileOf = (path: string) => ({ path, file: new File([path], path) })

  it('give a file of the site as an address, and nothing else', () => {
    expect(siteLoadRequest(shipped('formulary', 'q8_0')[1])?.source).toMatchObject({
      kind: 'gguf-url',
      url: 'models/formulary.gguf',
    })
    expect(siteLoadRequest(shipped('qwen2.5-0.5b-instruct', 'q4_k_m')[1])).toBeNull()
    expect(siteLoadRequest(shipped('qwen2.5-0.5b-instruct', 'q4f16_1')[1])).toBeNull()
  })

  it('give a stored GGUF file with the checksum that was verified', () => {
    const request = storedLoadRequest(newRecord(newPlan()), [fileOf('ward.gguf')])
    expect(request).toMatchObject({ engine: 'wllama', contextTokens: 4096 })
    expect(request?.source).toMatchObject({ kind: 'gguf-file', sha256: HASH, file: { name: 'ward.gguf' } })
    expect(storedLoadRequest(newRecord(newPlan()), [])).toBeNull()
  })

  it('give the hashes of its library and of the tokenizer that WebLLM reads, as they were verified', () => {
    const files = [
      ...MLC_FILES,
      plannedFile('tokenizer_config.json', { role: 'tokenizer' }),
      plannedFile('tokenizer.json', { role: 'tokenizer' }),
    ]
    const record = newRecord({ ...found, files })
    const hashed = {
      ...record,
      files: record.files.map((file) => ({ ...file, sha256: `hash of ${file.path}` })),
    }
    const picked = files.map(({ path }) => fileOf(path))
    expect(storedLoadRequest(hashed, picked)?.source).toMatchObject({
      librarySha256: 'hash of library.wasm',
      tokenizerSha256: 'hash of tokenizer.json',
    })
    expect(storedLoadRequest(newRecord(found), picked)?.source).toMatchObject({ tokenizerSha256: null })
  })

  it('give a stored MLC model with its library apart from the files', () => {
    const record = newRecord(found)
    const source = storedLoadRequest(
      record,
      MLC_FILES.map(({ path }) => fileOf(path)),
    )?.source
    expect(source).toMatchObject({
      kind: 'mlc',
      library: { name: 'library.wasm' },
      files: [{ path: 'params_shard_0.bin' }, { path: 'ndarray-cache.json' }],
      fingerprint: HASH,
      librarySha256: HASH,
      requiresShaderF16: false,
    })
    expect(storedLoadRequest(record, [fileOf('params_shard_0.bin')])).toBeNull()
    expect(storedLoadRequest(record, [fileOf('library.wasm')])).not.toHaveProperty('goldenLetters')
    const golden = { device: 'one', fingerprint: HASH, librarySha256: HASH, items: [] }
    expect(storedLoadRequest(record, [fileOf('library.wasm')], golden)).toMatchObject({
      goldenLetters: golden,
    })
    expect(storedLoadRequest({ ...record, fingerprint: null }, [fileOf('library.wasm')])).toBeNull()
  })
})

describe('ownRecord', () => {
  it('shows a model of the user’s as the catalogue shows its own', () => {
    expect(ownRecord(newRecord(newPlan({ quantization: 'Q4_K M/x' })))).toMatchObject({
      id: 'own/ward',
      developer: { en: 'clinic', zh: 'clinic' },
      sourceUrl: 'https://huggingface.co/clinic/ward',
      availability: { kind: 'own', variants: [{ id: 'q4_k-m-x', storedId: 'own/ward', downloadBytes: 100 }] },
    })
  })

  it('says what a WebGPU variant needs', () => {
    const runtime = { engine: 'webllm', requiresShaderF16: true, largestTensorBytes: 272_269_312 } as const
    const [variant] = ownRecord(newRecord(newPlan({ runtime }))).availability.variants
    expect(variant).toMatchObject({ requiredFeatures: ['shader-f16'], largestTensorMB: 272.269312 })
  })

  it.each([
    [{ kind: 'files', name: 'ward.gguf' }, 'ward.gguf', null],
    [
      { kind: 'remote', address: 'https://models.clinic.org/w/', revision: null },
      'models.clinic.org',
      'https://models.clinic.org/w/',
    ],
    [{ kind: 'remote', address: 'clinic/ward', revision: null }, 'clinic', null],
    [{ kind: 'pack', name: 'stick', address: null, revision: null }, 'stick', null],
  ] as const)('names where it came from: %j', (origin, developer, sourceUrl) => {
    expect(ownRecord(newRecord(newPlan({ origin })))).toMatchObject({
      developer: { en: developer },
      sourceUrl,
    })
  })
})
