import { beforeAll, describe, expect, it } from 'vitest'
import { matchLibrary } from '#core/model/library-match'
import { readLibraryMetadata, type LibraryMetadata } from '#core/model/library-metadata'
import { readMlcConfig, type MlcConfig } from '#core/model/mlc-config'
import { readMlcManifest, type MlcManifest } from '#core/model/mlc-manifest'
import { libraryBytes, METADATA } from './library-fixture'
import { CONFIG, mlcShards } from './mlc-fixture'

let library: LibraryMetadata
let config: MlcConfig
let manifest: MlcManifest
beforeAll(async () => {
  library = valueOf(readLibraryMetadata('x.wasm', libraryBytes(METADATA)))
  config = valueOf(readMlcConfig(JSON.stringify(CONFIG)))
  manifest = valueOf(
    readMlcManifest(JSON.stringify({ records: (await mlcShards()).records }), 'tensor-cache.json'),
  )
})

function valueOf<Value>(result: { ok: true; value: Value } | { ok: false; failure: unknown }): Value {
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

/** The library with its parameters changed; a shape or null to leave the parameter out. */
function declaring(
  name: string,
  change: { shape?: (number | null)[]; dtype?: string } | null,
): LibraryMetadata {
  const params = library.params.flatMap((param) => {
    if (param.name !== name) return [param]
    return change ? [{ ...param, ...change }] : []
  })
  return { ...library, params }
}

const EMBEDDING = 'model.embed_tokens.q_weight'

describe('weights against a library', () => {
  it('that was compiled for them', () => {
    expect(matchLibrary(library, config, manifest)).toEqual({ ok: true, value: undefined })
  })

  it('that leaves the vocabulary free', () => {
    expect(matchLibrary(declaring(EMBEDDING, { shape: [null, 4] }), config, manifest)).toMatchObject({
      ok: true,
    })
  })

  it('a free vocabulary must still be that of the configuration', () => {
    const other = { ...config, shape: { ...config.shape, vocabulary: 65 } }
    expect(matchLibrary(declaring(EMBEDDING, { shape: [null, 4] }), other, manifest)).toMatchObject({
      failure: {
        differs: 'vocabulary',
        tensor: EMBEDDING,
        library: 'uint32 n × 4',
        weights: 'uint32 64 × 4',
      },
    })
  })

  it.each([
    ['vocabulary', EMBEDDING, { shape: [128, 4] }, 'uint32 128 × 4', 'uint32 64 × 4'],
    ['shape', EMBEDDING, { shape: [64, 8] }, 'uint32 64 × 8', 'uint32 64 × 4'],
    ['shape', 'model.norm.weight', { shape: [64] }, 'float32 64', 'float32 32'],
    ['number-format', 'model.norm.weight', { dtype: 'float16' }, 'float16 32', 'float32 32'],
    ['extra', 'model.norm.weight', null, '-', 'float32 32'],
    ['layers', 'model.layers.0.mlp.down_proj.q_weight', null, '-', 'uint32 32 × 8'],
  ] as const)('%s differs in %s', (differs, tensor, change, ofLibrary, ofWeights) => {
    const changed =
      differs === 'layers'
        ? { ...library, params: library.params.filter(({ name }) => !name.includes('layers')) }
        : declaring(tensor, change as { shape?: number[] } | null)
    expect(matchLibrary(changed, config, manifest)).toEqual({
      ok: false,
      failure: { kind: 'library-mismatch', differs, tensor, library: ofLibrary, weights: ofWeights },
    })
  })

  it.each([
    ['missing', 'model.extra.weight'],
    ['layers', 'model.layers.1.input_layernorm.weight'],
  ])('%s: the weights lack %s', (differs, name) => {
    const params = [...library.params, { name, shape: [32], dtype: 'float32' }]
    expect(matchLibrary({ ...library, params }, config, manifest)).toMatchObject({
      failure: { differs, tensor: name, library: 'float32 32', weights: '-' },
    })
  })

  it.each([
    ['architecture', { architecture: 'llama' }],
    ['quantization', { quantization: 'q4f16_1' }],
    ['architecture', { needsModelPackage: true }],
  ])('%s: %j', (differs, change) => {
    expect(matchLibrary({ ...library, ...change }, config, manifest)).toMatchObject({
      failure: { kind: 'library-mismatch', differs },
    })
  })
})
