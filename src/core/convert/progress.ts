/** somnus-convert.json: what a conversion has written, so that it can go on, and the SHA-256 of what it wrote. */
import * as v from 'valibot'
import type { ModelResult } from '../model/failure'
import { parseFile } from '../model/parse-file'
import { encodeUtf8 } from '../model/utf8'
import { success } from '../result'
import type { Sha256 } from '../sha256'
import type { ShardSums } from './convert-shard'
import { rowsOfUnit, type ConversionPlan } from './plan'
import type { CheckpointSource } from './source'

export const PROGRESS_FILE = 'somnus-convert.json'
export const PROGRESS_LIMIT_BYTES = 16 * 2 ** 20
const VERSION = 1
/** Pieces of each file of weights that are looked at: fine-tuned weights differ in some of them. */
const SAMPLES = 8
const SAMPLE_BYTES = 16 * 2 ** 10

const Hex = (digits: number) => v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${digits}}$`)))

const Hash = v.object({ algorithm: v.picklist(['sha256', 'md5', 'git-sha1']), hex: v.string() })

/** Where original weights were read from. */
const OriginSchema = v.object({
  address: v.string(),
  /** The commit, where the host tells one. */
  revision: v.nullable(v.string()),
  files: v.array(
    v.object({
      path: v.string(),
      bytes: v.number(),
      /** Null where the host tells none. */
      hash: v.nullable(Hash),
      etag: v.nullable(v.string()),
    }),
  ),
})

const ProgressSchema = v.object({
  version: v.literal(VERSION),
  /** Tells one conversion from all others: source, quantization and layout. */
  conversion: Hex(64),
  /** Missing for a folder. */
  source: v.optional(OriginSchema),
  /** Whole shards by their path. */
  shards: v.record(v.string(), v.object({ bytes: v.number(), md5: Hex(32), sha256: Hex(64) })),
})

export type ConversionProgress = v.InferOutput<typeof ProgressSchema>

export type SourceOrigin = v.InferOutput<typeof OriginSchema>

/** @param source null: a folder */
export function emptyProgress(conversion: string, source: SourceOrigin | null): ConversionProgress {
  return { version: VERSION, conversion, ...(source && { source }), shards: {} }
}

export function readProgress(text: string): ModelResult<ConversionProgress> {
  return parseFile(PROGRESS_FILE, text, ProgressSchema)
}

export function withShard(progress: ConversionProgress, path: string, sums: ShardSums): ConversionProgress {
  return { ...progress, shards: { ...progress.shards, [path]: sums } }
}

/** The same text in whatever order the shards were written. */
export function progressJson(progress: ConversionProgress): string {
  const shards = Object.entries(progress.shards).sort(([one], [other]) => (one < other ? -1 : 1))
  return `${JSON.stringify({ ...progress, shards: Object.fromEntries(shards) }, null, 1)}\n`
}

/**
 * SHA-256 (hex) of the plan and of samples of all files of weights. Another checkpoint of the same shape has other
 * weights, and shards of two must never be mixed.
 */
export async function identify(
  plan: ConversionPlan,
  source: CheckpointSource,
  hash: Sha256,
  signal: AbortSignal,
): Promise<ModelResult<string>> {
  hash.update(encodeUtf8(JSON.stringify(plan)))
  const files = await source.files(signal)
  if (!files.ok) return files
  const used = new Set(plan.shards.flatMap(({ units }) => units.flatMap(rowsOfUnit).map(({ path }) => path)))
  for (const path of [...used].sort()) {
    const bytes = files.value.find((file) => file.path === path)?.bytes ?? 0
    const length = Math.min(SAMPLE_BYTES, bytes)
    // At once: a source that is far away answers each after a while.
    const samples = Array.from({ length: SAMPLES }, (_, sample) => {
      const begin = Math.floor(((bytes - length) * sample) / (SAMPLES - 1))
      return source.read(path, begin, begin + length, signal)
    })
    for (const read of await Promise.all(samples)) {
      if (!read.ok) return read
      hash.update(read.value)
    }
  }
  return success(hash.hex())
}
