import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { libraryGeneration } from '#core/model/library-interface'
import { LIBRARY_LIMIT_BYTES, readLibraryMetadata } from '#core/model/library-metadata'
import { libraryBytes, METADATA } from './library-fixture'

describe('the metadata of a library', () => {
  it('is found in a data segment, whatever lies around it', () => {
    const result = readLibraryMetadata('lib.wasm', libraryBytes(METADATA))
    expect(result).toEqual({
      ok: true,
      value: {
        architecture: 'qwen2',
        quantization: 'q4f32_1',
        contextTokens: 4096,
        slidingWindowTokens: -1,
        prefillChunkTokens: 1024,
        kvStateKind: 'kv_cache',
        workBytes: 1000,
        needsModelPackage: false,
        kvCache: { layers: 1, attentionHeads: 2, keyValueHeads: 1, headDimension: 16 },
        params: METADATA.params.map(({ name, shape, dtype }) => ({ name, shape, dtype })),
      },
    })
  })

  it('free dimensions are null, however they are written', () => {
    const params = [
      { name: 'a', shape: ['vocab_size', 8], dtype: 'uint32' },
      { name: 'b', shape: [-1, 8], dtype: 'uint32' },
    ]
    const result = readLibraryMetadata('lib.wasm', libraryBytes({ ...METADATA, params }))
    expect(result).toMatchObject({
      ok: true,
      value: { params: [{ shape: [null, 8] }, { shape: [null, 8] }] },
    })
  })

  it('a mention of the key before the metadata does no harm', () => {
    const bytes = libraryBytes(METADATA, 'v0_2_86', '{"other": "\\"model_type\\"", {"model_type" ')
    expect(readLibraryMetadata('lib.wasm', bytes)).toMatchObject({ ok: true })
  })

  it('is found where other objects stand before its architecture', () => {
    const { model_type, ...rest } = METADATA
    const bytes = libraryBytes({ artifact: { a: { b: 1 }, c: {} }, ...rest, model_type })
    expect(readLibraryMetadata('lib.wasm', bytes)).toMatchObject({
      ok: true,
      value: { architecture: 'qwen2', needsModelPackage: true },
    })
  })

  it('what only helps may be said otherwise', () => {
    const odd = { ...METADATA, kv_cache: { kind: 'paged' }, memory_usage: 'unknown', kv_state_kind: null }
    expect(readLibraryMetadata('lib.wasm', libraryBytes(odd))).toMatchObject({
      ok: true,
      value: { kvCache: undefined, workBytes: null, kvStateKind: 'kv_cache' },
    })
  })

  it.each([
    ['not WebAssembly', new TextEncoder().encode('<html>Not found</html>'), null],
    ['empty', new Uint8Array(), null],
    ['no metadata', libraryBytes({}), '_metadata'],
    ['cut off', libraryBytes(METADATA).subarray(0, 400), '_metadata'],
    ['no parameters', libraryBytes({ ...METADATA, params: [] }), 'params'],
    [
      'a negative size',
      libraryBytes({ ...METADATA, params: [{ name: 'a', shape: [-7], dtype: 'x' }] }),
      'params[0].shape[0]',
    ],
    [
      'an endless size',
      libraryBytes({ ...METADATA, params: [{ name: 'a', shape: [1e300], dtype: 'x' }] }),
      'params[0].shape[0]',
    ],
    ['no chunk size', libraryBytes({ ...METADATA, prefill_chunk_size: undefined }), 'prefill_chunk_size'],
    ['thousands of beginnings', libraryBytes('{"model_type"'.repeat(100_000)), '_metadata'],
  ])('%s: refused, with the place', (_, bytes, where) => {
    expect(readLibraryMetadata('lib.wasm', bytes)).toMatchObject({
      ok: false,
      failure: { kind: 'file-invalid', path: 'lib.wasm', where },
    })
  })

  it('a file beyond the limit is not searched', () => {
    const bytes = new Uint8Array(LIBRARY_LIMIT_BYTES + 1)
    expect(readLibraryMetadata('lib.wasm', bytes)).toMatchObject({ failure: { kind: 'too-large' } })
  })

  const real = process.env.SOMNUS_WEBLLM_LIBRARY
  it.skipIf(!real)('of a real library', async () => {
    const bytes = await readFile(real ?? '')
    const result = readLibraryMetadata('lib.wasm', bytes)
    expect(result).toMatchObject({ ok: true, value: { params: expect.any(Array) as unknown } })
    const module = await WebAssembly.compile(bytes)
    const imports = WebAssembly.Module.imports(module).map(({ name }) => name)
    const exports = WebAssembly.Module.exports(module).map(({ name }) => name)
    expect(libraryGeneration({ imports, exports })).toBeDefined()
  })
})
