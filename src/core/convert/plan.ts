/** Everything about a conversion that is known before a byte is converted. Plain data, so that it can travel. */
import type { ModelFailure, ModelResult } from '../model/failure'
import { failure, success } from '../result'
import type { Checkpoint } from './checkpoint'
import { CHECKPOINT_CONFIG, type Architecture, type CheckpointConfig } from './checkpoint-config'
import { layoutOf, mayBeIgnored, OUTPUT_HEAD, type LayoutTensor } from './layout'
import type { Adapter } from './lora/adapter'
import { HEAD_ROWS } from './lora/head-rows'
import { adaptersProblem, headTokenIds, pairsOf } from './lora/fit'
import { BYTES_OF, type SourceFormat } from './number-format'
import { GROUP_SIZE, isPacked, modelFormat, NIBBLES_PER_WORD, type Quantization } from './quantization'

/** MLC's own bound: WebLLM holds a whole shard in memory. A matrix larger than this has a shard of its own. */
export const SHARD_LIMIT_BYTES = 32 * 2 ** 20
const WORD_BYTES = 4

/** Rows of one tensor of the checkpoint, row-major from `begin` in its file. */
export interface SourceRows {
  tensor: string
  path: string
  begin: number
  format: SourceFormat
  rows: number
  columns: number
  /** What adapters add to them, one after the other. */
  lora?: LoraPair[]
}

/** scale · B · A: `a` is [rank, columns] of the matrix, `b` [rows, rank]. */
export interface LoraPair {
  a: SourceRows
  b: SourceRows
  scale: number
}

/** A tensor of the result as its manifest describes it. */
export interface PlannedTensor {
  name: string
  shape: number[]
  dtype: 'uint32' | 'float32' | 'float16'
  bytes: number
  byteOffset: number
}

/** What is converted in one go: a matrix to words and scales, which lie behind each other, or numbers to numbers. */
export interface PlannedUnit {
  /** What it is called while it is being converted. */
  name: string
  /** Words and scales of a packed matrix; else one tensor. */
  tensors: PlannedTensor[]
  parts: SourceRows[]
  /** The output layer of a reward model: token ids of the rows of each class; `parts` is the head, a row a class. */
  head?: { tokens: number[][]; quantization: Quantization }
}

export interface PlannedShard {
  path: string
  bytes: number
  sourceBytes: number
  units: PlannedUnit[]
}

export interface ConversionPlan {
  architecture: Architecture
  quantization: Quantization
  config: CheckpointConfig
  shards: PlannedShard[]
  sourceBytes: number
  resultBytes: number
  /** Of the largest single tensor, which must fit into one GPU buffer. */
  largestTensorBytes: number
}

const SOURCE_FORMATS = Object.keys(BYTES_OF)

/** Fails where configuration and tensors disagree, or where the quantization does not fit the sizes. */
export function planConversion(
  checkpoint: Checkpoint,
  quantization: Quantization,
  adapters: readonly Adapter[] = [],
): ModelResult<ConversionPlan> {
  const { config, tensors, listedIn } = checkpoint
  const unfit = adaptersProblem(config, adapters)
  if (unfit) return failure(unfit)
  const head = adapters.findLast((adapter) => adapter.head)?.head
  const wanted = new Set<string>()
  const units: PlannedUnit[] = []
  for (const layout of layoutOf(config)) {
    const problem = groupProblem(layout, quantization)
    if (problem) return failure(problem)
    if (head && layout.name === OUTPUT_HEAD) {
      const tokens = headTokenIds(config, HEAD_ROWS[quantization], head.weight.rows)
      const unit = planUnit(layout, [head.weight], quantization)
      units.push({ ...unit, head: { tokens, quantization } })
      continue
    }
    const parts: SourceRows[] = []
    for (const { name, shape } of layout.parts) {
      wanted.add(name)
      const found = tensors.get(name)
      if (!found) return failure({ kind: 'tensor-missing', path: listedIn, tensor: name })
      const { path, dtype, begin } = found
      if (!SOURCE_FORMATS.includes(dtype))
        return failure({ kind: 'tensor-dtype', path, tensor: name, dtype, supported: [...SOURCE_FORMATS] })
      if (found.shape.length !== shape.length || shape.some((size, at) => found.shape[at] !== size)) {
        const sizes = { expected: shape.join(' × '), actual: found.shape.join(' × ') }
        return failure({ kind: 'tensor-shape', path, tensor: name, ...sizes })
      }
      const [rows = 1, columns = 1] = shape.length === 1 ? [1, shape[0]] : shape
      const lora = pairsOf(name, adapters)
      const own = { tensor: name, path, begin, format: dtype as SourceFormat, rows, columns }
      parts.push(lora.length === 0 ? own : { ...own, lora })
    }
    units.push(planUnit(layout, parts, quantization))
  }
  const isLeftOut = (name: string) =>
    mayBeIgnored(name, config) || (head !== undefined && name === `${OUTPUT_HEAD}.weight`)
  const extra = [...tensors.values()].find(({ name }) => !wanted.has(name) && !isLeftOut(name))
  if (extra) return failure({ kind: 'tensor-unexpected', path: extra.path, tensor: extra.name })
  const shards = shardsOf(units)
  return success({
    ...{ architecture: config.architecture, quantization, config, shards },
    sourceBytes: sum(shards, (shard) => shard.sourceBytes),
    resultBytes: sum(shards, (shard) => shard.bytes),
    largestTensorBytes: Math.max(...units.flatMap(({ tensors }) => tensors.map(({ bytes }) => bytes))),
  })
}

/** Bytes that a part takes in its file. */
export function sourceBytesOf({ rows, columns, format }: SourceRows): number {
  return rows * columns * BYTES_OF[format]
}

/** All that is read for a unit. */
export function rowsOfUnit({ parts }: Pick<PlannedUnit, 'parts'>): SourceRows[] {
  return parts.flatMap((part) => [...(part.lora ?? []).flatMap(({ a, b }) => [a, b]), part])
}

/** Groups lie in rows, so a row must be whole groups. */
function groupProblem(
  { kind, name, parts }: LayoutTensor,
  quantization: Quantization,
): ModelFailure | undefined {
  const columns = parts[0]?.shape[1] ?? 0
  if (!isPacked(quantization) || kind !== 'matrix' || columns % GROUP_SIZE === 0) return undefined
  return {
    ...{ kind: 'checkpoint-unsupported', path: CHECKPOINT_CONFIG, entry: `${name} [columns]` },
    ...{ found: String(columns), needed: `multiples of ${GROUP_SIZE}` },
  }
}

function planUnit(
  { name, kind, parts: layout }: LayoutTensor,
  parts: SourceRows[],
  quantization: Quantization,
): PlannedUnit {
  const dtype = modelFormat(quantization)
  const numberBytes = dtype === 'float16' ? 2 : 4
  const isVector = layout[0]?.shape.length === 1
  const rows = sum(layout, ({ shape }) => (isVector ? 1 : (shape[0] ?? 0)))
  const columns = parts[0]?.columns ?? 0
  if (kind === 'matrix' && isPacked(quantization)) {
    const words = [rows, columns / NIBBLES_PER_WORD]
    const scales = [rows, columns / GROUP_SIZE]
    const wordBytes = product(words) * WORD_BYTES
    return {
      ...{ name, parts },
      tensors: [
        { name: `${name}.q_weight`, shape: words, dtype: 'uint32', bytes: wordBytes, byteOffset: 0 },
        {
          ...{ name: `${name}.q_scale`, shape: scales, dtype },
          ...{ bytes: product(scales) * numberBytes, byteOffset: wordBytes },
        },
      ],
    }
  }
  const shape = isVector ? [sum(parts, (part) => part.columns)] : [rows, columns]
  const full = `${name}.${kind === 'bias' ? 'bias' : 'weight'}`
  const tensor = { name: full, shape, dtype, bytes: product(shape) * numberBytes, byteOffset: 0 }
  return { name: full, parts, tensors: [tensor] }
}

/** In the given order; a shard ends where the next unit would exceed the limit. */
function shardsOf(units: readonly PlannedUnit[]): PlannedShard[] {
  const shards: PlannedShard[] = []
  let last: PlannedShard | undefined
  for (const unit of units) {
    const bytes = sum(unit.tensors, (tensor) => tensor.bytes)
    if (!last || last.bytes + bytes > SHARD_LIMIT_BYTES) {
      last = { path: `params_shard_${shards.length}.bin`, bytes: 0, sourceBytes: 0, units: [] }
      shards.push(last)
    }
    const start = last.bytes
    const tensors = unit.tensors.map((tensor) => ({ ...tensor, byteOffset: start + tensor.byteOffset }))
    last.units.push({ ...unit, tensors })
    last.bytes += bytes
    last.sourceBytes += sum(rowsOfUnit(unit), sourceBytesOf)
  }
  return shards
}

function sum<Item>(items: readonly Item[], of: (item: Item) => number): number {
  return items.reduce((total, item) => total + of(item), 0)
}

function product(shape: readonly number[]): number {
  return shape.reduce((total, size) => total * size, 1)
}
