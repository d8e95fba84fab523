/** The scales of groups from their largest magnitudes. */
import { floatToHalf, halfToFloat } from './number-format'

const FLOAT_INFINITY = 0x7f800000
const HALF_INFINITY = 0x7c00

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
  const isHalf = scales instanceof Uint16Array
  for (let group = 0; group < groups; group++) {
    if (bits[group]! >= FLOAT_INFINITY) return { kind: 'not-finite', group }
    let scale = Math.fround(values[group]! / 7)
    if (isHalf) {
      const half = floatToHalf(Math.fround(halfToFloat(floatToHalf(values[group]!)) / 7))
      if (half >= HALF_INFINITY) return { kind: 'scale-overflow', group }
      scales[group] = half
      scale = halfToFloat(half)
    } else {
      scales[group] = scale
    }
    values[group] = scale === 0 ? 1 : scale
  }
  return null
}

/** The index of the first number that is none; -1 for none. */
export function findNotFinite(numbers: Float32Array): number {
  return numbers.findIndex((number) => !Number.isFinite(number))
}
