import { describe, expect, it } from 'vitest'
import { HEADER_LIMIT_BYTES, readSafetensors } from '#core/convert/safetensors'
import { memorySource, never, random, safetensors, withHeader } from './safetensors-fixture'

const PATH = 'model.safetensors'

function read(bytes: Uint8Array<ArrayBuffer>) {
  return readSafetensors(memorySource(new Map([[PATH, bytes]])), PATH, bytes.length, never)
}

/** A header of one tensor of 4 F32, with other members where given. */
const header = (...entries: string[]) => `{${entries.join()}}`
const tensor = (name: string, from: number, to: number, rest = '"dtype":"F32","shape":[4]') =>
  `"${name}":{${rest},"data_offsets":[${from},${to}]}`

describe('a sound file', () => {
  it('gives every tensor with its place in the file', async () => {
    const bytes = safetensors([
      { name: 'a', shape: [2, 3], values: random(6, 1, 1), dtype: 'BF16' },
      { name: 'b', shape: [5], values: random(5, 2, 1), dtype: 'F32' },
      { name: 'empty', shape: [0, 7], values: new Float32Array(0), dtype: 'F16' },
    ])
    const end = bytes.length
    expect(await read(bytes)).toEqual({
      ok: true,
      value: [
        { name: 'a', path: PATH, dtype: 'BF16', shape: [2, 3], begin: end - 32, end: end - 20 },
        { name: 'b', path: PATH, dtype: 'F32', shape: [5], begin: end - 20, end },
        { name: 'empty', path: PATH, dtype: 'F16', shape: [0, 7], begin: end, end },
      ],
    })
  })

  it('may list tensors in any order and pad its header with spaces', async () => {
    const text = header(tensor('late', 16, 32), tensor('early', 0, 16)) + '   '
    expect(await read(withHeader(text, new Uint8Array(32)))).toMatchObject({ ok: true })
  })
})

describe('a file that lies', () => {
  const data = new Uint8Array(32)
  const two = [tensor('a', 0, 16), tensor('b', 16, 32)]
  it.each([
    ['overlapping offsets', [tensor('a', 0, 16), tensor('b', 8, 24)], 'b.data_offsets'],
    ['a gap', [tensor('a', 0, 8, '"dtype":"F32","shape":[2]'), tensor('b', 16, 32)], 'b.data_offsets'],
    ['offsets that are not what the shape needs', [tensor('a', 0, 32)], 'a.data_offsets'],
    ['an end before its begin', [tensor('a', 16, 0)], 'a.data_offsets'],
    ['offsets of 2^60', [tensor('a', 0, 2 ** 60)], 'a.data_offsets.1'],
    ['a shape of 2^60', [tensor('a', 0, 16, `"dtype":"F32","shape":[${2 ** 60}]`)], 'a.shape.0'],
    ['negative sizes', [tensor('a', 0, 16, '"dtype":"F32","shape":[-4]')], 'a.shape.0'],
    ['one name twice', [...two, tensor('a', 0, 16)], 'a'],
    ['one name twice, once in escapes', [...two, tensor('\\u0061', 0, 16)], 'a'],
    ['no offsets', ['"a":{"dtype":"F32","shape":[4]}'], 'a.data_offsets'],
  ])('%s', async (_, entries, where) => {
    expect(await read(withHeader(header(...entries), data))).toMatchObject({
      failure: { kind: 'file-invalid', path: PATH, where },
    })
  })

  it('in its number format', async () => {
    const text = header(tensor('a', 0, 16, '"dtype":"Q3_K","shape":[4]'))
    expect(await read(withHeader(text, new Uint8Array(16)))).toMatchObject({
      failure: { kind: 'tensor-dtype', path: PATH, tensor: 'a', dtype: 'Q3_K' },
    })
  })

  it('with a header that is no JSON', async () => {
    expect(await read(withHeader('{"a":', data))).toMatchObject({ failure: { kind: 'file-invalid' } })
  })

  it.each([2n ** 60n, 2n ** 64n - 1n, BigInt(HEADER_LIMIT_BYTES) + 1n, 200_000_000n])(
    'with a header of %s bytes, of which none is read',
    async (length) => {
      const bytes = withHeader(header(...two), data)
      new DataView(bytes.buffer).setBigUint64(0, length, true)
      const source = memorySource(new Map([[PATH, bytes]]))
      expect(await readSafetensors(source, PATH, bytes.length, never)).toMatchObject({
        failure: { kind: 'file-invalid', where: 'header' },
      })
      expect(source.reads).toEqual([{ path: PATH, bytes: 8 }])
    },
  )
})

describe('a truncated file', () => {
  const whole = withHeader(header(tensor('a', 0, 16), tensor('b', 16, 32)), new Uint8Array(32))
  it.each([3, 8, 40, whole.length - 1])('of %i bytes', async (length) => {
    expect(await read(whole.slice(0, length))).toMatchObject({
      failure: { kind: 'wrong-size', path: PATH, actualBytes: length },
    })
  })

  it('and one with bytes to spare', async () => {
    const longer = new Uint8Array(whole.length + 1)
    longer.set(whole)
    expect(await read(longer)).toMatchObject({
      failure: { kind: 'wrong-size', expectedBytes: whole.length, actualBytes: whole.length + 1 },
    })
  })
})
