/** The scales of groups from their largest magnitudes. */
import { floatToHalf, halfToFloat } from './number-format'

const FLOAT_INFINITY = 0x7f800000
const HALF_INFINITY = 0x7c00
/** 2^-11, more than 7 times the least normal float16, and 2^15, all as bits of float32. */
const LEAST_NORMAL_TIMES_7 = 0x3a000000
const CERTAINLY_HALF = 0x47000000
/** The sign, exponent and fraction that a float16 has room for. */
const KEPT = ~0x1fff
/** What the exponents of the two formats differ by. */
const HALF_BIAS = 0x38000000

export interface ScaleProblem {
  kind: 'not-finite' | 'scale-overflow'
  group: number
}

/**
 * Replaces each group's largest magnitude (bits of a float32) by what its weights are divided by (bits as well): the
 * scale, or 1 where that is 0. Writes the scales as float16 bits or as float32.
 */
export function scaleGroups(
  bits: Int32Array<ArrayBuffer>,
  groups: number,
  scales: Uint16Array | Float32Array,
): ScaleProblem | null {
  const values = new Float32Array(bits.buffer, bits.byteOffset, groups)
  for (let group = 0; group < groups; group++) {
    const largest = bits[group]!
    if (largest >= FLOAT_INFINITY) return { kind: 'not-finite', group }
    if (!(scales instanceof Uint16Array)) {
      const scale = Math.fround(values[group]! / 7)
      scales[group] = scale
      values[group] = scale === 0 ? 1 : scale
      continue
    }
    // Of numbers that are normal in float16, rounding cuts the lowest 13 bits of a float32.
    if (largest >= LEAST_NORMAL_TIMES_7 && largest < CERTAINLY_HALF) {
      bits[group] = (largest + 0xfff + ((largest >>> 13) & 1)) & KEPT
      values[group]! /= 7
      const quotient = bits[group]!
      const rounded = (quotient + 0xfff + ((quotient >>> 13) & 1)) & KEPT
      bits[group] = rounded
      scales[group] = (rounded - HALF_BIAS) >>> 13
      continue
    }
    const half = floatToHalf(Math.fround(halfToFloat(floatToHalf(values[group]!)) / 7))
    if (half >= HALF_INFINITY) return { kind: 'scale-overflow', group }
    scales[group] = half
    values[group] = half === 0 ? 1 : halfToFloat(half)
  }
  return null
}

/** The index of the first number that is none; -1 for none. */
export function findNotFinite(numbers: Float32Array): number {
  return numbers.findIndex((number) => !Number.isFinite(number))
}
