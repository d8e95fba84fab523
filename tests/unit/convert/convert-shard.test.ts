import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { BLOCK_NUMBERS } from '#core/convert/convert-shard'
import { QUANTIZATIONS } from '#core/convert/quantization'
import { readMlcManifest } from '#core/model/mlc-manifest'
import { failure } from '#core/result'
import { checkpoint, configOf, tensorsOf } from './checkpoint-fixture'
import { convert, converted } from './convert-fixture'
import { memorySource, random, safetensors } from './safetensors-fixture'

describe.each(QUANTIZATIONS)('a conversion to %s', (quantization) => {
  it('writes the bytes that it planned, with their sums, in a manifest that is read without complaint', async () => {
    const { plan, shards, sums, manifest } = await converted(checkpoint('qwen3'), quantization)
    for (const { path, bytes } of plan.shards) {
      const written = shards.get(path)!
      expect(written.length).toBe(bytes)
      for (const algorithm of ['md5', 'sha256'] as const)
        expect(sums[path]?.[algorithm]).toBe(createHash(algorithm).update(written).digest('hex'))
    }
    const read = readMlcManifest(manifest, 'tensor-cache.json')
    expect(read).toMatchObject({ ok: true, value: { weightBytes: plan.resultBytes } })
    expect(read.ok && read.value.largestTensorBytes).toBe(plan.largestTensorBytes)
  })

  it('is the same each time, from one file or from several', async () => {
    const one = await converted(checkpoint('llama'), quantization)
    const three = await converted(checkpoint('llama', { files: 3 }), quantization)
    expect(three.manifest).toBe(one.manifest)
  })
})

it('reads and writes a large matrix in blocks', async () => {
  const config = { vocab_size: 40_000, num_hidden_layers: 1 }
  const files = checkpoint('qwen2', { config })
  const source = memorySource(files)
  const done = await convert(files, 'q4f16_1', source)
  expect(40_000 * 64).toBeGreaterThan(2 * BLOCK_NUMBERS)
  expect(Math.max(...source.reads.map(({ bytes }) => bytes))).toBeLessThanOrEqual(2 * BLOCK_NUMBERS)
  expect(done.ok && done.value.largestPiece).toBeLessThanOrEqual(BLOCK_NUMBERS / 2)
})

describe('numbers that cannot be kept', () => {
  const TENSOR = 'model.layers.1.mlp.up_proj.weight'
  const NORM = 'model.layers.0.input_layernorm.weight'
  function spoilt(name: string, index: number, value: number) {
    const tensors = tensorsOf(configOf('llama')).map((tensor) => {
      const values = tensor.values.slice()
      if (tensor.name === name) values[index] = value
      return { ...tensor, values, dtype: 'F32' as const }
    })
    return checkpoint('llama').set('model.safetensors', safetensors(tensors))
  }
  const path = 'model.safetensors'

  it.each([
    ['q4f16_1', TENSOR, Number.NaN],
    ['q4f32_1', TENSOR, -Infinity],
    ['q0f16', TENSOR, Infinity],
    ['q0f32', NORM, Number.NaN],
    ['q4f16_1', NORM, Infinity],
  ] as const)('%s: %s with %d', async (quantization, tensor, bad) => {
    expect(await convert(spoilt(tensor, 37, bad), quantization)).toEqual({
      ok: false,
      failure: { kind: 'tensor-not-finite', path, tensor, index: 37 },
    })
  })

  it('beyond float16', async () => {
    const failed = { kind: 'tensor-overflow', path, tensor: TENSOR, format: 'float16' }
    expect(await convert(spoilt(TENSOR, 37, 7e4), 'q4f16_1')).toMatchObject({
      failure: { ...failed, index: 32 },
    })
    expect(await convert(spoilt(TENSOR, 37, -7e4), 'q0f16')).toMatchObject({
      failure: { ...failed, index: 37 },
    })
    expect(await convert(spoilt(TENSOR, 37, 7e4), 'q4f32_1')).toMatchObject({ ok: true })
  })

  it('are found by their index in the tensor, not in the block', async () => {
    const config = { vocab_size: 40_000, num_hidden_layers: 1 }
    const tensors = tensorsOf(configOf('qwen2', config))
    tensors[0]!.values[2_500_001] = Number.NaN
    const files = checkpoint('qwen2', { config }).set(path, safetensors(tensors))
    expect(await convert(files, 'q4f16_1')).toMatchObject({
      failure: { tensor: 'model.embed_tokens.weight', index: 2_500_001 },
    })
  })
})

it('a source that fails ends it with that failure', async () => {
  const files = checkpoint('llama')
  const source = memorySource(files)
  const gone = { kind: 'file-unreadable', path: 'model.safetensors', detail: 'gone' } as const
  const broken = {
    ...source,
    read: (path: string, begin: number, end: number, signal: AbortSignal) =>
      begin > 60_000 ? Promise.resolve(failure(gone)) : source.read(path, begin, end, signal),
  }
  expect(await convert(files, 'q4f16_1', broken)).toEqual({ ok: false, failure: gone })
})

it('an aborted one ends', async () => {
  const controller = new AbortController()
  controller.abort()
  const files = checkpoint('llama')
  expect(await convert(files, 'q4f16_1', memorySource(files), controller.signal)).toEqual({
    ok: false,
    failure: { kind: 'aborted' },
  })
})

it('float16 and BF16 sources give the same as the float32 that they stand for', async () => {
  const config = configOf('llama')
  const tensors = tensorsOf(config).map((tensor) => ({
    ...tensor,
    values: random(tensor.values.length, 5, 0.5).map((value) => Math.round(value * 64) / 64),
  }))
  const manifests = await Promise.all(
    (['F32', 'F16', 'BF16'] as const).map(async (dtype) => {
      const files = checkpoint('llama').set(
        'model.safetensors',
        safetensors(tensors.map((tensor) => ({ ...tensor, dtype }))),
      )
      return (await converted(files, 'q4f32_1')).manifest
    }),
  )
  expect(new Set(manifests).size).toBe(1)
})
