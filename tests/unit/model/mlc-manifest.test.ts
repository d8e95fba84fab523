import { beforeAll, describe, expect, it } from 'vitest'
import { parameterCount, readMlcManifest } from '#core/model/mlc-manifest'
import { mlcShards, type ManifestRecord } from './mlc-fixture'

const NAME = 'tensor-cache.json'
let records: ManifestRecord[]
beforeAll(async () => {
  records = (await mlcShards()).records
})

const read = (changed: unknown) => readMlcManifest(JSON.stringify({ metadata: {}, records: changed }), NAME)

/** The manifest with one entry of its first record, or of that record's second tensor, changed. */
const withRecord = (entry: object) => [{ ...records[0], ...entry }, ...records.slice(1)]
const withTensor = (entry: object) => {
  const [first, second] = records[0]?.records ?? []
  return withRecord({ records: [first, { ...second, ...entry }] })
}

describe('the tensor manifest', () => {
  it('gives shards, sums and sizes', () => {
    const result = read(records)
    expect(result).toMatchObject({
      ok: true,
      value: { weightBytes: 1024 + 256 + 1024 + 256 + 128, largestTensorBytes: 1024 },
    })
    expect(result.ok && result.value.shards.map(({ path, bytes, md5 }) => [path, bytes, md5])).toEqual(
      records.map(({ dataPath, nbytes, md5sum }) => [dataPath, nbytes, md5sum]),
    )
    // 64 × 32 in the embedding, 32 × 64 in the projection, 32 in the norm.
    expect(result.ok && parameterCount(result.value, 'q4f32_1')).toBe(64 * 32 + 32 * 64 + 32)
  })

  it('float32 stored as bfloat16 takes half of its size in the file, all of it on the GPU', () => {
    const tensor = {
      name: 'a',
      shape: [10, 10],
      dtype: 'float32',
      format: 'f32-to-bf16',
      nbytes: 200,
      byteOffset: 0,
    }
    const result = read([{ dataPath: 'a.bin', format: 'raw-shard', nbytes: 200, records: [tensor] }])
    expect(result).toMatchObject({ ok: true, value: { largestTensorBytes: 400, shards: [{ md5: null }] } })
  })

  it.each([
    ['no shards', () => [], 'records'],
    ['a shard outside', () => withRecord({ dataPath: '../../x' }), 'records[0].dataPath'],
    ['the name of the library', () => withRecord({ dataPath: 'Library.wasm' }), 'records[0].dataPath'],
    ['the name of the tokenizer', () => withRecord({ dataPath: 'tokenizer.json' }), 'records[0].dataPath'],
    ['an absolute path', () => withRecord({ dataPath: '/etc/x' }), 'records[0].dataPath'],
    ['a Windows path', () => withRecord({ dataPath: 'a\\..\\x' }), 'records[0].dataPath'],
    ['an address', () => withRecord({ dataPath: 'https://x/y' }), 'records[0].dataPath'],
    ['a shard used twice', () => withRecord({ dataPath: 'PARAMS_shard_1.bin' }), 'records[1].dataPath'],
    ['a sum of another kind', () => withRecord({ md5sum: 'abc' }), 'records[0].md5sum'],
    ['an unknown container', () => withRecord({ format: 'zip' }), 'records[0].format'],
    ['a shard of 2^60 bytes', () => withRecord({ nbytes: 2 ** 60 }), 'records[0].nbytes'],
    ['a fractional size', () => withRecord({ nbytes: 10.5 }), 'records[0].nbytes'],
    [
      'a shard smaller than its tensors',
      () => withRecord({ nbytes: 1100 }),
      'records[0].records[1].byteOffset',
    ],
    ['tensors over each other', () => withTensor({ byteOffset: 1000 }), 'records[0].records[1].byteOffset'],
    ['a negative offset', () => withTensor({ byteOffset: -4 }), 'records[0].records[1].byteOffset'],
    ['a size that the shape denies', () => withTensor({ nbytes: 255 }), 'records[0].records[1].nbytes'],
    ['another shape', () => withTensor({ shape: [64, 2] }), 'records[0].records[1].nbytes'],
    ['another number format', () => withTensor({ dtype: 'float16' }), 'records[0].records[1].nbytes'],
    ['an unknown number format', () => withTensor({ dtype: 'complex64' }), 'records[0].records[1].dtype'],
    ['an endless shape', () => withTensor({ shape: [1e308] }), 'records[0].records[1].shape[0]'],
    [
      'a tensor used twice',
      () => withTensor({ name: 'model.embed_tokens.q_weight' }),
      'records[0].records[1].name',
    ],
    ['shards without tensors', () => records.map((record) => ({ ...record, records: [] })), 'records'],
    [
      'too many shards',
      () => Array.from({ length: 5000 }, (_, at) => ({ ...records[0], dataPath: `${at}.bin`, records: [] })),
      'records',
    ],
  ])('%s: refused, with the place', (_, changed, where) => {
    expect(read(changed())).toMatchObject({ ok: false, failure: { kind: 'file-invalid', path: NAME, where } })
  })
})
