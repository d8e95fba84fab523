/** The output layer of a reward model: the rows of its head, and zeros everywhere else. */
import type { ModelResult } from '../../model/failure'
import { failure, success } from '../../result'
import { floatToHalf } from '../number-format'
import { sourceBytesOf, type PlannedUnit } from '../plan'
import { NIBBLES_PER_WORD, type Quantization } from '../quantization'
import type { CheckpointSource, PackKernel } from '../source'
import { headRows } from './head-rows'
import { readNumbers } from './merge'

/** Eight weights of 0. */
const ZERO_WORD = 0x77777777
/** Bytes of zeros written at a time. */
const BLOCK_BYTES = 2 ** 22

export interface HeadPorts {
  source: CheckpointSource
  kernel: PackKernel
  onProgress(tensor: string, sourceBytes: number): void
}

export async function writeHead(
  { name, tensors, parts, head }: PlannedUnit & Required<Pick<PlannedUnit, 'head'>>,
  ports: HeadPorts,
  write: (piece: Uint8Array<ArrayBuffer>) => Promise<ModelResult<void>>,
  signal: AbortSignal,
): Promise<ModelResult<void>> {
  const { source, kernel } = ports
  const [part] = parts
  const [main, scale] = tensors
  if (!part || !main) throw new Error(`${name} has no rows`)
  const weights = await readNumbers(part, source, signal)
  if (!weights.ok) return weights
  const coded = codeRows(weights.value, part.columns, head.tokens, head.quantization)
  if ('kind' in coded) {
    const { path, tensor } = part
    if (coded.kind === 'not-finite')
      return failure({ kind: 'tensor-not-finite', path, tensor, index: coded.index })
    return failure({ kind: 'tensor-overflow', path, tensor, index: coded.index, format: 'float16' })
  }
  const isHalf = (scale ?? main).dtype === 'float16'
  const [vocabulary = 0] = main.shape
  const scaleColumns = scale?.shape[1] ?? 0
  const scales = isHalf
    ? new Uint16Array(vocabulary * scaleColumns)
    : new Float32Array(vocabulary * scaleColumns)
  const rowBytes = main.bytes / vocabulary
  const zeros = new Uint8Array(Math.max(1, Math.floor(BLOCK_BYTES / rowBytes)) * rowBytes)
  if (scale) new Uint32Array(zeros.buffer).fill(ZERO_WORD)
  const writeZeros = async (rows: number) => {
    for (let left = rows * rowBytes; left > 0; left -= zeros.length) {
      if (signal.aborted) return failure({ kind: 'aborted' } as const)
      const written = await write(zeros.subarray(0, Math.min(left, zeros.length)))
      if (!written.ok) return written
    }
    return success(undefined)
  }
  let done = 0
  for (const [token, row] of [...coded].sort(([one], [other]) => one - other)) {
    const before = await writeZeros(token - done)
    if (!before.ok) return before
    const piece = new Uint8Array(rowBytes)
    if (scale) {
      const words = new Uint32Array(row.length / NIBBLES_PER_WORD)
      const place = scales.subarray(token * scaleColumns, (token + 1) * scaleColumns)
      kernel('F32', bytesOf(row), words, place)
      piece.set(bytesOf(words))
    } else piece.set(bytesOf(isHalf ? Uint16Array.from(row, floatToHalf) : row))
    const written = await write(piece)
    if (!written.ok) return written
    done = token + 1
  }
  const after = await writeZeros(vocabulary - done)
  if (!after.ok) return after
  ports.onProgress(name, sourceBytesOf(part))
  return scale ? write(bytesOf(scales)) : success(undefined)
}

/** Every row by its token. */
function codeRows(
  weights: Float32Array,
  columns: number,
  tokens: readonly (readonly number[])[],
  quantization: Quantization,
) {
  const coded = new Map<number, Float32Array<ArrayBuffer>>()
  for (const [index, ids] of tokens.entries()) {
    const first = index * columns
    const rows = headRows(weights.subarray(first, first + columns), quantization, ids.length)
    if ('kind' in rows) return { ...rows, index: first + rows.index }
    ids.forEach((token, at) => coded.set(token, rows[at]!))
  }
  return coded
}

function bytesOf(numbers: Uint16Array<ArrayBuffer> | Uint32Array<ArrayBuffer> | Float32Array<ArrayBuffer>) {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
}
