/** Writes a qwen2 model as GGUF version 3 (ggml, docs/gguf.md): F32 vectors, Q8_0 matrices, tied embeddings. */
import type { Tokenizer } from './tokenizer'

export interface ModelShape {
  layers: number
  hidden: number
  feedForward: number
  heads: number
  keyValueHeads: number
  contextTokens: number
  ropeBase: number
}

export interface ModelFile {
  name: string
  description: string
  shape: ModelShape
  tokenizer: Tokenizer
  chatTemplate: string
  /** Row-major, rows first: a matrix of `[out, in]` weights, or a vector. */
  tensor: (name: string, size: number) => Float32Array
}

const VALUE = { uint32: 4, int32: 5, float32: 6, bool: 7, string: 8, array: 9 } as const
const TENSOR = { f32: 0, q8: 8 } as const
const MOSTLY_Q8_0 = 7
const TOKEN = { normal: 1, control: 3 } as const
const ALIGNMENT = 32
const NORM_EPSILON = 1e-6

/** Q8_0: blocks of 32 weights as one half-precision scale and 32 signed bytes. */
const BLOCK = 32
const BLOCK_BYTES = 2 + BLOCK

class Bytes {
  private readonly parts: Uint8Array[] = []
  length = 0

  push(part: Uint8Array): this {
    this.parts.push(part)
    this.length += part.length
    return this
  }
  private number(size: number, write: (view: DataView) => void): this {
    const view = new DataView(new ArrayBuffer(size))
    write(view)
    return this.push(new Uint8Array(view.buffer))
  }
  uint32(value: number): this {
    return this.number(4, (view) => view.setUint32(0, value, true))
  }
  uint64(value: number): this {
    return this.number(8, (view) => view.setBigUint64(0, BigInt(value), true))
  }
  float32(value: number): this {
    return this.number(4, (view) => view.setFloat32(0, value, true))
  }
  string(value: string): this {
    const bytes = new TextEncoder().encode(value)
    return this.uint64(bytes.length).push(bytes)
  }
  align(): this {
    return this.push(new Uint8Array((ALIGNMENT - (this.length % ALIGNMENT)) % ALIGNMENT))
  }
  join(): Uint8Array {
    const all = new Uint8Array(this.length)
    let at = 0
    for (const part of this.parts) {
      all.set(part, at)
      at += part.length
    }
    return all
  }
}

/** Bits of the nearest half-precision number, ties to even; for the scales of Q8_0, which are small and positive. */
export function halfBits(value: number): number {
  if (value < 2 ** -14) return Math.round(value * 2 ** 24)
  const exponent = Math.floor(Math.log2(value))
  const scaled = (value / 2 ** exponent - 1) * 1024
  const floor = Math.floor(scaled)
  const fraction = scaled - floor
  const mantissa = floor + (fraction > 0.5 || (fraction === 0.5 && floor % 2 === 1) ? 1 : 0)
  return ((exponent + 15) << 10) + mantissa
}

export function quantizeQ8(weights: Float32Array): Uint8Array {
  if (weights.length % BLOCK !== 0) throw new Error(`${weights.length} weights are not blocks of ${BLOCK}`)
  const bytes = new Uint8Array((weights.length / BLOCK) * BLOCK_BYTES)
  const view = new DataView(bytes.buffer)
  for (let block = 0; block * BLOCK < weights.length; block++) {
    const values = weights.subarray(block * BLOCK, (block + 1) * BLOCK)
    const scale = values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0) / 127
    view.setUint16(block * BLOCK_BYTES, halfBits(scale), true)
    values.forEach((value, i) => {
      view.setInt8(block * BLOCK_BYTES + 2 + i, scale === 0 ? 0 : Math.round(value / scale))
    })
  }
  return bytes
}

/** Tensors by GGUF name with their GGUF dimensions: `[in, out]` for a matrix, `[length]` for a vector. */
export function tensorShapes(
  shape: ModelShape,
  vocabulary: number,
): (readonly [string, readonly number[]])[] {
  const { layers, hidden, feedForward, heads, keyValueHeads } = shape
  const keyValue = (hidden / heads) * keyValueHeads
  const blocks = Array.from({ length: layers }, (_, layer) =>
    (
      [
        ['attn_norm.weight', [hidden]],
        ['attn_q.weight', [hidden, hidden]],
        ['attn_q.bias', [hidden]],
        ['attn_k.weight', [hidden, keyValue]],
        ['attn_k.bias', [keyValue]],
        ['attn_v.weight', [hidden, keyValue]],
        ['attn_v.bias', [keyValue]],
        ['attn_output.weight', [hidden, hidden]],
        ['ffn_norm.weight', [hidden]],
        ['ffn_gate.weight', [hidden, feedForward]],
        ['ffn_up.weight', [hidden, feedForward]],
        ['ffn_down.weight', [feedForward, hidden]],
      ] as const
    ).map(([name, dimensions]) => [`blk.${layer}.${name}`, dimensions] as const),
  )
  return [['token_embd.weight', [hidden, vocabulary]], ['output_norm.weight', [hidden]], ...blocks.flat()]
}

function metadata({ name, description, shape, tokenizer, chatTemplate }: ModelFile): [number, Bytes] {
  const bytes = new Bytes()
  let count = 0
  const key = (label: string, type: number) => {
    count++
    return bytes.string(label).uint32(type)
  }
  const text = (label: string, value: string) => key(label, VALUE.string).string(value)
  const whole = (label: string, value: number) => key(label, VALUE.uint32).uint32(value)
  const list = (label: string, type: number, length: number) =>
    key(label, VALUE.array).uint32(type).uint64(length)
  const id = (token: string) => tokenizer.tokens.indexOf(token)

  text('general.architecture', 'qwen2')
  text('general.name', name)
  text('general.description', description)
  text('general.license', 'apache-2.0')
  whole('general.alignment', ALIGNMENT)
  whole('general.file_type', MOSTLY_Q8_0)
  whole('qwen2.block_count', shape.layers)
  whole('qwen2.context_length', shape.contextTokens)
  whole('qwen2.embedding_length', shape.hidden)
  whole('qwen2.feed_forward_length', shape.feedForward)
  whole('qwen2.attention.head_count', shape.heads)
  whole('qwen2.attention.head_count_kv', shape.keyValueHeads)
  key('qwen2.rope.freq_base', VALUE.float32).float32(shape.ropeBase)
  key('qwen2.attention.layer_norm_rms_epsilon', VALUE.float32).float32(NORM_EPSILON)
  text('tokenizer.ggml.model', 'gpt2')
  text('tokenizer.ggml.pre', 'qwen2')
  list('tokenizer.ggml.tokens', VALUE.string, tokenizer.tokens.length)
  tokenizer.tokens.forEach((token) => bytes.string(token))
  list('tokenizer.ggml.token_type', VALUE.int32, tokenizer.tokens.length)
  tokenizer.tokens.forEach((token) => bytes.uint32(token.startsWith('<|') ? TOKEN.control : TOKEN.normal))
  list('tokenizer.ggml.merges', VALUE.string, tokenizer.merges.length)
  tokenizer.merges.forEach((merge) => bytes.string(merge))
  whole('tokenizer.ggml.eos_token_id', id('<|im_end|>'))
  whole('tokenizer.ggml.padding_token_id', id('<|endoftext|>'))
  whole('tokenizer.ggml.bos_token_id', id('<|endoftext|>'))
  key('tokenizer.ggml.add_bos_token', VALUE.bool).push(Uint8Array.of(0))
  text('tokenizer.chat_template', chatTemplate)
  return [count, bytes]
}

/** The whole file. */
export function writeGguf(model: ModelFile): Uint8Array {
  const shapes = tensorShapes(model.shape, model.tokenizer.tokens.length)
  const data = new Bytes()
  const directory = new Bytes()
  for (const [name, dimensions] of shapes) {
    const expected = dimensions.reduce((product, size) => product * size, 1)
    const weights = model.tensor(name, expected)
    if (weights.length !== expected)
      throw new Error(`${name}: ${weights.length} weights, expected ${expected}`)
    const matrix = dimensions.length === 2
    directory.string(name).uint32(dimensions.length)
    dimensions.forEach((size) => directory.uint64(size))
    directory.uint32(matrix ? TENSOR.q8 : TENSOR.f32).uint64(data.length)
    data.push(matrix ? quantizeQ8(weights) : new Uint8Array(Float32Array.from(weights).buffer)).align()
  }
  const [count, pairs] = metadata(model)
  return new Bytes()
    .push(new TextEncoder().encode('GGUF'))
    .uint32(3)
    .uint64(shapes.length)
    .uint64(count)
    .push(pairs.join())
    .push(directory.join())
    .align()
    .push(data.join())
    .join()
}
