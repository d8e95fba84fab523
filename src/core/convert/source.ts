/** What a conversion needs of the world around it. */
import type { ModelResult } from '../model/failure'
import type { Sha256 } from '../sha256'
import type { PackProblem } from './pack'

export interface CheckpointFile {
  /** Relative, with "/" between folders. */
  path: string
  bytes: number
}

/** A checkpoint's files, wherever they lie. */
export interface CheckpointSource {
  files(signal: AbortSignal): Promise<ModelResult<CheckpointFile[]>>
  /** Exactly the bytes [begin, end) of a file; fails rather than giving fewer. */
  read(
    path: string,
    begin: number,
    end: number,
    signal: AbortSignal,
  ): Promise<ModelResult<Uint8Array<ArrayBuffer>>>
  /** The same bytes as a text; fails where they are no UTF-8. Core has no decoder for megabytes. */
  readText(path: string, begin: number, end: number, signal: AbortSignal): Promise<ModelResult<string>>
}

/** Takes the bytes of one file in their order. They may be reused once the promise has settled. */
export interface ByteSink {
  write(bytes: Uint8Array<ArrayBuffer>): Promise<ModelResult<void>>
}

/** A hash fed piece by piece (MD5 for MLC's manifest, SHA-256 for ours). */
export type PieceHash = Sha256

/** `packGroups` of pack.ts, or a faster one with the same results. */
export type PackKernel = (
  weights: Float32Array,
  count: number,
  words: Uint32Array,
  scales: Uint16Array | Float32Array,
) => PackProblem | null
