/** The number formats of checkpoints and of MLC weights, to and from float32. All are little-endian in files. */

/** As safetensors names them. */
export type SourceFormat = 'F32' | 'F16' | 'BF16'

export const BYTES_OF: Readonly<Record<SourceFormat, number>> = { F32: 4, F16: 2, BF16: 2 }

const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

/** Every float16 as a float32: 64 Ki entries are looked up faster than they are computed. */
let halfTable: Float32Array | undefined

/** The float32 of a float16 (IEEE 754 binary16) given by its bits. */
export function halfToFloat(half: number): number {
  const sign = half & 0x8000 ? -1 : 1
  const exponent = (half >> 10) & 0x1f
  const fraction = half & 0x3ff
  if (exponent === 0) return sign * fraction * 2 ** -24
  if (exponent === 31) return fraction === 0 ? sign * Infinity : Number.NaN
  return sign * (1024 + fraction) * 2 ** (exponent - 25)
}

/** The bits of the float16 nearest to a float32, ties to even; beyond 65,519.99… it is an infinity. */
export function floatToHalf(value: number): number {
  float[0] = value
  const all = bits[0]!
  const sign = (all >>> 16) & 0x8000
  const magnitude = all & 0x7fffffff
  if (magnitude >= 0x7f800000) return sign | (magnitude > 0x7f800000 ? 0x7e00 : 0x7c00)
  // From 2^-14 on the fraction is cut to 10 bits; below, the number counts units of 2^-24.
  if (magnitude >= 0x38800000) {
    const rounded = magnitude + 0xfff + ((magnitude >>> 13) & 1)
    return sign | Math.min(0x7c00, (rounded - 0x38000000) >>> 13)
  }
  return sign | roundHalfToEven(Math.abs(float[0]) * 2 ** 24)
}

/** The nearest integer of a value of 0 to 2^51, ties to even: what IEEE 754 addition does by itself. */
export function roundHalfToEven(value: number): number {
  const shift = 2 ** 52
  return value + shift - shift
}

/** Reads `source` (bytes of whole numbers of `format`) as float32 into the beginning of `target`. */
export function decode(format: SourceFormat, source: Uint8Array, target: Float32Array): void {
  const view = aligned(source)
  if (format === 'F32') {
    target.set(new Float32Array(view.buffer, view.byteOffset, view.length / 4))
    return
  }
  const halves = new Uint16Array(view.buffer, view.byteOffset, view.length / 2)
  if (format === 'BF16') {
    const words = new Uint32Array(target.buffer, target.byteOffset, halves.length)
    for (let at = 0; at < halves.length; at++) words[at] = halves[at]! << 16
    return
  }
  halfTable ??= Float32Array.from({ length: 65536 }, (_, half) => halfToFloat(half))
  const table = halfTable
  for (let at = 0; at < halves.length; at++) target[at] = table[halves[at]!]!
}

/** Typed arrays begin at multiples of their element size; bytes cut out of a file need not. */
function aligned(source: Uint8Array): Uint8Array {
  return source.byteOffset % 4 === 0 ? source : source.slice()
}
