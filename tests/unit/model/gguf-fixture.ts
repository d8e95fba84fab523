/** Writes GGUF headers, sound and hostile ones. */

const TYPE = { uint32: 4, float32: 6, bool: 7, string: 8, array: 9, uint64: 10 } as const

export class GgufWriter {
  readonly #bytes: number[] = []

  constructor(tensors: number | bigint, metadata: number | bigint, version = 3, magic = 0x46554747) {
    this.uint32(magic).uint32(version).uint64(tensors).uint64(metadata)
  }
  uint32(value: number): this {
    return this.#number(4, (view) => view.setUint32(0, value, true))
  }
  uint64(value: number | bigint): this {
    return this.#number(8, (view) => view.setBigUint64(0, BigInt(value), true))
  }
  float32(value: number): this {
    return this.#number(4, (view) => view.setFloat32(0, value, true))
  }
  text(text: string, length?: number | bigint): this {
    const bytes = new TextEncoder().encode(text)
    this.uint64(length ?? bytes.length)
    this.#bytes.push(...bytes)
    return this
  }
  raw(...bytes: number[]): this {
    this.#bytes.push(...bytes)
    return this
  }
  string(key: string, value: string): this {
    return this.text(key).uint32(TYPE.string).text(value)
  }
  count(key: string, value: number): this {
    return this.text(key).uint32(TYPE.uint32).uint32(value)
  }
  words(key: string, words: readonly string[], length: number | bigint = words.length): this {
    this.text(key).uint32(TYPE.array).uint32(TYPE.string).uint64(length)
    for (const word of words) this.text(word)
    return this
  }
  tensor(name: string, shape: readonly (number | bigint)[], type: number, offset: number | bigint): this {
    this.text(name).uint32(shape.length)
    for (const size of shape) this.uint64(size)
    return this.uint32(type).uint64(offset)
  }
  /** The header, and so many bytes of data behind it, aligned to 32. */
  file(dataBytes = 0): Uint8Array<ArrayBuffer> {
    const start = Math.ceil(this.#bytes.length / 32) * 32
    const file = new Uint8Array(start + dataBytes)
    file.set(this.#bytes)
    return file
  }
  /** Exactly what was written. */
  header(): Uint8Array<ArrayBuffer> {
    return Uint8Array.from(this.#bytes)
  }
  #number(size: number, write: (view: DataView) => void): this {
    const bytes = new Uint8Array(size)
    write(new DataView(bytes.buffer))
    this.#bytes.push(...bytes)
    return this
  }
}

/** A file of one Q4_0 and one F32 tensor that describes itself as a language model. */
export function ggufFile(
  options: { architecture?: string; fileType?: number } = {},
): Uint8Array<ArrayBuffer> {
  return new GgufWriter(2, 9)
    .string('general.architecture', options.architecture ?? 'llama')
    .string('general.name', 'Tiny Llama 小')
    .count('general.file_type', options.fileType ?? 2)
    .count('llama.context_length', 8192)
    .count('llama.block_count', 2)
    .count('llama.embedding_length', 64)
    .count('llama.attention.head_count', 4)
    .count('llama.attention.head_count_kv', 2)
    .words('tokenizer.ggml.tokens', ['<s>', 'a', '药'])
    .tensor('token_embd.weight', [64, 3], 2, 0)
    .tensor('output_norm.weight', [64], 0, 128)
    .file(128 + 256)
}
