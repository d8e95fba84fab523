/** Reads the header of a GGUF file (version 3): the metadata and the list of tensors. */

export interface GgufHeader {
  metadata: Record<string, unknown>
  tensors: { name: string; dimensions: number[]; type: number; offset: number }[]
  /** Offset of the byte after the last tensor, padding included; knows F32 and Q8_0. */
  dataEnd: number
}

const BYTES_PER_WEIGHT: Record<number, number> = { 0: 4, 8: 34 / 32 }

class Reader {
  private at = 0
  private readonly view: DataView

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }
  private take<Value>(size: number, read: (at: number) => Value): Value {
    const value = read(this.at)
    this.at += size
    return value
  }
  get position(): number {
    return this.at
  }
  uint32 = () => this.take(4, (at) => this.view.getUint32(at, true))
  uint64 = () => Number(this.take(8, (at) => this.view.getBigUint64(at, true)))
  string = () => {
    const length = this.uint64()
    return this.take(length, (at) =>
      new TextDecoder('utf-8', { fatal: true }).decode(
        new Uint8Array(this.view.buffer, this.view.byteOffset + at, length),
      ),
    )
  }
  value = (type: number): unknown => {
    if (type === 4) return this.uint32()
    if (type === 5) return this.take(4, (at) => this.view.getInt32(at, true))
    if (type === 6) return this.take(4, (at) => this.view.getFloat32(at, true))
    if (type === 7) return this.take(1, (at) => this.view.getUint8(at) === 1)
    if (type === 8) return this.string()
    if (type === 9) {
      const elementType = this.uint32()
      return Array.from({ length: this.uint64() }, () => this.value(elementType))
    }
    throw new Error(`GGUF value type ${type} is not read here`)
  }
}

export function readGguf(bytes: Uint8Array): GgufHeader {
  const reader = new Reader(bytes)
  if (reader.uint32() !== 0x46554747) throw new Error('not a GGUF file')
  if (reader.uint32() !== 3) throw new Error('not GGUF version 3')
  const tensorCount = reader.uint64()
  const pairCount = reader.uint64()
  const metadata: Record<string, unknown> = {}
  for (let i = 0; i < pairCount; i++) {
    const key = reader.string()
    metadata[key] = reader.value(reader.uint32())
  }
  const tensors = Array.from({ length: tensorCount }, () => {
    const name = reader.string()
    const dimensions = Array.from({ length: reader.uint32() }, () => reader.uint64())
    return { name, dimensions, type: reader.uint32(), offset: reader.uint64() }
  })
  const alignment = Number(metadata['general.alignment'] ?? 32)
  const align = (value: number) => Math.ceil(value / alignment) * alignment
  const last = tensors.at(-1)
  const size = last
    ? last.dimensions.reduce((product, length) => product * length, 1) * (BYTES_PER_WEIGHT[last.type] ?? NaN)
    : 0
  return { metadata, tensors, dataEnd: align(reader.position) + (last ? align(last.offset + size) : 0) }
}
