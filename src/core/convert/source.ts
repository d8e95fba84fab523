/** What a conversion needs of the world around it. */
import type { ModelResult } from '../model/failure'
import type { Sha256 } from '../sha256'
import type { PlannedShard } from './plan'
import type { SourceFormat } from './number-format'
import type { PackProblem } from './pack'

export interface CheckpointFile {
  /** Relative, with "/" between folders. */
  path: string
  bytes: number
}

/** A checkpoint's files, wherever they lie. */
export interface CheckpointSource {
  files(signal: AbortSignal): Promise<ModelResult<CheckpointFile[]>>
  /**
   * Exactly the bytes [begin, end) of a file; fails rather than giving fewer. They may lie in `room`, where it has
   * room for them: garbage of megabytes is collected late.
   */
  read(
    path: string,
    begin: number,
    end: number,
    signal: AbortSignal,
    room?: Uint8Array<ArrayBuffer>,
  ): Promise<ModelResult<Uint8Array<ArrayBuffer>>>
  /** The same bytes as a text; fails where they are no UTF-8. Core has no decoder for megabytes. */
  readText(path: string, begin: number, end: number, signal: AbortSignal): Promise<ModelResult<string>>
  /** What will be read next, each tensor once, until the signal aborts: a source that is far away fetches it ahead. */
  expect?(shards: readonly PlannedShard[], signal: AbortSignal): void
}

/** Takes the bytes of one file in their order. They may be reused once the promise has settled. */
export interface ByteSink {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<ModelResult<void>>
}

/** A hash fed piece by piece (MD5 for MLC's manifest, SHA-256 for ours). */
export type PieceHash = Sha256

/**
 * Packs whole groups of numbers of a checkpoint (little-endian bytes) to 4 bits: one word for 8 numbers, one scale a
 * group (float16 bits for a Uint16Array). Gives the first obstacle, with its index in `source` in numbers. All
 * kernels give the same bits.
 */
export type PackKernel = (
  format: SourceFormat,
  source: Uint8Array<ArrayBuffer>,
  words: Uint32Array,
  scales: Uint16Array | Float32Array,
) => PackProblem | null
