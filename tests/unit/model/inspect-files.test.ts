import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { totalBytes, type ModelPlan } from '#core/model/stored'
import { inspectFiles } from '#worker/models/inspect-files'
import { ggufFile } from './gguf-fixture'
import { inspectPorts, tinyLibrary } from './known-fixture'
import { libraryBytes, METADATA } from './library-fixture'
import { CONFIG, mlcFolder } from './mlc-fixture'
import { namedFiles, unreadable } from './named-files'

type Files = Map<string, Uint8Array<ArrayBuffer>>

const never = new AbortController().signal
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')
const inspect = (
  files: Parameters<typeof inspectFiles>[0],
  library: File | null = null,
  ports = inspectPorts(),
) => inspectFiles(files, library, ports, never)

async function planOfFolder(files: Files, folder = 'Tiny-q4f32_1-MLC/'): Promise<ModelPlan> {
  const result = await inspect(namedFiles(files, folder))
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}

describe('an MLC folder', () => {
  it('is planned with all that the engine needs, and nothing else', async () => {
    const files = await mlcFolder()
    const plan = await planOfFolder(new Map([...files, ['README.md', new Uint8Array(9)]]))
    const manifest = sha256(files.get('tensor-cache.json') as Uint8Array)
    expect(plan).toMatchObject({
      id: `own/tiny-q4f32_1-mlc-${manifest.slice(0, 8)}`,
      name: 'Tiny-q4f32_1-MLC',
      catalog: null,
      architecture: 'qwen2',
      quantization: 'q4f32_1',
      parameters: 64 * 32 + 32 * 64 + 32,
      contextTokens: 4096,
      runtime: { engine: 'webllm', requiresShaderF16: false, largestTensorBytes: 1024 },
      origin: { kind: 'files', name: 'Tiny-q4f32_1-MLC' },
    })
    expect(plan.files.map(({ path, role, url }) => [path, role, url])).toEqual([
      ['mlc-chat-config.json', 'config', null],
      ['tensor-cache.json', 'manifest', null],
      ['tokenizer.json', 'tokenizer', null],
      ['params_shard_0.bin', 'weights', null],
      ['params_shard_1.bin', 'weights', null],
      ['model.wasm', 'library', null],
    ])
    expect(plan.files.map(({ expected }) => expected?.algorithm)).toEqual([
      ...Array<string>(3).fill('sha256'),
      'md5',
      'md5',
      'sha256',
    ])
    expect(totalBytes(plan.files)).toBe([...files.values()].reduce((sum, { length }) => sum + length, 0))
  })

  it.each(['', 'stick/models/tiny/', 'Which: one? /tiny/'])(
    'is found below "%s", among what systems leave behind',
    async (folder) => {
      const files = namedFiles([...(await mlcFolder())], folder)
      const rubbish = namedFiles([
        ['.DS_Store', 'x'],
        ['__MACOSX/mlc-chat-config.json', 'x'],
        ['._mlc-chat-config.json', 'x'],
        ['.cache/huggingface/mlc-chat-config.json', 'x'],
      ])
      expect(await inspect([...rubbish, ...files])).toMatchObject({ ok: true })
    },
  )

  it('under the older name of its manifest', async () => {
    const plan = await planOfFolder(await mlcFolder({ manifestName: 'ndarray-cache.json' }))
    expect(plan.files.find(({ role }) => role === 'manifest')?.path).toBe('ndarray-cache.json')
  })

  it('without a library takes a published one of its shape, the only file to be fetched', async () => {
    const url = 'https://example.org/libs/tiny.wasm'
    const files = namedFiles(await mlcFolder({ library: null }))
    const result = await inspect(files, null, inspectPorts([tinyLibrary(url)]))
    if (!result.ok) throw new Error(JSON.stringify(result.failure))
    expect(result.value.memoryMB).toBe(77)
    expect(result.value.files.filter((file) => file.url !== null)).toEqual([
      { path: 'tiny.wasm', role: 'library', bytes: null, expected: null, url },
    ])
  })

  it('a library given beside it replaces its own', async () => {
    const files = namedFiles(await mlcFolder({ library: new Uint8Array(8) }))
    const given = new File([libraryBytes(METADATA)], 'mine.wasm')
    const result = await inspect(files, given)
    expect(result.ok && result.value.files.filter(({ role }) => role === 'library')).toMatchObject([
      { path: 'library.wasm', bytes: given.size },
    ])
  })

  const without = (name: string) => async () => {
    const files = await mlcFolder()
    files.delete(name)
    return files
  }
  const withLibrary = (library: Uint8Array<ArrayBuffer>) => () => mlcFolder({ library })
  const withConfig = (change: object) => () => mlcFolder({ config: { ...CONFIG, ...change } })
  const params = METADATA.params.map((param) => ({ ...param }))
  const other = params.map((param) =>
    param.name.includes('embed') ? { ...param, shape: [128, ...param.shape.slice(1)] } : param,
  )
  it.each([
    ['no tokenizer', without('tokenizer.json'), { kind: 'not-a-model', missing: ['tokenizer.json'] }],
    ['no manifest', without('tensor-cache.json'), { kind: 'not-a-model', missing: ['tensor-cache.json'] }],
    [
      'a shard missing',
      without('params_shard_1.bin'),
      { kind: 'not-a-model', missing: ['params_shard_1.bin'] },
    ],
    ['no library of its shape', without('model.wasm'), { kind: 'no-library', architecture: 'qwen2' }],
    [
      'a shard cut off',
      async () => new Map([...(await mlcFolder()), ['params_shard_1.bin', new Uint8Array(5)]]),
      { kind: 'wrong-size', path: 'params_shard_1.bin', actualBytes: 5 },
    ],
    [
      'a library of another generation',
      withLibrary(libraryBytes(METADATA, 'v0_2_48')),
      { kind: 'library-generation', found: 'v0_2_48', needed: 'v0_2_86' },
    ],
    [
      'a library of another vocabulary',
      withLibrary(libraryBytes({ ...METADATA, params: other })),
      { kind: 'library-mismatch', differs: 'vocabulary' },
    ],
    [
      'a library that is a web page',
      withLibrary(new TextEncoder().encode('<html>')),
      { kind: 'file-invalid', path: 'model.wasm' },
    ],
    [
      'a tokenizer of another kind',
      withConfig({ tokenizer_files: ['vocab.txt'] }),
      { kind: 'file-invalid', where: 'tokenizer_files' },
    ],
    [
      'another quantization',
      withConfig({ quantization: 'q4f16_1' }),
      { kind: 'library-mismatch', differs: 'quantization' },
    ],
    [
      'two libraries',
      async () => new Map([...(await mlcFolder()), ['b.wasm', new Uint8Array(8)]]),
      { kind: 'file-invalid', path: 'b.wasm' },
    ],
    [
      'two models',
      async () => new Map([...(await mlcFolder()), ['b/mlc-chat-config.json', new Uint8Array(8)]]),
      { kind: 'several-models', names: ['mlc-chat-config.json', 'b/mlc-chat-config.json'] },
    ],
  ] as const)('%s: refused', async (_, files, problem) => {
    expect(await inspect(namedFiles(await files()))).toMatchObject({ ok: false, failure: problem })
  })

  it('whose disk is pulled out meanwhile is told as that', async () => {
    const files = namedFiles(await mlcFolder()).map((named) =>
      named.path === 'tokenizer.json' ? { ...named, file: unreadable('tokenizer.json', 90) } : named,
    )
    expect(await inspect(files)).toMatchObject({
      failure: { kind: 'file-unreadable', path: 'tokenizer.json' },
    })
  })
})

describe('a GGUF file', () => {
  it('the built-in model, brought as a file, is an own model', async () => {
    const bytes = Uint8Array.from(await readFile('public/models/formulary.gguf'))
    const ports = inspectPorts()
    const result = await inspect(namedFiles([['formulary.gguf', bytes]]), null, ports)
    const hex = sha256(bytes)
    expect(result).toMatchObject({
      ok: true,
      value: {
        catalog: null,
        architecture: 'qwen2',
        quantization: 'Q8_0',
        contextTokens: 2048,
        runtime: { engine: 'wllama' },
        origin: { kind: 'files', name: 'formulary.gguf' },
        files: [{ path: 'formulary.gguf', bytes: bytes.length, expected: { algorithm: 'sha256', hex } }],
      },
    })
    expect(result.ok && result.value.id).toMatch(new RegExp(`^own/[a-z0-9-]+-${hex.slice(0, 8)}$`))
    expect(ports.told.at(-1)).toEqual({
      kind: 'verifying',
      doneBytes: bytes.length,
      totalBytes: bytes.length,
    })
  })

  it('of the catalogue is known by its hash, whatever it is called', async () => {
    const bytes = ggufFile()
    const ports = inspectPorts()
    const model = ports.catalog.models.find(({ id }) => id === 'qwen2.5-0.5b-instruct')
    const variants = model && 'variants' in model.availability ? model.availability.variants : []
    const variant = variants.find(({ engine }) => engine === 'wllama')
    if (variant?.engine !== 'wllama') throw new Error('no such variant')
    variant.sha256 = sha256(bytes)
    const result = await inspect(namedFiles([['download(3).gguf', bytes]]), null, ports)
    expect(result).toMatchObject({
      value: {
        id: `qwen2.5-0.5b-instruct/${variant.id}`,
        name: model?.name,
        catalog: { modelId: 'qwen2.5-0.5b-instruct', variantId: variant.id },
        origin: { kind: 'files', name: 'download(3).gguf' },
      },
    })
  })

  it.each([
    ['cut off', ggufFile().subarray(0, -10), { kind: 'wrong-size' }],
    ['no GGUF', new TextEncoder().encode('PK'.repeat(50)), { kind: 'file-invalid', path: 'x.gguf' }],
    ['hostile', ggufFile({ architecture: 'x'.repeat(3000) }), { kind: 'not-a-model' }],
  ])('%s: refused', async (_, bytes, problem) => {
    expect(await inspect(namedFiles([['x.gguf', bytes]]))).toMatchObject({ ok: false, failure: problem })
  })

  it('an abort ends the hashing', async () => {
    const controller = new AbortController()
    controller.abort()
    const files = namedFiles([['x.gguf', ggufFile()]])
    expect(await inspectFiles(files, null, inspectPorts(), controller.signal)).toEqual({
      ok: false,
      failure: { kind: 'aborted' },
    })
  })

  it('several at once are refused, and files that are no model', async () => {
    const two = namedFiles([
      ['a.gguf', ggufFile()],
      ['b.gguf', ggufFile()],
    ])
    expect(await inspect(two)).toMatchObject({
      failure: { kind: 'several-models', names: ['a.gguf', 'b.gguf'] },
    })
    expect(await inspect(namedFiles([['notes.txt', 'x']]))).toEqual({
      ok: false,
      failure: { kind: 'not-a-model', missing: [] },
    })
    expect(await inspect([])).toMatchObject({ failure: { kind: 'not-a-model' } })
  })
})
