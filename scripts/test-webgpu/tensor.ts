/** Tensors as MLC's shards hold them, and matrices read from them row by row. */
import { fromBfloat16, fromFloat16 } from './number-formats'

export interface Tensor {
  name: string
  shape: readonly number[]
  /** As the library sees it: uint32, float32, float16. */
  dtype: string
  /** `raw`, or `f32-to-bf16`: float32 stored as bfloat16. */
  format: string
  /** Little-endian, row-major. */
  bytes: Uint8Array
}

/** Finds a tensor by its name. */
export type TensorSource = (name: string) => Tensor | undefined

/** A weight matrix [rows, columns] whose rows are dequantized when they are asked for. */
export interface Matrix {
  rows: number
  columns: number
  /** Writes the row's `columns` values. */
  readRow(row: number, into: Float32Array): void
}

const NIBBLES_PER_WORD = 8
/** A nibble of 7 means 0: values are (nibble - 7) times the group's scale. */
export const ZERO_NIBBLE = 7

/** The values of a tensor of floats. */
export function floatsOf(tensor: Tensor): Float32Array {
  const { bytes, dtype, format } = tensor
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const read = floatReader(dtype, format, view)
  if (!read) throw new Error(`${tensor.name}: cannot read ${dtype} in the format ${format}`)
  return Float32Array.from({ length: tensor.shape.reduce((product, size) => product * size, 1) }, (_, at) =>
    read(at),
  )
}

/** `name.q_weight` with `name.q_scale` (q4f16_1, q4f32_1), or the plain `name.weight`. */
export function openMatrix(find: TensorSource, name: string): Matrix | undefined {
  const packed = find(`${name}.q_weight`)
  const scale = find(`${name}.q_scale`)
  if (packed && scale) return quantizedMatrix(packed, scale)
  const plain = find(`${name}.weight`)
  return plain?.shape.length === 2 ? plainMatrix(plain) : undefined
}

/**
 * Rows of 4-bit numbers in groups that share a scale: q_weight uint32 [N, K/8] with element 8i+j at bits 4j,
 * q_scale [N, K/group].
 */
function quantizedMatrix(packed: Tensor, scale: Tensor): Matrix {
  const [rows = 0, words = 0] = packed.shape
  const [scaleRows = 0, groups = 0] = scale.shape
  const columns = words * NIBBLES_PER_WORD
  if (packed.dtype !== 'uint32' || scaleRows !== rows || groups === 0 || columns % groups !== 0)
    throw new Error(
      `${packed.name}: shapes [${packed.shape.join()}] and [${scale.shape.join()}] are not q4f16_1 or q4f32_1`,
    )
  const wordsPerGroup = words / groups
  const bits = wordsOf(packed.bytes)
  const scales = floatsOf(scale)
  return {
    rows,
    columns,
    readRow(row, into) {
      for (let group = 0, at = 0; group < groups; group += 1) {
        const factor = scales[row * groups + group]!
        const first = row * words + group * wordsPerGroup
        for (let index = first; index < first + wordsPerGroup; index += 1) {
          let word = bits[index]!
          for (let nibble = 0; nibble < NIBBLES_PER_WORD; nibble += 1, at += 1) {
            into[at] = ((word & 15) - ZERO_NIBBLE) * factor
            word >>>= 4
          }
        }
      }
    },
  }
}

function plainMatrix(tensor: Tensor): Matrix {
  const [rows = 0, columns = 0] = tensor.shape
  const { bytes, dtype, format } = tensor
  const read = floatReader(dtype, format, new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  if (!read) throw new Error(`${tensor.name}: cannot read ${dtype} in the format ${format}`)
  return {
    rows,
    columns,
    readRow(row, into) {
      for (let column = 0; column < columns; column += 1) into[column] = read(row * columns + column)
    },
  }
}

function floatReader(dtype: string, format: string, view: DataView): ((at: number) => number) | undefined {
  if (dtype === 'float32' && format === 'f32-to-bf16')
    return (at) => fromBfloat16(view.getUint16(at * 2, true))
  if (dtype === 'float32' && format === 'raw') return (at) => view.getFloat32(at * 4, true)
  if (dtype === 'float16' && format === 'raw') return (at) => fromFloat16(view.getUint16(at * 2, true))
  return undefined
}

/** The bytes as little-endian 32-bit words; copied only where they do not lie on a word's boundary. */
function wordsOf(bytes: Uint8Array): Uint32Array {
  const aligned = bytes.byteOffset % 4 === 0 ? bytes : bytes.slice()
  return new Uint32Array(aligned.buffer, aligned.byteOffset, aligned.byteLength / 4)
}
