/**
 * The rows of a classifier in the number format of the output layer, each as a sum of several: row 1 is the weights
 * rounded, row 2 what is left of them rounded, and so on. A remainder is stored enlarged by a power of two, so that it
 * keeps clear of the smallest numbers of float16; its logit is multiplied back. How many rows it takes is measured in
 * docs/reward-model.md.
 */
import type { RewardHead } from '../../model/reward-head'
import { floatToHalf, halfToFloat } from '../number-format'
import { packGroups, unpackGroups, type PackProblem } from '../pack'
import { GROUP_SIZE, isPacked, modelFormat, NIBBLES_PER_WORD, type Quantization } from '../quantization'

/** Rows of each class: one more than bring the probability within 1e-3 of that of the exact head. */
export const HEAD_ROWS: Readonly<Record<Quantization, number>> = {
  ...{ q4f16_1: 4, q4f32_1: 4, q0f16: 2, q0f32: 1 },
}

/** A remainder is at most half a step: a fourteenth of a group's largest weight, or 2^-12 of a float16. */
function enlargement(quantization: Quantization): number {
  return isPacked(quantization) ? 8 : 2 ** 11
}

/** What the logit of a row is multiplied by. */
export function rowFactor(quantization: Quantization, index: number): number {
  return 1 / enlargement(quantization) ** index
}

/**
 * The rows that stand for `weights`, as they are before they are rounded. `PackProblem` where a weight is no number.
 *
 * @param weights whole groups of 32
 */
export function headRows(
  weights: Float32Array,
  quantization: Quantization,
  count: number,
): Float32Array<ArrayBuffer>[] | PackProblem {
  const rest = Float64Array.from(weights)
  const rows: Float32Array<ArrayBuffer>[] = []
  for (let index = 0; index < count; index += 1) {
    const factor = rowFactor(quantization, index)
    const row = Float32Array.from(rest, (value) => value / factor)
    const stored = roundedRow(row, quantization)
    if ('kind' in stored) return stored
    stored.forEach((value, at) => (rest[at] = rest[at]! - value * factor))
    rows.push(row)
  }
  return rows
}

/** What the library computes with in place of a row. */
export function roundedRow(row: Float32Array, quantization: Quantization): Float32Array | PackProblem {
  const bad = row.findIndex((value) => !Number.isFinite(value))
  if (bad >= 0) return { kind: 'not-finite', index: bad }
  const isHalf = modelFormat(quantization) === 'float16'
  if (isPacked(quantization)) {
    const words = new Uint32Array(row.length / NIBBLES_PER_WORD)
    const groups = row.length / GROUP_SIZE
    const scales = isHalf ? new Uint16Array(groups) : new Float32Array(groups)
    return packGroups(row, row.length, words, scales) ?? unpackGroups(words, scales)
  }
  return isHalf ? row.map((value) => halfToFloat(floatToHalf(value))) : row
}

/** What mlc-chat-config.json says of a head whose rows lie at `tokens`, class by class. */
export function rewardHead(
  quantization: Quantization,
  tokens: readonly (readonly number[])[],
  bias: readonly number[],
): RewardHead {
  return {
    version: 1,
    classes: tokens.map((ids, index) => ({
      bias: bias[index] ?? 0,
      rows: ids.map((token, at) => ({ token, factor: rowFactor(quantization, at) })),
    })),
  }
}
