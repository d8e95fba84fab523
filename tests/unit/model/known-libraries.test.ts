import { describe, expect, it } from 'vitest'
import librariesJson from '../../../libraries.json'
import catalogJson from '../../../models.json'
import { libraryProblems } from '../../../scripts/library-file'
import { findLibrary, parseLibraries, type KnownLibrary } from '#core/model/known-libraries'
import { readMlcConfig, requiresShaderF16, type MlcConfig } from '#core/model/mlc-config'
import { parseCatalog, variantsOf } from '#core/catalog'
import { CONFIG } from './mlc-fixture'

function known(): KnownLibrary[] {
  const parsed = parseLibraries(librariesJson)
  if (!parsed.ok) throw new Error(parsed.failure)
  return parsed.value.libraries
}

/** The configuration of a model for which the library was compiled. */
function configOf({ architecture, quantization, shape }: KnownLibrary, vocabulary = 100_000): MlcConfig {
  const fixed = shape.vocabulary === 'free' ? vocabulary : shape.vocabulary
  return {
    architecture,
    quantization,
    contextTokens: 4096,
    tokenizer: 'tokenizer.json',
    shape: { ...shape, vocabulary: fixed },
  }
}

function library(name: string, quantization = 'q4f16_1'): KnownLibrary {
  const found = known().find((each) => each.name === name && each.quantization === quantization)
  if (!found) throw new Error(name)
  return found
}

describe('libraries.json', () => {
  it('says what the installed WebLLM says', () => {
    expect(libraryProblems({ notes: [], libraries: known() })).toEqual([])
  })

  it('a library that is described otherwise is named', () => {
    const [first, ...rest] = known()
    if (!first) throw new Error('empty')
    const changed = [{ ...first, memoryMB: 1 }, ...rest, { ...first, name: 'Missing' }]
    expect(libraryProblems({ notes: [], libraries: changed }).map(({ path }) => path)).toEqual([
      'libraries[0].memoryMB',
      `libraries[${changed.length - 1}]`,
    ])
  })

  it('is found for the shape of each library, and no other is', () => {
    for (const each of known()) {
      expect(findLibrary(known(), configOf(each)), each.url).toEqual({ ok: true, value: each })
    }
  })

  it('has the library of every WebLLM variant of the catalogue, with its memory', () => {
    const catalog = parseCatalog(catalogJson)
    if (!catalog.ok) throw new Error(JSON.stringify(catalog.failure))
    const variants = catalog.value.models
      .flatMap((model) => variantsOf(model))
      .filter((variant) => variant.engine === 'webllm')
    expect(variants.length).toBeGreaterThan(0)
    for (const { libraryUrl, quantization, memoryMB, requiredFeatures } of variants) {
      const found = known().find(({ url }) => url === libraryUrl)
      expect(found, libraryUrl).toMatchObject({ quantization, memoryMB })
      expect(requiresShaderF16(quantization), libraryUrl).toBe(requiredFeatures.includes('shader-f16'))
    }
  })
})

describe('the library for a model', () => {
  it('Llama libraries take any vocabulary, as an extended Chinese one', () => {
    const wanted = library('Llama-2-7b-chat-hf')
    expect(findLibrary(known(), configOf(wanted, 55_296))).toEqual({ ok: true, value: wanted })
  })

  it('Qwen2 libraries take their own only', () => {
    const config = configOf(library('Qwen2-7B-Instruct'))
    expect(findLibrary(known(), { ...config, shape: { ...config.shape, vocabulary: 152_000 } })).toEqual({
      ok: false,
      failure: {
        kind: 'no-library',
        architecture: 'qwen2',
        quantization: 'q4f16_1',
        shape:
          'hidden_size 3584, num_hidden_layers 28, intermediate_size 18944, heads 28/4 × 128, vocab_size 152000, rope 1000000',
      },
    })
  })

  it('models of equal sizes are told apart by their rotary embedding', () => {
    const [old, newer] = [library('Llama-3-8B-Instruct'), library('Llama-3_1-8B-Instruct')]
    expect(findLibrary(known(), configOf(old))).toEqual({ ok: true, value: old })
    expect(findLibrary(known(), configOf(newer))).toEqual({ ok: true, value: newer })
    const config = configOf(newer)
    expect(findLibrary(known(), { ...config, shape: { ...config.shape, ropeBase: 10_000 } })).toMatchObject({
      failure: { kind: 'no-library' },
    })
  })

  it('what a configuration leaves out is not held against it', () => {
    const wanted = library('Qwen2-0.5B-Instruct', 'q4f32_1')
    const config = configOf(wanted)
    const shape = { ...config.shape, isTied: null, ropeBase: null }
    expect(findLibrary(known(), { ...config, shape })).toEqual({ ok: true, value: wanted })
  })

  it('a toy model has none', () => {
    const config = readMlcConfig(JSON.stringify(CONFIG))
    expect(config.ok && findLibrary(known(), config.value)).toMatchObject({ failure: { kind: 'no-library' } })
  })

  it('another architecture is named with those that are known', () => {
    const config = { ...configOf(library('Qwen3-4B')), architecture: 'gemma2' }
    expect(findLibrary(known(), config)).toEqual({
      ok: false,
      failure: {
        kind: 'unsupported-architecture',
        architecture: 'gemma2',
        supported: ['qwen2', 'llama', 'mistral', 'qwen3'],
      },
    })
  })
})
