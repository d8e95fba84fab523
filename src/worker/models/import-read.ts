/** Reading files that a person chose: they lie on a disk that may be pulled out. */
import type { ModelResult } from '#core/model/failure'
import type { FileHash } from '#core/model/stored'
import { failure, success } from '#core/result'
import { createMd5 } from '#data/md5'
import { createSha256 } from '#data/sha256'

/** Read at a time: small beside the memory of a phone, large beside the cost of a call. */
export const PIECE_BYTES = 4 * 2 ** 20

export async function readBytes(
  path: string,
  blob: Blob,
  limitBytes = Infinity,
): Promise<ModelResult<Uint8Array<ArrayBuffer>>> {
  if (blob.size > limitBytes) return failure({ kind: 'too-large', bytes: blob.size, limitBytes })
  try {
    return success(new Uint8Array(await blob.arrayBuffer()))
  } catch (error) {
    return failure({ kind: 'file-unreadable', path, detail: String(error) })
  }
}

export async function readText(path: string, file: File, limitBytes: number): Promise<ModelResult<string>> {
  const bytes = await readBytes(path, file, limitBytes)
  return bytes.ok ? success(new TextDecoder().decode(bytes.value)) : bytes
}

export interface FileDigest {
  sha256: string
  /** By the algorithm that was expected; the SHA-256 where nothing was. */
  actual: string
}

/**
 * Reads a file once, from its beginning, giving each piece to `onPiece`, whose failure ends it. Git's hash is not
 * computed: files on a disk never come with one.
 */
export async function readPieces(
  path: string,
  file: File,
  expected: FileHash | null,
  onPiece: (bytes: Uint8Array<ArrayBuffer>) => ModelResult<void> | Promise<ModelResult<void>>,
  signal: AbortSignal,
): Promise<ModelResult<FileDigest>> {
  const sha256 = await createSha256()
  const md5 = expected?.algorithm === 'md5' ? await createMd5() : undefined
  const pieceAt = (at: number) => readBytes(path, file.slice(at, at + PIECE_BYTES))
  let reading = pieceAt(0)
  for (let at = 0; at < file.size; at += PIECE_BYTES) {
    if (signal.aborted) return failure({ kind: 'aborted' })
    const piece = await reading
    if (!piece.ok) return piece
    // A slow disk reads on while this piece is hashed and written.
    if (at + PIECE_BYTES < file.size) reading = pieceAt(at + PIECE_BYTES)
    sha256.update(piece.value)
    md5?.update(piece.value)
    const taken = await onPiece(piece.value)
    if (!taken.ok) return taken
  }
  if (signal.aborted) return failure({ kind: 'aborted' })
  const hex = sha256.hex()
  return success({ sha256: hex, actual: md5?.hex() ?? hex })
}

/** The SHA-256 of a file, told to `onBytes` as it goes. */
export async function sha256OfFile(
  path: string,
  file: File,
  onBytes: (doneBytes: number) => void,
  signal: AbortSignal,
): Promise<ModelResult<string>> {
  let doneBytes = 0
  const digest = await readPieces(
    path,
    file,
    null,
    ({ length }) => {
      doneBytes += length
      onBytes(doneBytes)
      return success(undefined)
    },
    signal,
  )
  return digest.ok ? success(digest.value.sha256) : digest
}
