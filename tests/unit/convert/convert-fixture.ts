/** A whole conversion in memory. */
import { createHash } from 'node:crypto'
import { openCheckpoint } from '#core/convert/checkpoint'
import { convertShard, type ShardSums } from '#core/convert/convert-shard'
import { tensorCacheJson } from '#core/convert/manifest'
import { typescriptKernel } from '#core/convert/pack'
import { planConversion, type ConversionPlan } from '#core/convert/plan'
import type { Quantization } from '#core/convert/quantization'
import type { CheckpointSource } from '#core/convert/source'
import type { ModelResult } from '#core/model/failure'
import { success } from '#core/result'
import { memorySource, never, type Files } from './safetensors-fixture'

export function nodeHash(algorithm: 'md5' | 'sha256') {
  const hash = createHash(algorithm)
  return { update: (bytes: Uint8Array) => void hash.update(bytes), hex: () => hash.digest('hex') }
}

export async function planOf(files: Files, quantization: Quantization): Promise<ConversionPlan> {
  const opened = await openCheckpoint(memorySource(files), never)
  if (!opened.ok) throw new Error(JSON.stringify(opened.failure))
  const planned = planConversion(opened.value, quantization)
  if (!planned.ok) throw new Error(JSON.stringify(planned.failure))
  return planned.value
}

export interface Converted {
  plan: ConversionPlan
  shards: Map<string, Buffer>
  sums: Record<string, ShardSums>
  manifest: string
  /** Largest piece that was written at once, in bytes. */
  largestPiece: number
}

export async function convert(
  files: Files,
  quantization: Quantization,
  source: CheckpointSource = memorySource(files),
  signal: AbortSignal = never,
): Promise<ModelResult<Converted>> {
  return convertPlan(await planOf(files, quantization), source, signal)
}

export async function convertPlan(
  plan: ConversionPlan,
  source: CheckpointSource,
  signal: AbortSignal = never,
): Promise<ModelResult<Converted>> {
  const shards = new Map<string, Buffer>()
  const sums: Record<string, ShardSums> = {}
  let largestPiece = 0
  for (const shard of plan.shards) {
    const pieces: Uint8Array[] = []
    const done = await convertShard(
      shard,
      {
        ...{ source, kernel: typescriptKernel, md5: nodeHash('md5'), sha256: nodeHash('sha256') },
        sink: {
          write: (bytes) => {
            pieces.push(bytes.slice())
            largestPiece = Math.max(largestPiece, bytes.length)
            return Promise.resolve(success(undefined))
          },
        },
        onProgress: () => undefined,
      },
      signal,
    )
    if (!done.ok) return done
    shards.set(shard.path, Buffer.concat(pieces))
    sums[shard.path] = done.value
  }
  return success({ plan, shards, sums, manifest: tensorCacheJson(plan, sums), largestPiece })
}

/** As `convert`, which must not fail. */
export async function converted(files: Files, quantization: Quantization): Promise<Converted> {
  const result = await convert(files, quantization)
  if (!result.ok) throw new Error(JSON.stringify(result.failure))
  return result.value
}
