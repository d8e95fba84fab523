/** The header of a GGUF file, versions 2 and 3: metadata and tensors (ggml, docs/gguf.md). Bounded against hostile files. */
import { failure, success } from '../result'
import type { ModelResult } from './failure'
import { GgufCursor, HeaderProblem, type ReadBytes } from './gguf-cursor'
import { tensorBytes, tensorTypeName } from './gguf-types'
import { fileInvalid } from './parse-file'
import { decodeUtf8 } from './utf8'

/** Vocabularies make it 1 to 20 MB. */
export const GGUF_HEADER_LIMIT_BYTES = 64 * 2 ** 20
/** Read at a time: a few requests where the file is on the network. */
const PIECE_BYTES = 2 * 2 ** 20
const METADATA_LIMIT = 10_000
const TENSORS_LIMIT = 100_000
/** By the format's definition. */
const KEY_LIMIT_BYTES = 65_535
const DIMENSIONS_LIMIT = 4
const NAME_LIMIT_BYTES = 256
/** Longer texts (chat templates) are passed over: nothing here needs them. */
const TEXT_LIMIT_BYTES = 1024
const NESTING_LIMIT = 4
const ALIGNMENT = 32
const ALIGNMENT_LIMIT = 2 ** 20

const MAGIC = 0x46554747
const STRING = 8
const ARRAY = 9

interface Scalar {
  bytes: number
  read: (view: DataView, at: number) => number | bigint
}

const SCALARS: Readonly<Record<number, Scalar>> = {
  0: { bytes: 1, read: (view, at) => view.getUint8(at) },
  1: { bytes: 1, read: (view, at) => view.getInt8(at) },
  2: { bytes: 2, read: (view, at) => view.getUint16(at, true) },
  3: { bytes: 2, read: (view, at) => view.getInt16(at, true) },
  4: { bytes: 4, read: (view, at) => view.getUint32(at, true) },
  5: { bytes: 4, read: (view, at) => view.getInt32(at, true) },
  6: { bytes: 4, read: (view, at) => view.getFloat32(at, true) },
  /** Booleans. */
  7: { bytes: 1, read: (view, at) => view.getUint8(at) },
  10: { bytes: 8, read: (view, at) => view.getBigUint64(at, true) },
  11: { bytes: 8, read: (view, at) => view.getBigInt64(at, true) },
  12: { bytes: 8, read: (view, at) => view.getFloat64(at, true) },
}

/** A text, a number (booleans are 0 and 1), or the length of an array; texts beyond the limit are null. */
export type GgufValue = string | number | { length: number } | null

export interface GgufTensor {
  name: string
  /** First dimension first: the length of a row. */
  shape: number[]
  type: string
}

export interface GgufHeader {
  metadata: Map<string, GgufValue>
  tensors: GgufTensor[]
  /** Number of weights, over all tensors. */
  parameters: number
  /** Bytes of the whole file as the header describes it, without padding at the end. */
  fileBytes: number
}

/**
 * Reads the header through `read`; no byte beyond the limit is asked for. `path` only names the file in failures,
 * and `where` there is the entry that was being read.
 */
export async function readGgufHeader(path: string, read: ReadBytes): Promise<ModelResult<GgufHeader>> {
  const reader = new HeaderReader(read)
  try {
    return success(await reader.header())
  } catch (error) {
    if (error instanceof HeaderProblem) return failure(fileInvalid(path, reader.where, error.expected))
    throw error
  }
}

class HeaderReader {
  where: string | null = null
  readonly #cursor: GgufCursor

  constructor(read: ReadBytes) {
    this.#cursor = new GgufCursor(read, GGUF_HEADER_LIMIT_BYTES, PIECE_BYTES)
  }

  async header(): Promise<GgufHeader> {
    const cursor = this.#cursor
    await cursor.need(24)
    if (cursor.uint32() !== MAGIC) throw new HeaderProblem('a GGUF file')
    this.where = 'version'
    const version = cursor.uint32()
    if (version !== 2 && version !== 3) throw new HeaderProblem('GGUF version 2 or 3, little-endian')
    this.where = 'tensor_count'
    const tensorCount = atMost(cursor.length(), TENSORS_LIMIT)
    this.where = 'metadata_kv_count'
    const metadata = await this.#metadata(atMost(cursor.length(), METADATA_LIMIT))
    return { metadata, ...(await this.#tensors(tensorCount, metadata)) }
  }

  async #metadata(count: number): Promise<Map<string, GgufValue>> {
    const metadata = new Map<string, GgufValue>()
    for (let index = 0; index < count; index++) {
      this.where = `metadata[${index}]`
      const key = await this.#text(KEY_LIMIT_BYTES)
      this.where = key
      if (metadata.has(key)) throw new HeaderProblem('a key used once')
      await this.#cursor.need(4)
      metadata.set(key, await this.#value(this.#cursor.uint32()))
    }
    return metadata
  }

  async #tensors(count: number, metadata: Map<string, GgufValue>): Promise<Omit<GgufHeader, 'metadata'>> {
    const cursor = this.#cursor
    const tensors: GgufTensor[] = []
    let parameters = 0
    let dataBytes = 0
    for (let index = 0; index < count; index++) {
      this.where = `tensors[${index}]`
      const name = await this.#text(NAME_LIMIT_BYTES)
      this.where = name
      await cursor.need(4)
      const dimensions = atMost(cursor.uint32(), DIMENSIONS_LIMIT)
      await cursor.need(dimensions * 8 + 12)
      const shape = Array.from({ length: dimensions }, () => cursor.length())
      const elements = shape.reduce((product, size) => product * size, 1)
      const type = cursor.uint32()
      const typeName = tensorTypeName(type)
      if (typeName === undefined) throw new HeaderProblem('a known tensor type')
      const bytes = tensorBytes(type, shape)
      if (bytes === undefined || !Number.isSafeInteger(elements))
        throw new HeaderProblem('rows of whole blocks')
      const end = cursor.length() + bytes
      if (!Number.isSafeInteger(end)) throw new HeaderProblem('an offset below 2^53')
      dataBytes = Math.max(dataBytes, end)
      parameters += elements
      tensors.push({ name, shape, type: typeName })
    }
    this.where = 'general.alignment'
    const alignment = metadata.get('general.alignment') ?? ALIGNMENT
    if (typeof alignment !== 'number' || alignment < 1 || alignment > ALIGNMENT_LIMIT)
      throw new HeaderProblem('a small power of two')
    const dataStart = Math.ceil(cursor.position / alignment) * alignment
    return { tensors, parameters, fileBytes: dataStart + dataBytes }
  }

  async #value(type: number): Promise<GgufValue> {
    const scalar = SCALARS[type]
    if (scalar) {
      await this.#cursor.need(scalar.bytes)
      return this.#cursor.number(scalar.read, scalar.bytes)
    }
    if (type === STRING) {
      await this.#cursor.need(8)
      const length = this.#cursor.length()
      if (length > TEXT_LIMIT_BYTES) {
        this.#cursor.skip(length)
        return null
      }
      await this.#cursor.need(length)
      return textOf(this.#cursor.bytes(length))
    }
    if (type === ARRAY) return { length: await this.#skipArray(1) }
    throw new HeaderProblem('a known value type')
  }

  /** Passes over an array and gives its length. */
  async #skipArray(depth: number): Promise<number> {
    const cursor = this.#cursor
    await cursor.need(12)
    const type = cursor.uint32()
    const length = cursor.length()
    const scalar = SCALARS[type]
    if (scalar) cursor.skip(length * scalar.bytes)
    else if (type === STRING) {
      for (let index = 0; index < length; index++) {
        if (!cursor.has(8)) await cursor.need(8)
        const bytes = cursor.length()
        cursor.skip(bytes)
      }
    } else if (type === ARRAY && depth < NESTING_LIMIT) {
      for (let index = 0; index < length; index++) await this.#skipArray(depth + 1)
    } else throw new HeaderProblem('a known value type')
    return length
  }

  async #text(limitBytes: number): Promise<string> {
    await this.#cursor.need(8)
    const length = atMost(this.#cursor.length(), limitBytes)
    await this.#cursor.need(length)
    return textOf(this.#cursor.bytes(length))
  }
}

function atMost(count: number, limit: number): number {
  if (count > limit) throw new HeaderProblem(`at most ${limit}`)
  return count
}

function textOf(bytes: Uint8Array): string {
  const text = decodeUtf8(bytes)
  if (text === undefined) throw new HeaderProblem('text in UTF-8')
  return text
}
