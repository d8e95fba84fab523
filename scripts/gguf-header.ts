/** Reads what models.json says of the built-in model from the file itself (GGUF version 3: ggml, docs/gguf.md). */

export interface GgufHeader {
  metadata: Map<string, unknown>
  /** Number of weights, over all tensors. */
  parameters: number
}

const MAGIC = 0x46554747
const VERSION = 3

type Read = (cursor: Cursor) => unknown

/** By GGUF value type: unsigned and signed integers of 8 to 32 bits, float, bool, string, array, 64-bit values. */
const READERS: readonly Read[] = [
  (cursor) => cursor.take(1, (view, at) => view.getUint8(at)),
  (cursor) => cursor.take(1, (view, at) => view.getInt8(at)),
  (cursor) => cursor.take(2, (view, at) => view.getUint16(at, true)),
  (cursor) => cursor.take(2, (view, at) => view.getInt16(at, true)),
  (cursor) => cursor.uint32(),
  (cursor) => cursor.take(4, (view, at) => view.getInt32(at, true)),
  (cursor) => cursor.take(4, (view, at) => view.getFloat32(at, true)),
  (cursor) => cursor.take(1, (view, at) => view.getUint8(at) === 1),
  (cursor) => cursor.string(),
  (cursor) => cursor.array(),
  (cursor) => cursor.uint64(),
  (cursor) => cursor.take(8, (view, at) => view.getBigInt64(at, true)),
  (cursor) => cursor.take(8, (view, at) => view.getFloat64(at, true)),
]

class Cursor {
  private readonly view: DataView
  private at = 0

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  take<Value>(size: number, read: (view: DataView, at: number) => Value): Value {
    const value = read(this.view, this.at)
    this.at += size
    return value
  }
  uint32(): number {
    return this.take(4, (view, at) => view.getUint32(at, true))
  }
  uint64(): number {
    return this.take(8, (view, at) => Number(view.getBigUint64(at, true)))
  }
  string(): string {
    const length = this.uint64()
    const bytes = new Uint8Array(this.view.buffer, this.view.byteOffset + this.at, length)
    this.at += length
    return new TextDecoder().decode(bytes)
  }
  value(type: number): unknown {
    const read = READERS[type]
    if (!read) throw new Error(`unknown GGUF value type ${type}`)
    return read(this)
  }
  array(): unknown[] {
    const type = this.uint32()
    return Array.from({ length: this.uint64() }, () => this.value(type))
  }
}

/** Throws where the bytes are not a GGUF version 3 file or end early. */
export function readGgufHeader(bytes: Uint8Array): GgufHeader {
  const cursor = new Cursor(bytes)
  if (cursor.uint32() !== MAGIC || cursor.uint32() !== VERSION) throw new Error('not a GGUF version 3 file')
  const tensorCount = cursor.uint64()
  const metadataCount = cursor.uint64()
  const metadata = new Map<string, unknown>()
  for (let index = 0; index < metadataCount; index++) {
    const key = cursor.string()
    metadata.set(key, cursor.value(cursor.uint32()))
  }
  let parameters = 0
  for (let index = 0; index < tensorCount; index++) {
    cursor.string()
    const shape = Array.from({ length: cursor.uint32() }, () => cursor.uint64())
    parameters += shape.reduce((product, size) => product * size, 1)
    cursor.uint32()
    cursor.uint64()
  }
  return { metadata, parameters }
}
