/**
 * MLC's 4-bit group quantization (q4f16_1, q4f32_1): a weight is (nibble - 7) × scale, where the 32 weights of a
 * group share scale = max|w| / 7 in the model's number format and nibble = clamp(round(w / scale + 7), 0, 14), ties
 * to even (mlc-llm, quantization/group_quantization.py). Arithmetic is that of numpy on float32 arrays, operation
 * by operation, so that results can be compared bit by bit.
 */
import { BYTES_OF, decode, halfToFloat, roundHalfToEven } from './number-format'
import { GROUP_SIZE, NIBBLES_PER_WORD } from './quantization'
import { findNotFinite, scaleGroups } from './scales'
import type { PackKernel } from './source'

/** What stands in the way: the first weight that is no number, or whose group's scale exceeds float16. */
export type PackProblem = { kind: 'not-finite'; index: number } | { kind: 'scale-overflow'; index: number }

/**
 * 1.5 × 2^23: a float32 of small magnitude added to it is rounded to an integer, ties to even, and that integer
 * stands in the lowest bits of the sum.
 */
const ROUNDING = 12_582_912
const NIBBLE = 15
/**
 * Scales below are not normal float16: the few bits that they have left make them so small that weights exceed 7
 * steps. (In float32 that begins far lower, and the same care costs nothing there.)
 */
const LEAST_NORMAL_SCALE = 2 ** -14

/**
 * Packs `count` weights (whole groups) from the beginning of `weights`: one word a 8 weights into `words`, one scale
 * a group into `scales` (float16 bits for a Uint16Array). Gives the first obstacle, with its index in `weights`;
 * what was written is then of no use.
 */
export function packGroups(
  weights: Float32Array,
  count: number,
  words: Uint32Array,
  scales: Uint16Array | Float32Array,
): PackProblem | null {
  const raw = new Int32Array(weights.buffer, weights.byteOffset, count)
  // Local to the call: compilers keep them in registers, and module-level arrays in memory.
  const sums = new Float32Array(NIBBLES_PER_WORD)
  const sumBits = new Int32Array(sums.buffer)
  const groups = count / GROUP_SIZE
  const perGroup = largestOfGroups(raw, groups)
  const divisors = new Float32Array(perGroup.buffer)
  const problem = scaleGroups(perGroup, groups, scales)
  if (problem) {
    const index = problem.group * GROUP_SIZE
    if (problem.kind === 'scale-overflow') return { kind: 'scale-overflow', index }
    return { kind: 'not-finite', index: index + findNotFinite(weights.subarray(index, index + GROUP_SIZE)) }
  }
  for (let start = 0, group = 0, word = 0; start < count; group++) {
    const scale = divisors[group]!
    const end = start + GROUP_SIZE
    if (scale < LEAST_NORMAL_SCALE) {
      packClamped(weights, start, scale, words, word)
      start = end
      word += GROUP_SIZE / NIBBLES_PER_WORD
      continue
    }
    for (; start < end; start += NIBBLES_PER_WORD, word++) {
      sums[0] = Math.fround(Math.fround(weights[start]! / scale) + 7) + ROUNDING
      sums[1] = Math.fround(Math.fround(weights[start + 1]! / scale) + 7) + ROUNDING
      sums[2] = Math.fround(Math.fround(weights[start + 2]! / scale) + 7) + ROUNDING
      sums[3] = Math.fround(Math.fround(weights[start + 3]! / scale) + 7) + ROUNDING
      sums[4] = Math.fround(Math.fround(weights[start + 4]! / scale) + 7) + ROUNDING
      sums[5] = Math.fround(Math.fround(weights[start + 5]! / scale) + 7) + ROUNDING
      sums[6] = Math.fround(Math.fround(weights[start + 6]! / scale) + 7) + ROUNDING
      sums[7] = Math.fround(Math.fround(weights[start + 7]! / scale) + 7) + ROUNDING
      words[word] =
        (sumBits[0]! & NIBBLE) |
        ((sumBits[1]! & NIBBLE) << 4) |
        ((sumBits[2]! & NIBBLE) << 8) |
        ((sumBits[3]! & NIBBLE) << 12) |
        ((sumBits[4]! & NIBBLE) << 16) |
        ((sumBits[5]! & NIBBLE) << 20) |
        ((sumBits[6]! & NIBBLE) << 24) |
        (sumBits[7]! << 28)
    }
  }
  return null
}

/** `packGroups` as a kernel. */
export const typescriptKernel: PackKernel = (format, source, words, scales) => {
  const numbers = new Float32Array(source.length / BYTES_OF[format])
  decode(format, source, numbers)
  return packGroups(numbers, numbers.length, words, scales)
}

/** One group, with the clamp that its scale makes necessary. */
function packClamped(
  weights: Float32Array,
  start: number,
  scale: number,
  words: Uint32Array,
  word: number,
): void {
  for (let at = 0; at < GROUP_SIZE; at += NIBBLES_PER_WORD, word++) {
    let packed = 0
    for (let nibble = 0; nibble < NIBBLES_PER_WORD; nibble++) {
      const steps = Math.fround(Math.fround(weights[start + at + nibble]! / scale) + 7)
      packed |= roundHalfToEven(Math.min(14, Math.max(0, steps))) << (4 * nibble)
    }
    words[word] = packed
  }
}

/** The weights that packed words stand for; `scales` as `packGroups` wrote them. */
export function unpackGroups(words: Uint32Array, scales: Uint16Array | Float32Array): Float32Array {
  const weights = new Float32Array(words.length * NIBBLES_PER_WORD)
  for (let at = 0; at < weights.length; at++) {
    const level = (words[Math.floor(at / NIBBLES_PER_WORD)]! >>> (4 * (at % NIBBLES_PER_WORD))) & 15
    const stored = scales[Math.floor(at / GROUP_SIZE)]!
    weights[at] = (level - 7) * (scales instanceof Uint16Array ? halfToFloat(stored) : stored)
  }
  return weights
}

/** The largest magnitude of each group, as bits of a float32. */
function largestOfGroups(raw: Int32Array, groups: number): Int32Array<ArrayBuffer> {
  const largest = new Int32Array(groups)
  for (let group = 0, at = 0; group < groups; group++) {
    // Bits of magnitudes order like the magnitudes, and infinities and NaN lie beyond all numbers.
    let most = 0
    for (const end = at + GROUP_SIZE; at < end; at++) {
      const magnitude = raw[at]! & 0x7fffffff
      if (magnitude > most) most = magnitude
    }
    largest[group] = most
  }
  return largest
}
