/**
 * MLC's 4-bit group quantization one number at a time, from its definition, with exact rounding written out in
 * whole numbers: slow, and independent of the converter's own arithmetic.
 */

const GROUP = 32

export interface Packed {
  words: Uint32Array
  /** The values of the scales. */
  scales: number[]
}

export function quantizeScalar(weights: Float32Array, format: 'float16' | 'float32'): Packed {
  const round = format === 'float16' ? toFloat16 : Math.fround
  const words = new Uint32Array(weights.length / 8)
  const scales: number[] = []
  for (let start = 0; start < weights.length; start += GROUP) {
    const group = [...weights.subarray(start, start + GROUP)]
    const largest = Math.max(...group.map(Math.abs))
    const scale = round(round(largest) / 7)
    scales.push(scale)
    const divisor = scale === 0 ? 1 : scale
    for (const [at, weight] of group.entries()) {
      const steps = Math.fround(Math.fround(weight / divisor) + 7)
      const level = Math.min(14, Math.max(0, nearestEven(steps)))
      const word = Math.floor((start + at) / 8)
      words[word] = words[word]! + level * 16 ** (at % 8)
    }
  }
  return { words, scales }
}

/** The nearest whole number; of two equally near, the even one. */
function nearestEven(value: number): number {
  const below = Math.floor(value)
  const rest = value - below
  if (rest !== 0.5) return rest < 0.5 ? below : below + 1
  return below % 2 === 0 ? below : below + 1
}

/** The float16 nearest to a number, as a number: whole multiples of the unit in the last place. */
export function toFloat16(value: number): number {
  if (!Number.isFinite(value)) return value
  const size = Math.abs(value)
  const exponent = Math.max(-14, size === 0 ? -14 : Math.floor(Math.log2(size)))
  const unit = 2 ** (exponent - 10)
  const rounded = nearestEven(size / unit) * unit
  return Math.sign(value) * (rounded >= 65_520 ? Infinity : rounded)
}
