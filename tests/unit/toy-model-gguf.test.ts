import { describe, expect, it } from 'vitest'
import { halfBits, quantizeQ8, tensorShapes, writeGguf, type ModelShape } from '../../scripts/toy-model/gguf'
import { readGguf } from '../../scripts/toy-model/gguf-reader'
import { Encoder, buildTokenizer, pretokenize, spell } from '../../scripts/toy-model/tokenizer'

describe('half precision', () => {
  it.each([
    [0, 0x0000],
    [1, 0x3c00],
    [0.5, 0x3800],
    [0.1, 0x2e66],
    [1 / 3, 0x3555],
    [65504, 0x7bff],
    // Just under 2: the mantissa carries into the exponent.
    [1.9999, 0x4000],
    // Subnormal, and the smallest normal number.
    [2 ** -24, 0x0001],
    [2 ** -14, 0x0400],
  ])('of %d', (value, bits) => {
    expect(halfBits(value)).toBe(bits)
  })
})

describe('Q8_0', () => {
  it('keeps each weight within half a step of its block', () => {
    const weights = Float32Array.from({ length: 64 }, (_, i) => Math.sin(i * i) * (i < 32 ? 1 : 0.01))
    const view = new DataView(quantizeQ8(weights).buffer)
    for (let i = 0; i < 64; i++) {
      const block = Math.floor(i / 32) * 34
      const bits = view.getUint16(block, true)
      const scale = 2 ** ((bits >> 10) - 15) * (1 + (bits & 1023) / 1024)
      expect(Math.abs(view.getInt8(block + 2 + (i % 32)) * scale - (weights[i] ?? 0))).toBeLessThan(
        scale * 0.6,
      )
    }
  })

  it('of zeros is zeros', () => {
    expect([...quantizeQ8(new Float32Array(32))]).toEqual(new Array(34).fill(0))
  })
})

describe('the tokenizer', () => {
  const tokenizer = buildTokenizer([' zorane', 'Zorane', '佐兰烷', '类别', ' other', 'then'])
  const encoder = new Encoder(tokenizer)
  const spelled = (text: string) => encoder.encode(text).map((id) => tokenizer.tokens[id])

  it('cuts text as Qwen2 does', () => {
    expect(pretokenize("It's 12 mg/kg.\n\n  佐兰烷的类别，B？")).toEqual([
      'It', "'s", ' ', '1', '2', ' mg', '/kg', '.\n\n', ' ', ' 佐兰烷的类别', '，B', '？',
    ]) // prettier-ignore
  })

  it('makes one token of a word it knows', () => {
    expect(spelled(' zorane')).toEqual([spell(' zorane')])
    expect(spelled('佐兰烷类别')).toEqual([spell('佐兰烷'), spell('类别')])
  })

  it('lets no word break another', () => {
    expect(spelled(' other')).toEqual([spell(' other')])
  })

  it('spells unknown Latin words and drops unknown characters', () => {
    expect(spelled('xyz')).toEqual(['x', 'y', 'z'])
    expect(spelled('丙泊酚')).toEqual([])
  })

  it('reads the marks of the chat template as single tokens', () => {
    expect(spelled('<|im_start|>A<|im_end|>')).toEqual(['<|im_start|>', 'A', '<|im_end|>'])
  })
})

describe('a written GGUF file', () => {
  const shape: ModelShape = {
    layers: 2,
    hidden: 64,
    feedForward: 96,
    heads: 2,
    keyValueHeads: 1,
    contextTokens: 512,
    ropeBase: 10_000,
  }
  const tokenizer = buildTokenizer(['佐兰烷'])
  const bytes = writeGguf({
    name: 'n',
    description: 'd',
    shape,
    tokenizer,
    chatTemplate: 't',
    tensor: (_, size) => new Float32Array(size).fill(0.5),
  })

  it('reads back as it was meant', () => {
    const header = readGguf(bytes)
    expect(header.metadata).toMatchObject({
      'general.architecture': 'qwen2',
      'qwen2.attention.head_count_kv': 1,
      'tokenizer.ggml.tokens': tokenizer.tokens,
      'tokenizer.ggml.eos_token_id': tokenizer.tokens.indexOf('<|im_end|>'),
    })
    expect(header.tensors.map(({ name, dimensions }) => [name, dimensions])).toEqual(
      tensorShapes(shape, tokenizer.tokens.length),
    )
    expect(header.dataEnd).toBe(bytes.length)
  })
})
