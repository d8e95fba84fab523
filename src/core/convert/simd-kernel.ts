/** 4-bit packing by the SIMD module: the same words and scales as `packGroups`, several times as fast. */
import { BYTES_OF, decode, type SourceFormat } from './number-format'
import type { PackProblem } from './pack'
import { GROUP_SIZE, NIBBLES_PER_WORD } from './quantization'
import { findNotFinite, scaleGroups } from './scales'
import type { PackKernel } from './source'

/** What an instance of `simdModule` exports. */
export interface SimdExports {
  memory: { readonly buffer: ArrayBuffer }
  largestFloat(source: number, groups: number, out: number): void
  largestBfloat(source: number, groups: number, out: number): void
  quantizeFloat(source: number, divisors: number, groups: number, out: number): void
  quantizeBfloat(source: number, divisors: number, groups: number, out: number): void
}

/** Groups at a time: 64 KiB of bfloat16 or 128 KiB of float32, which stay in a processor's cache. */
const GROUPS = 1024
const PER_GROUP = GROUPS * GROUP_SIZE * 4
const WORDS = PER_GROUP + GROUPS * 4

export function simdKernel(exports: SimdExports): PackKernel {
  const { buffer } = exports.memory
  const input = new Uint8Array(buffer, 0, PER_GROUP)
  const numbers = new Float32Array(buffer, 0, GROUPS * GROUP_SIZE)
  const perGroup = new Int32Array(buffer, PER_GROUP, GROUPS)
  const output = new Uint32Array(buffer, WORDS, (GROUPS * GROUP_SIZE) / NIBBLES_PER_WORD)
  return (format: SourceFormat, source, words, scales): PackProblem | null => {
    const isBfloat = format === 'BF16'
    const groupBytes = GROUP_SIZE * BYTES_OF[format]
    const total = source.length / groupBytes
    for (let first = 0; first < total; first += GROUPS) {
      const groups = Math.min(GROUPS, total - first)
      const piece = source.subarray(first * groupBytes, (first + groups) * groupBytes)
      // Float16 is decoded by a table; the others as they are.
      if (format === 'F16') decode(format, piece, numbers)
      else input.set(piece)
      if (isBfloat) exports.largestBfloat(0, groups, PER_GROUP)
      else exports.largestFloat(0, groups, PER_GROUP)
      const problem = scaleGroups(perGroup, groups, scales.subarray(first, first + groups))
      if (problem) {
        const index = (first + problem.group) * GROUP_SIZE
        if (problem.kind === 'scale-overflow') return { kind: 'scale-overflow', index }
        const group = new Float32Array(GROUP_SIZE)
        const begin = problem.group * groupBytes
        decode(format, piece.slice(begin, begin + groupBytes), group)
        return { kind: 'not-finite', index: index + findNotFinite(group) }
      }
      if (isBfloat) exports.quantizeBfloat(0, PER_GROUP, groups, WORDS)
      else exports.quantizeFloat(0, PER_GROUP, groups, WORDS)
      const wordCount = (groups * GROUP_SIZE) / NIBBLES_PER_WORD
      words.set(output.subarray(0, wordCount), (first * GROUP_SIZE) / NIBBLES_PER_WORD)
    }
    return null
  }
}
