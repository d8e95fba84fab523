/** tensor-cache.json (ndarray-cache.json before WebLLM 0.2.80): which tensor lies where in which shard. */
import * as v from 'valibot'
import { failure, success } from '../result'
import type { ModelResult } from './failure'
import { fileInvalid, parseFile, SafePath } from './parse-file'

/** One schema under two names; newer first. */
export const MANIFEST_NAMES = ['tensor-cache.json', 'ndarray-cache.json'] as const
/** The largest models known have 2,000 tensors of about 200 bytes each. */
export const MANIFEST_LIMIT_BYTES = 16 * 2 ** 20
/** Files of a model that are no shards; a shard of such a name would be stored over them. */
const OTHER_FILES =
  /^(?:.*\.wasm|(?:mlc-chat-config|tensor-cache|ndarray-cache|tokenizer|somnus-model)\.json|tokenizer\.model)$/i
const SHARDS_LIMIT = 4096
const TENSORS_LIMIT = 20_000
const DIMENSIONS_LIMIT = 8
/** WebLLM reads a shard into one ArrayBuffer, which browsers end at about 2 GiB. */
const SHARD_LIMIT_BYTES = 2 ** 31 - 1

const Size = v.pipe(v.number(), v.integer(), v.minValue(1, 'at least 1'), v.maxValue(2 ** 31, 'at most 2^31'))
const Bytes = v.pipe(
  v.number(),
  v.integer(),
  v.minValue(1, 'at least 1'),
  v.maxValue(SHARD_LIMIT_BYTES, 'below 2 GiB'),
)

const TensorSchema = v.object({
  name: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
  shape: v.pipe(v.array(Size), v.maxLength(DIMENSIONS_LIMIT)),
  dtype: v.pipe(v.string(), v.regex(/^(?:(?:float|int|uint|bfloat)(?:8|16|32|64)|bool)$/, 'a number format')),
  /** `f32-to-bf16`: float32 stored in its upper 16 bits. */
  format: v.picklist(['raw', 'f32-to-bf16'], '"raw" or "f32-to-bf16"'),
  nbytes: Bytes,
  byteOffset: v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(SHARD_LIMIT_BYTES)),
})

const ManifestSchema = v.object({
  records: v.pipe(
    v.array(
      v.object({
        dataPath: SafePath,
        format: v.literal('raw-shard', '"raw-shard"'),
        nbytes: Bytes,
        md5sum: v.optional(v.pipe(v.string(), v.regex(/^[0-9a-fA-F]{32}$/, '32 hexadecimal digits'))),
        records: v.pipe(v.array(TensorSchema), v.maxLength(TENSORS_LIMIT)),
      }),
    ),
    v.minLength(1, 'at least one shard'),
    v.maxLength(SHARDS_LIMIT),
  ),
})

export type MlcTensor = v.InferOutput<typeof TensorSchema>

export interface MlcShard {
  path: string
  bytes: number
  /** Lower-case hex; null where the manifest does not say. */
  md5: string | null
  tensors: MlcTensor[]
}

export interface MlcManifest {
  shards: MlcShard[]
  /** Bytes of all shards. */
  weightBytes: number
  /** Bytes of the largest tensor in graphics memory. */
  largestTensorBytes: number
}

/** Parses and checks the manifest: safe and unique paths and names, tensors inside their shard, none over another. */
export function readMlcManifest(text: string, path: string): ModelResult<MlcManifest> {
  const parsed = parseFile(path, text, ManifestSchema)
  if (!parsed.ok) return parsed
  const shards = parsed.value.records.map((record) => ({
    path: record.dataPath,
    bytes: record.nbytes,
    md5: record.md5sum?.toLowerCase() ?? null,
    tensors: record.records,
  }))
  const problem = firstProblem(shards)
  if (problem) return failure(fileInvalid(path, problem.where, problem.expected))
  const tensors = shards.flatMap((shard) => shard.tensors)
  return success({
    shards,
    weightBytes: shards.reduce((sum, { bytes }) => sum + bytes, 0),
    largestTensorBytes: tensors.reduce((most, tensor) => Math.max(most, graphicsBytes(tensor)), 0),
  })
}

/** Numbers that were trained: packed ones are counted by the bits that the quantization's name gives (q4f16_1: 4). */
export function parameterCount(manifest: MlcManifest, quantization: string): number {
  const bits = Number(/^q(\d)/.exec(quantization)?.[1] ?? 0)
  const perWord = bits > 0 ? Math.floor(32 / bits) : 1
  return manifest.shards
    .flatMap(({ tensors }) => tensors)
    .reduce((sum, { name, shape }) => {
      if (name.endsWith('.q_scale')) return sum
      return sum + elements(shape) * (name.endsWith('.q_weight') ? perWord : 1)
    }, 0)
}

function firstProblem(shards: readonly MlcShard[]): { where: string; expected: string } | undefined {
  const paths = new Set<string>()
  const names = new Set<string>()
  let tensorCount = 0
  for (const [index, shard] of shards.entries()) {
    const where = `records[${index}]`
    if (OTHER_FILES.test(shard.path)) return { where: `${where}.dataPath`, expected: 'the name of a shard' }
    // Many disks do not tell capital letters from small ones.
    if (paths.has(shard.path.toLowerCase()))
      return { where: `${where}.dataPath`, expected: 'a name used once' }
    paths.add(shard.path.toLowerCase())
    tensorCount += shard.tensors.length
    if (tensorCount > TENSORS_LIMIT) return { where, expected: `at most ${TENSORS_LIMIT} tensors` }
    for (const [at, tensor] of shard.tensors.entries()) {
      const place = `${where}.records[${at}]`
      if (names.has(tensor.name)) return { where: `${place}.name`, expected: 'a name used once' }
      names.add(tensor.name)
      const bytes = storedBytes(tensor)
      if (tensor.nbytes !== bytes) return { where: `${place}.nbytes`, expected: `${bytes}` }
      if (tensor.byteOffset + tensor.nbytes > shard.bytes)
        return {
          where: `${place}.byteOffset`,
          expected: `an end within the ${shard.bytes} bytes of the shard`,
        }
    }
    const overlap = firstOverlap(shard.tensors)
    if (overlap >= 0)
      return { where: `${where}.records[${overlap}].byteOffset`, expected: 'bytes of no other tensor' }
  }
  return tensorCount === 0 ? { where: 'records', expected: 'at least one tensor' } : undefined
}

/** The index of the first tensor that begins inside another; -1 for none. */
function firstOverlap(tensors: readonly MlcTensor[]): number {
  const order = [...tensors.keys()].sort((a, b) => offsetOf(tensors, a) - offsetOf(tensors, b))
  let end = 0
  for (const index of order) {
    const begin = offsetOf(tensors, index)
    if (begin < end) return index
    end = begin + (tensors[index]?.nbytes ?? 0)
  }
  return -1
}

function offsetOf(tensors: readonly MlcTensor[], index: number): number {
  return tensors[index]?.byteOffset ?? 0
}

function elements(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1)
}

function bytesPerElement(dtype: string): number {
  return dtype === 'bool' ? 1 : Number(/\d+$/.exec(dtype)?.[0] ?? 8) / 8
}

function graphicsBytes({ shape, dtype }: MlcTensor): number {
  return elements(shape) * bytesPerElement(dtype)
}

function storedBytes(tensor: MlcTensor): number {
  const isPacked = tensor.format === 'f32-to-bf16' && tensor.dtype === 'float32'
  return isPacked ? elements(tensor.shape) * 2 : graphicsBytes(tensor)
}
