/** W + scale · B · A, a block of rows at a time, so that an adapter costs no more memory than its own two matrices. */
import type { ModelResult } from '../../model/failure'
import { success } from '../../result'
import { decode } from '../number-format'
import { sourceBytesOf, type LoraPair, type SourceRows } from '../plan'
import type { CheckpointSource } from '../source'

/** Adds the adapters to whole rows of a matrix, in place; `firstRow` counts in the matrix. */
export type Merge = (numbers: Float32Array, firstRow: number) => void

/**
 * Reads the pairs of one matrix. Sums over the rank are of double precision and are rounded to float32 once, with the
 * weight that they are added to; of several adapters each is rounded, as if they were merged one after the other.
 */
export async function openMerge(
  pairs: readonly LoraPair[],
  source: CheckpointSource,
  signal: AbortSignal,
): Promise<ModelResult<Merge>> {
  const merges: Merge[] = []
  for (const { a, b, scale } of pairs) {
    const down = await readNumbers(a, source, signal)
    if (!down.ok) return down
    const up = await readNumbers(b, source, signal)
    if (!up.ok) return up
    merges.push(mergeOne(Float64Array.from(down.value), up.value, a.rows, a.columns, scale))
  }
  return success((numbers, firstRow) => merges.forEach((merge) => merge(numbers, firstRow)))
}

/** @param down [rank, columns] @param up [rows, rank] */
function mergeOne(down: Float64Array, up: Float32Array, rank: number, columns: number, scale: number): Merge {
  const sums = new Float64Array(columns)
  return (numbers, firstRow) => {
    const rows = numbers.length / columns
    for (let row = 0; row < rows; row += 1) {
      sums.fill(0)
      const factors = (firstRow + row) * rank
      let k = 0
      // Four at a time in the same order: the same sums, read and written a quarter as often.
      for (; k + 3 < rank; k += 4) {
        const [one, two, three, four] = [
          up[factors + k]!,
          up[factors + k + 1]!,
          up[factors + k + 2]!,
          up[factors + k + 3]!,
        ]
        const from = k * columns
        for (let column = 0, at = from; column < columns; column += 1, at += 1)
          sums[column] =
            sums[column]! +
            one * down[at]! +
            two * down[at + columns]! +
            three * down[at + 2 * columns]! +
            four * down[at + 3 * columns]!
      }
      for (; k < rank; k += 1) {
        const factor = up[factors + k]!
        for (let column = 0; column < columns; column += 1)
          sums[column] = sums[column]! + factor * down[k * columns + column]!
      }
      const to = row * columns
      for (let column = 0; column < columns; column += 1)
        numbers[to + column] = numbers[to + column]! + scale * sums[column]!
    }
  }
}

/** All numbers of a matrix that fits into memory. */
export async function readNumbers(
  rows: SourceRows,
  source: CheckpointSource,
  signal: AbortSignal,
): Promise<ModelResult<Float32Array<ArrayBuffer>>> {
  const { path, begin, format } = rows
  const bytes = await source.read(path, begin, begin + sourceBytesOf(rows), signal)
  if (!bytes.ok) return bytes
  const numbers = new Float32Array(rows.rows * rows.columns)
  decode(format, bytes.value, numbers)
  return success(numbers)
}
