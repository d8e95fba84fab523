/** Converts a checkpoint into the model store, shard by shard; no byte of it is stored as it was. */
import type { ShardSums } from '#core/convert/convert-shard'
import { tensorCacheJson } from '#core/convert/manifest'
import type { PlannedShard } from '#core/convert/plan'
import type { Preparation } from '#core/convert/prepare'
import type { ByteSink, CheckpointSource } from '#core/convert/source'
import { chatConfigJson, MANIFEST } from '#core/convert/stored-plan'
import type { ModelFailure, ModelResult } from '#core/model/failure'
import { MLC_CONFIG } from '#core/model/mlc-config'
import { encodeUtf8 } from '#core/model/utf8'
import type { StoredFile, StoredModel } from '#core/model/stored'
import { failure, success } from '#core/result'
import type { ModelFiles } from '#data/model-files'
import { createPackKernel } from '#data/pack-kernel'
import { createSha256 } from '#data/sha256'
import type { ModelProgress } from '../model-api'
import { ChosenSource } from './chosen-source'
import { fillFile } from './fill-file'
import { PIECE_BYTES, readBytes } from './import-read'
import { ShardThread, threadsHere } from './shard-threads'
import { writeShard } from './write-shard'

export interface ConvertPorts {
  files: Pick<ModelFiles, 'openSink' | 'storedBytes'>
  /** Free space for this site in bytes; null where the browser does not say. */
  availableBytes(): Promise<number | null>
  /** Records what has become known of a file. */
  onFile(file: StoredFile): Promise<void>
  onProgress(progress: Omit<Extract<ModelProgress, { kind: 'converting' }>, 'waiting'>): void
}

export interface Conversion {
  source: CheckpointSource
  prepared: Preparation
  /** A library of the user's own. */
  library: File | null
}

/**
 * `model` is the record of the conversion's plan. A shard that its record vouches for and that has its size on the
 * disk is kept; all others are made from their beginning. The manifest comes last. Published libraries stay absent.
 */
export async function convertCheckpoint(
  model: StoredModel,
  conversion: Conversion,
  ports: ConvertPorts,
  signal: AbortSignal,
): Promise<ModelResult<void>> {
  const stored = await ports.files.storedBytes(model.id)
  const sums: Record<string, ShardSums> = {}
  for (const file of model.files) {
    const known = sumsOf(file)
    if (known && stored.get(file.path) === file.bytes) sums[file.path] = known
  }
  const missing = model.files.filter(({ path, url }) => url === null && !(path in sums))
  const full = await shortOfSpace(missing, stored, ports)
  if (full) return failure(full)
  const writer = { model, ports, signal }
  const converted = await convertShards(writer, conversion, sums)
  if (!converted.ok) return converted
  const { source, prepared, library } = conversion
  for (const { path, bytes } of prepared.copies) {
    const copied = await writePieces(writer, path, piecesOf(source, path, bytes, signal))
    if (!copied.ok) return copied
  }
  const ownLibrary = model.files.find(({ role, url }) => role === 'library' && url === null)
  const libraryBytes = ownLibrary && library ? await readBytes(ownLibrary.path, library) : null
  if (libraryBytes && !libraryBytes.ok) return libraryBytes
  const small: [string, Uint8Array<ArrayBuffer>][] = [
    ...(ownLibrary && libraryBytes
      ? [[ownLibrary.path, libraryBytes.value] as [string, Uint8Array<ArrayBuffer>]]
      : []),
    [MLC_CONFIG, encodeUtf8(chatConfigJson(prepared))],
    [MANIFEST, encodeUtf8(tensorCacheJson(prepared.plan, sums))],
  ]
  for (const [path, bytes] of small) {
    const written = await writePieces(writer, path, [success(bytes)])
    if (!written.ok) return written
  }
  return success(undefined)
}

interface Writer {
  model: StoredModel
  ports: ConvertPorts
  signal: AbortSignal
}

/** Adds the sums of each shard to `sums`. Shards of files on this computer are made beside each other. */
async function convertShards(
  writer: Writer,
  { source, prepared }: Conversion,
  sums: Record<string, ShardSums>,
): Promise<ModelResult<void>> {
  const { shards, sourceBytes: totalBytes } = prepared.plan
  const { ports, signal } = writer
  const waiting = shards.filter(({ path }) => !(path in sums))
  source.expect?.(waiting, signal)
  let doneBytes = totalBytes - waiting.reduce((sum, { sourceBytes }) => sum + sourceBytes, 0)
  ports.onProgress({ kind: 'converting', tensor: waiting[0]?.units[0]?.name ?? '', doneBytes, totalBytes })
  const onBlock = (tensor: string, bytes: number) => {
    doneBytes += bytes
    ports.onProgress({ kind: 'converting', tensor, doneBytes, totalBytes })
  }
  const lanes = openLanes(writer, source, waiting.length)
  const failed = new AbortController()
  const ending = AbortSignal.any([signal, failed.signal])
  let problem: ModelFailure | undefined
  await Promise.all(
    lanes.map(async (lane) => {
      for (let shard = waiting.shift(); shard && !problem; shard = waiting.shift()) {
        const { path } = shard
        const written = await writeFile(writer, path, () => lane.convert(shard, onBlock, ending))
        if (written.ok) sums[path] = written.value
        // The others end because of the first; that is what there is to tell.
        else problem ??= written.failure
        if (!written.ok) failed.abort()
      }
      lane.end()
    }),
  )
  return problem ? failure(problem) : success(undefined)
}

/** Where shards are converted, one at a time each. */
interface Lane {
  convert(
    shard: PlannedShard,
    onBlock: (tensor: string, sourceBytes: number) => void,
    signal: AbortSignal,
  ): Promise<ModelResult<ShardSums>>
  end(): void
}

/** Threads for files that other threads can read, else this one. */
function openLanes({ model, ports }: Writer, source: CheckpointSource, shards: number): Lane[] {
  const threads = source instanceof ChosenSource ? Math.min(threadsHere(), shards) : 1
  if (source instanceof ChosenSource && threads > 1)
    return Array.from({ length: threads }, () => {
      const thread = new ShardThread()
      return {
        convert: (shard, onBlock, signal) => thread.convert(model.id, shard, source.chosen, onBlock, signal),
        end: () => thread.end(),
      }
    })
  const here = { files: ports.files, source, kernel: createPackKernel() }
  const convert: Lane['convert'] = (shard, onBlock, signal) =>
    writeShard(model.id, shard, here, onBlock, signal)
  return [{ convert, end: () => undefined }]
}

type Pieces =
  AsyncIterable<ModelResult<Uint8Array<ArrayBuffer>>> | Iterable<ModelResult<Uint8Array<ArrayBuffer>>>

async function* piecesOf(source: CheckpointSource, path: string, bytes: number, signal: AbortSignal) {
  for (let at = 0; at < bytes; at += PIECE_BYTES) {
    yield await source.read(path, at, Math.min(bytes, at + PIECE_BYTES), signal)
  }
}

async function writePieces(writer: Writer, path: string, pieces: Pieces): Promise<ModelResult<void>> {
  const { model, ports, signal } = writer
  const fill = async (sink: ByteSink) => {
    const hash = await createSha256()
    let bytes = 0
    for await (const piece of pieces) {
      if (signal.aborted) return failure({ kind: 'aborted' } as const)
      if (!piece.ok) return piece
      const appended = await sink.write(piece.value)
      if (!appended.ok) return appended
      hash.update(piece.value)
      bytes += piece.value.length
    }
    return success({ bytes, md5: null, sha256: hash.hex() })
  }
  const written = await writeFile(writer, path, (file) =>
    fillFile(ports.files, model.id, path, file.bytes, fill),
  )
  return written.ok ? success(undefined) : written
}

/** Has a file written, and vouches for it when it is whole and on the disk. */
async function writeFile<Sums extends Omit<ShardSums, 'md5'> & { md5: string | null }>(
  { model, ports }: Writer,
  path: string,
  write: (file: StoredFile) => Promise<ModelResult<Sums>>,
): Promise<ModelResult<Sums>> {
  const file = model.files.find((each) => each.path === path)
  if (!file) return failure({ kind: 'conversion-differs', path })
  const absent: StoredFile = { ...file, state: 'absent', expected: null, sha256: null, etag: null }
  if (file.state !== 'absent') await ports.onFile(absent)
  const written = await write(file)
  if (!written.ok) return written
  const { bytes, md5, sha256 } = written.value
  const expected = md5 === null ? null : ({ algorithm: 'md5', hex: md5 } as const)
  await ports.onFile({ ...absent, state: 'verified', bytes, expected, sha256 })
  return written
}

/** Of a shard that is whole by its record; its MD5 stands in the manifest. */
function sumsOf({ role, state, bytes, expected, sha256 }: StoredFile): ShardSums | null {
  if (role !== 'weights' || state !== 'verified' || bytes === null || sha256 === null) return null
  return expected?.algorithm === 'md5' ? { bytes, md5: expected.hex, sha256 } : null
}

async function shortOfSpace(
  missing: readonly StoredFile[],
  stored: ReadonlyMap<string, number>,
  ports: ConvertPorts,
): Promise<ModelFailure | undefined> {
  // What is on the disk of these files already makes room for what replaces it.
  const neededBytes = missing.reduce(
    (sum, { path, bytes }) => sum + Math.max(0, (bytes ?? 0) - (stored.get(path) ?? 0)),
    0,
  )
  const availableBytes = await ports.availableBytes()
  if (availableBytes === null || neededBytes <= availableBytes) return undefined
  return { kind: 'storage-full', neededBytes, availableBytes }
}
