/** Converts one shard, a block of rows at a time: memory grows with the scales of one tensor, not with the model. */
import type { ModelFailure, ModelResult } from '../model/failure'
import { failure, success } from '../result'
import { writeHead } from './lora/head-unit'
import { openMerge, type Merge } from './lora/merge'
import { BYTES_OF, decode, floatToHalf, type SourceFormat } from './number-format'
import { sourceBytesOf, type PlannedShard, type PlannedUnit, type SourceRows } from './plan'
import { GROUP_SIZE, NIBBLES_PER_WORD } from './quantization'
import type { ByteSink, CheckpointSource, PackKernel, PieceHash } from './source'

/** Numbers converted at a time, at least one row: 2 MiB of BF16, 4 MiB as float32; both stay in a processor's cache. */
export const BLOCK_NUMBERS = 2 ** 20
const HALF_INFINITY = 0x7c00

export interface ShardPorts {
  source: CheckpointSource
  sink: ByteSink
  kernel: PackKernel
  md5: PieceHash
  sha256: PieceHash
  /** After each block: the tensor, and how many bytes of the checkpoint were read since the last call. */
  onProgress(tensor: string, sourceBytes: number): void
}

/** A written shard. */
export interface ShardSums {
  bytes: number
  /** Lower-case hex, as are all sums. */
  md5: string
  sha256: string
}

/** Deterministic: the same checkpoint and plan give the same bytes. Fails at the first number that cannot be kept. */
export async function convertShard(
  shard: PlannedShard,
  ports: ShardPorts,
  signal: AbortSignal,
): Promise<ModelResult<ShardSums>> {
  let bytes = 0
  const write = async (piece: Uint8Array<ArrayBuffer>) => {
    ports.md5.update(piece)
    ports.sha256.update(piece)
    bytes += piece.length
    return ports.sink.write(piece)
  }
  for (const unit of shard.units) {
    const { head } = unit
    const convert = unit.tensors.length === 2 ? packUnit : copyUnit
    const done = head
      ? await writeHead({ ...unit, head }, ports, write, signal)
      : await convert(unit, ports, write, signal)
    if (!done.ok) return done
  }
  return success({ bytes, md5: ports.md5.hex(), sha256: ports.sha256.hex() })
}

type Write = (piece: Uint8Array<ArrayBuffer>) => Promise<ModelResult<void>>

/** Words are written as they are made; scales are kept until all words are written. */
async function packUnit(
  { name, tensors, parts }: PlannedUnit,
  ports: ShardPorts,
  write: Write,
  signal: AbortSignal,
): Promise<ModelResult<void>> {
  const scaleCount = (tensors[1]?.shape ?? []).reduce((product, size) => product * size, 1)
  const isHalf = tensors[1]?.dtype === 'float16'
  const scales = isHalf ? new Uint16Array(scaleCount) : new Float32Array(scaleCount)
  let words = new Uint32Array(0)
  let group = 0
  const packed = await eachBlock(name, parts, ports, signal, async ({ source, format, part, first }) => {
    const count = source.length / BYTES_OF[format]
    const wordCount = count / NIBBLES_PER_WORD
    if (words.length < wordCount) words = new Uint32Array(wordCount)
    const groups = count / GROUP_SIZE
    const problem = ports.kernel(format, source, words, scales.subarray(group, group + groups))
    if (problem) return failure(numberFailure(problem.kind, part, first + problem.index))
    group += groups
    return write(new Uint8Array(words.buffer, 0, wordCount * words.BYTES_PER_ELEMENT))
  })
  return packed.ok ? write(bytesOf(scales)) : packed
}

async function copyUnit(
  { name, tensors, parts }: PlannedUnit,
  ports: ShardPorts,
  write: Write,
  signal: AbortSignal,
): Promise<ModelResult<void>> {
  const isHalf = tensors[0]?.dtype === 'float16'
  return eachBlock(name, parts, ports, signal, async ({ source, format, part, first }) => {
    const numbers = new Float32Array(source.length / BYTES_OF[format])
    decode(format, source, numbers)
    const bad = firstNotFinite(numbers)
    if (bad !== null) return failure(numberFailure('not-finite', part, first + bad))
    if (!isHalf) return write(bytesOf(numbers))
    const halves = new Uint16Array(numbers.length)
    for (let at = 0; at < numbers.length; at++) {
      const half = floatToHalf(numbers[at]!)
      if ((half & 0x7fff) === HALF_INFINITY) return failure(numberFailure('scale-overflow', part, first + at))
      halves[at] = half
    }
    return write(bytesOf(halves))
  })
}

/** Whole rows of a part, after what adapters add to them. */
interface Block {
  source: Uint8Array<ArrayBuffer>
  format: SourceFormat
  part: SourceRows
  /** Index of its first number in the part. */
  first: number
}

/** Reads the parts one after the other. */
async function eachBlock(
  name: string,
  parts: readonly SourceRows[],
  ports: ShardPorts,
  signal: AbortSignal,
  use: (block: Block) => Promise<ModelResult<void>>,
): Promise<ModelResult<void>> {
  for (const part of parts) {
    const { path, begin, format, columns, lora = [] } = part
    const merge = await openMerge(lora, ports.source, signal)
    if (!merge.ok) return merge
    for (const { a, b } of lora) ports.onProgress(name, sourceBytesOf(a) + sourceBytesOf(b))
    const rowsPerBlock = Math.max(1, Math.floor(BLOCK_NUMBERS / columns))
    const blockBytes = rowsPerBlock * columns * BYTES_OF[format]
    const end = begin + sourceBytesOf(part)
    const rooms = [0, 1].map(() => new Uint8Array(Math.min(blockBytes, end - begin)))
    let reads = 0
    const read = (at: number) =>
      ports.source.read(path, at, Math.min(end, at + blockBytes), signal, rooms[reads++ % rooms.length])
    // The next block is on its way while this one is converted.
    let next = read(begin)
    for (let at = begin; at < end; at += blockBytes) {
      const block = await next
      if (!block.ok) return block
      if (signal.aborted) return failure({ kind: 'aborted' })
      const after = at + blockBytes
      if (after < end) next = read(after)
      const first = (at - begin) / BYTES_OF[format]
      const own = { source: block.value, format, part, first }
      const used = await use(lora.length === 0 ? own : merged(own, merge.value))
      if (!used.ok) {
        await next
        return used
      }
      ports.onProgress(name, block.value.length)
    }
  }
  return success(undefined)
}

function merged({ source, format, part, first }: Block, merge: Merge): Block {
  const numbers = new Float32Array(source.length / BYTES_OF[format])
  decode(format, source, numbers)
  merge(numbers, first / part.columns)
  return { source: bytesOf(numbers), format: 'F32', part, first }
}

/** A loop: a callback for each of a million numbers takes longer than converting them. */
function firstNotFinite(numbers: Float32Array): number | null {
  for (let at = 0; at < numbers.length; at++) if (!Number.isFinite(numbers[at]!)) return at
  return null
}

function bytesOf(numbers: Uint16Array<ArrayBuffer> | Float32Array<ArrayBuffer>): Uint8Array<ArrayBuffer> {
  return new Uint8Array(numbers.buffer, numbers.byteOffset, numbers.byteLength)
}

function numberFailure(
  kind: 'not-finite' | 'scale-overflow',
  { path, tensor }: SourceRows,
  index: number,
): ModelFailure {
  if (kind === 'not-finite') return { kind: 'tensor-not-finite', path, tensor, index }
  return { kind: 'tensor-overflow', path, tensor, index, format: 'float16' }
}
