import { readFile } from 'node:fs/promises'
import { describe, expect, it } from 'vitest'
import { GGUF_HEADER_LIMIT_BYTES, readGgufHeader } from '#core/model/gguf-header'
import { ggufModel } from '#core/model/gguf-model'
import { tensorBytes } from '#core/model/gguf-types'
import { readCatalog } from '../../../scripts/catalog-file'
import { ggufFile, GgufWriter } from './gguf-fixture'

/** Reads from memory in pieces of at most `piece` bytes beyond what must be there; counts what was asked for. */
function reader(bytes: Uint8Array) {
  const asked = { bytes: 0, reads: 0 }
  const read = (offset: number, length: number) => {
    asked.bytes += length
    asked.reads += 1
    return Promise.resolve(bytes.subarray(Math.min(offset, bytes.length), offset + length))
  }
  return { read, asked }
}

const readBytes = (bytes: Uint8Array) => readGgufHeader('x.gguf', reader(bytes).read)

describe('the header of the built-in model', () => {
  it('agrees with the catalogue', async () => {
    const bytes = await readFile('public/models/formulary.gguf')
    const header = await readBytes(bytes)
    if (!header.ok) throw new Error(JSON.stringify(header.failure))
    const catalog = await readCatalog()
    const record =
      catalog.ok && catalog.value.models.find(({ availability }) => availability.kind === 'built-in')
    if (!record) throw new Error('no built-in model')
    expect(header.value.fileBytes).toBe(bytes.length)
    expect(ggufModel('x.gguf', header.value, bytes.length)).toMatchObject({
      ok: true,
      value: {
        architecture: record.architecture,
        parameters: record.parameters,
        quantization: 'Q8_0',
        contextTokens: 2048,
      },
    })
  })
})

describe('a GGUF header', () => {
  it('tells name, format, sizes, and what is slow', async () => {
    const bytes = ggufFile()
    const header = await readBytes(bytes)
    expect(header.ok && ggufModel('x.gguf', header.value, bytes.length)).toEqual({
      ok: true,
      value: {
        name: 'Tiny Llama 小',
        architecture: 'llama',
        quantization: 'Q4_0',
        parameters: 64 * 3 + 64,
        contextTokens: 4096,
        vocabulary: 3,
        // 120 MB of work buffers and 4096 × 2 layers × 32 values × 4 bytes of cache, rounded up.
        memoryMB: 122,
      },
    })
  })

  it('is read in few pieces, and no more of it than is there', async () => {
    const words = Array.from({ length: 60_000 }, (_, index) => `token number ${index} of many`.padEnd(60))
    const bytes = new GgufWriter(0, 1).words('tokenizer.ggml.tokens', words).file()
    const { read, asked } = reader(bytes)
    expect(await readGgufHeader('x.gguf', read)).toMatchObject({ ok: true })
    expect(asked.reads).toBeLessThanOrEqual(4)
  })

  it('long texts are passed over', async () => {
    const bytes = new GgufWriter(0, 2)
      .string('tokenizer.chat_template', 'x'.repeat(5000))
      .string('general.name', 'y')
      .file()
    const header = await readBytes(bytes)
    expect(header.ok && [...header.value.metadata]).toEqual([
      ['tokenizer.chat_template', null],
      ['general.name', 'y'],
    ])
  })

  const huge = 2n ** 60n
  it.each([
    ['empty', new Uint8Array(), null],
    ['another file', new TextEncoder().encode('PK'.padEnd(64)), null],
    ['version 1', new GgufWriter(0, 0, 1).file(), 'version'],
    ['big-endian', new GgufWriter(0, 0, 0x03000000).file(), 'version'],
    ['2^60 tensors', new GgufWriter(huge, 0).file(), 'tensor_count'],
    ['2^32 tensors', new GgufWriter(2 ** 32, 0).file(), 'tensor_count'],
    ['2^60 entries', new GgufWriter(0, huge).file(), 'metadata_kv_count'],
    ['a key of 2^60 bytes', new GgufWriter(0, 1).text('a', huge).header(), 'metadata[0]'],
    ['a key of 2^30 bytes', new GgufWriter(0, 1).text('a', 2 ** 30).header(), 'metadata[0]'],
    [
      'a text of 2^50 bytes',
      new GgufWriter(0, 1)
        .text('a')
        .uint32(8)
        .text('b', 2 ** 50)
        .header(),
      'a',
    ],
    ['a text beyond the end', new GgufWriter(0, 1).text('a').uint32(8).text('b', 900).header(), 'a'],
    ['an array of 2^60', new GgufWriter(0, 1).words('a', [], huge).header(), 'a'],
    ['an array of 2^50 texts', new GgufWriter(0, 1).words('a', ['b'], 2 ** 50).header(), 'a'],
    [
      '2^50 numbers',
      new GgufWriter(0, 1)
        .text('a')
        .uint32(9)
        .uint32(10)
        .uint64(2 ** 50)
        .header(),
      'a',
    ],
    [
      'arrays in arrays',
      new GgufWriter(0, 1)
        .text('a')
        .uint32(9)
        .raw(...nested(9))
        .file(64),
      'a',
    ],
    ['an unknown value type', new GgufWriter(0, 1).text('a').uint32(99).file(64), 'a'],
    ['a key used twice', new GgufWriter(0, 2).count('a', 1).count('a', 1).file(), 'a'],
    ['a key that is no text', new GgufWriter(0, 1).uint64(2).raw(0xff, 0xfe).file(64), 'metadata[0]'],
    ['metadata cut off', new GgufWriter(0, 2).count('a', 1).header(), 'metadata[1]'],
    ['tensors cut off', new GgufWriter(2, 0).tensor('t', [32], 0, 0).header(), 'tensors[1]'],
    [
      '2^32 - 1 dimensions',
      new GgufWriter(1, 0)
        .text('t')
        .uint32(2 ** 32 - 1)
        .file(64),
      't',
    ],
    ['a dimension of 2^60', new GgufWriter(1, 0).tensor('t', [huge], 0, 0).file(), 't'],
    [
      'dimensions that multiply to 2^100',
      new GgufWriter(1, 0).tensor('t', [2 ** 50, 2 ** 50], 0, 0).file(),
      't',
    ],
    ['an unknown tensor type', new GgufWriter(1, 0).tensor('t', [32], 77, 0).file(), 't'],
    ['half a block', new GgufWriter(1, 0).tensor('t', [40], 2, 0).file(), 't'],
    ['an offset of 2^60', new GgufWriter(1, 0).tensor('t', [32], 0, huge).file(), 't'],
    ['an alignment of 0', new GgufWriter(0, 1).count('general.alignment', 0).file(), 'general.alignment'],
  ])('%s: refused, with the place', async (_, bytes, where) => {
    const { read, asked } = reader(bytes)
    expect(await readGgufHeader('x.gguf', read)).toMatchObject({
      ok: false,
      failure: { kind: 'file-invalid', path: 'x.gguf', where },
    })
    expect(asked.bytes).toBeLessThanOrEqual(GGUF_HEADER_LIMIT_BYTES)
  })

  it('an endless vocabulary ends at the limit', async () => {
    const start = new GgufWriter(0, 1)
      .text('a')
      .uint32(9)
      .uint32(8)
      .uint64(2 ** 40)
      .header()
    let most = 0
    const read = (offset: number, length: number) => {
      most = Math.max(most, offset + length)
      const bytes = new Uint8Array(length)
      if (offset === 0) bytes.set(start)
      return Promise.resolve(bytes)
    }
    expect(await readGgufHeader('x.gguf', read)).toMatchObject({
      failure: { kind: 'file-invalid', where: 'a' },
    })
    expect(most).toBeLessThan(GGUF_HEADER_LIMIT_BYTES * 2)
  })

  it('an error of the source is not taken for a fault of the file', async () => {
    await expect(readGgufHeader('x.gguf', () => Promise.reject(new Error('disk')))).rejects.toThrow('disk')
  })
})

/** Arrays of one array each, so many deep. */
function nested(depth: number): number[] {
  return Array.from({ length: depth }, () => [9, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0]).flat()
}

describe('what a header says of the model', () => {
  async function model(writer: GgufWriter, bytes: number, data = 0) {
    const header = await readBytes(writer.file(data))
    if (!header.ok) throw new Error(JSON.stringify(header.failure))
    return ggufModel('x.gguf', header.value, bytes)
  }

  it('a file that is too large for the CPU engine is refused by its size', async () => {
    const limitBytes = 3.5 * 2 ** 30
    expect(await model(new GgufWriter(0, 0), limitBytes + 1)).toEqual({
      ok: false,
      failure: { kind: 'too-large', bytes: limitBytes + 1, limitBytes },
    })
  })

  it('a file without tokenizer is no language model', async () => {
    const writer = new GgufWriter(1, 1).string('general.architecture', 'clip').tensor('t', [32], 0, 0)
    expect(await model(writer, 1000)).toEqual({
      ok: false,
      failure: { kind: 'not-a-model', missing: ['tokenizer.ggml.tokens'] },
    })
  })

  it('a part of a split model is refused', async () => {
    const writer = new GgufWriter(1, 3)
      .string('general.architecture', 'llama')
      .words('tokenizer.ggml.tokens', ['a'])
      .count('split.count', 3)
      .tensor('t', [32], 0, 0)
    expect(await model(writer, 1000)).toMatchObject({
      failure: { kind: 'file-invalid', where: 'split.count' },
    })
  })

  it('a file that was cut off is told by the sizes of its tensors', async () => {
    const bytes = ggufFile()
    const header = await readBytes(bytes)
    expect(header.ok && ggufModel('x.gguf', header.value, bytes.length - 1)).toEqual({
      ok: false,
      failure: {
        kind: 'wrong-size',
        path: 'x.gguf',
        url: null,
        expectedBytes: bytes.length,
        actualBytes: bytes.length - 1,
      },
    })
  })
})

describe('bytes of a tensor', () => {
  it.each([
    [0, [10], 40],
    [2, [64, 2], 72],
    [8, [32], 34],
    [12, [256, 2], 288],
    [14, [256], 210],
    [2, [40], undefined],
    [99, [32], undefined],
  ])('type %d, shape %j: %s', (type, shape, bytes) => {
    expect(tensorBytes(type, shape)).toBe(bytes)
  })
})
