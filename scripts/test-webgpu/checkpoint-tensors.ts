/**
 * A checkpoint's tensors for the reference, under their own names: nothing is stacked. A matrix NAME.weight is also
 * had as NAME.q_weight and NAME.q_scale, quantized here number by number from the definition (groups of 32, scale =
 * max|w| / 7, nibble = round(w / scale + 7), ties to even), so that the converter is held against other code.
 */
import { openSync, readFileSync, readSync } from 'node:fs'
import { join } from 'node:path'
import { fromBfloat16, fromFloat16, toFloat16 } from './number-formats'
import type { Tensor, TensorSource } from './tensor'

const GROUP = 32
const NIBBLES_PER_WORD = 8
const QUANTIZED = /\.q_(weight|scale)$/

interface Place {
  file: number
  begin: number
  end: number
  shape: readonly number[]
}

interface Packed {
  words: Uint32Array
  scales: Float32Array
}

/** Opens BF16 safetensors files with an index, quantized as `q4f16_1` or `q4f32_1`, or as they are. */
export function checkpointTensors(folder: string, quantization: string): TensorSource {
  const places = tensorPlaces(folder)
  const isHalf = quantization.includes('f16')
  const isPacked = quantization.startsWith('q4')
  // As large as the converted model; each of several passes would make it anew.
  const packed = new Map<string, Packed>()
  return (name) => {
    const weight = name.replace(QUANTIZED, '.weight')
    const place = places.get(weight)
    if (!place) return undefined
    const isMatrix = place.shape.length === 2
    if (QUANTIZED.test(name)) {
      if (!isPacked || !isMatrix) return undefined
      const known = packed.get(weight) ?? quantize(numbersOf(place), isHalf)
      packed.set(weight, known)
      const { words, scales } = known
      const [rows = 0] = place.shape
      return name.endsWith('.q_weight')
        ? tensor(name, [rows, words.length / rows], 'uint32', words)
        : tensor(name, [rows, scales.length / rows], 'float32', scales)
    }
    if (isPacked && isMatrix) return undefined
    const numbers = numbersOf(place)
    return tensor(name, place.shape, 'float32', isHalf ? numbers.map(rounded) : numbers)
  }
}

function quantize(numbers: Float32Array, isHalf: boolean): Packed {
  const words = new Uint32Array(numbers.length / NIBBLES_PER_WORD)
  const scales = new Float32Array(numbers.length / GROUP)
  for (let group = 0; group < scales.length; group += 1) {
    const begin = group * GROUP
    let most = 0
    for (let at = begin; at < begin + GROUP; at += 1) most = Math.max(most, Math.abs(numbers[at]!))
    const scale = isHalf ? rounded(rounded(most) / 7) : Math.fround(most / 7)
    scales[group] = scale
    for (let at = begin; at < begin + GROUP; at += 1) {
      const steps = Math.fround(Math.fround(numbers[at]! / (scale === 0 ? 1 : scale)) + 7)
      const nibble = Math.min(14, Math.max(0, nearestEven(steps)))
      const word = at >>> 3
      words[word] = words[word]! | (nibble << (4 * (at & 7)))
    }
  }
  return { words, scales }
}

function nearestEven(value: number): number {
  const below = Math.floor(value)
  const rest = value - below
  return rest > 0.5 || (rest === 0.5 && below % 2 === 1) ? below + 1 : below
}

function rounded(value: number): number {
  return fromFloat16(toFloat16(value))
}

function tensor(
  name: string,
  shape: readonly number[],
  dtype: string,
  { buffer }: Uint32Array | Float32Array,
): Tensor {
  return { name, shape, dtype, format: 'raw', bytes: new Uint8Array(buffer) }
}

function numbersOf({ file, begin, end }: Place): Float32Array {
  const bytes = readPart(file, begin, end)
  const bits = new Uint16Array(bytes.buffer)
  const numbers = new Float32Array(bits.length)
  // `from` would make a list of them first, which does not fit for the embedding.
  for (let at = 0; at < bits.length; at += 1) numbers[at] = fromBfloat16(bits[at]!)
  return numbers
}

function tensorPlaces(folder: string): Map<string, Place> {
  const index = JSON.parse(readFileSync(join(folder, 'model.safetensors.index.json'), 'utf8')) as {
    weight_map: Record<string, string>
  }
  const places = new Map<string, Place>()
  for (const path of new Set(Object.values(index.weight_map))) {
    const file = openSync(join(folder, path), 'r')
    const data = 8 + Number(new DataView(readPart(file, 0, 8).buffer).getBigUint64(0, true))
    const header = JSON.parse(Buffer.from(readPart(file, 8, data)).toString()) as Record<
      string,
      { dtype: string; shape: number[]; data_offsets: [number, number] }
    >
    for (const [name, { dtype, shape, data_offsets: offsets }] of Object.entries(header)) {
      if (name === '__metadata__') continue
      if (dtype !== 'BF16') throw new Error(`${name} is ${dtype}; the reference reads BF16 only.`)
      places.set(name, { file, shape, begin: data + offsets[0], end: data + offsets[1] })
    }
  }
  return places
}

function readPart(file: number, begin: number, end: number): Uint8Array<ArrayBuffer> {
  const bytes = new Uint8Array(end - begin)
  let done = 0
  while (done < bytes.length) {
    const count = readSync(file, bytes, done, bytes.length - done, begin + done)
    if (count === 0) throw new Error(`The file ends at byte ${begin + done}.`)
    done += count
  }
  return bytes
}
