/** A checkpoint at an address. Of its weights only what is read is fetched, and none of it is stored. */
import { planFetches, type FetchPiece } from '#core/convert/fetch-plan'
import type { PlannedShard } from '#core/convert/plan'
import type { CheckpointFile, CheckpointSource } from '#core/convert/source'
import { TOKENIZER_LIMIT_BYTES } from '#core/convert/tokenizer'
import type { HubFile } from '#core/model/hub-tree'
import type { ModelFailure, ModelResult } from '#core/model/failure'
import { mirrored } from '#core/model/mirror'
import { fileInvalid } from '#core/model/parse-file'
import type { FileHash, SourceFile } from '#core/model/stored'
import { failure, success } from '#core/result'
import { TRANSFER_LIMITS, type TransferLimits } from '#core/transfer/limits'
import { sameValidator } from '#core/transfer/version'
import type { FetchPorts } from './fetch-ports'
import { fetchSmall } from './inspect-fetch'
import type { RemoteFolder } from './inspect-remote'
import { PiecesAhead } from './pieces-ahead'
import { fetchRange } from './range-fetch'
import { findCheckpointFiles } from './remote-listing'

/** Fetched with the first bytes of a file of weights: its header, in most cases. */
const HEADER_BYTES = 64 * 2 ** 10

type Bytes = Uint8Array<ArrayBuffer>
export type SourceWaiting = { reason: ModelFailure; retryAt: number | null } | null

export interface RemoteCheckpointOptions {
  folder: RemoteFolder
  mirror: string | null
  ports: FetchPorts
  /** The files that an earlier conversion read: they must still be the same. */
  known?: readonly SourceFile[]
  /** Null: it goes on. */
  onWaiting?: (waiting: SourceWaiting) => void
  limits?: TransferLimits
}

export class RemoteCheckpoint implements CheckpointSource {
  readonly #options: RemoteCheckpointOptions
  readonly #closing = new AbortController()
  readonly #tags = new Map<string, string>()
  readonly #small = new Map<string, Promise<ModelResult<Bytes>>>()
  /** SHA-256 of small files, which were fetched as a whole. */
  readonly #sums = new Map<string, string>()
  readonly #waits = new Map<FetchPiece, NonNullable<SourceWaiting> | null>()
  #listing: Promise<ModelResult<CheckpointFile[]>> | undefined
  /** Read before the weights are expected, and again for each quantization that is offered. */
  #kept: (FetchPiece & { bytes: Promise<ModelResult<Bytes>> })[] = []
  #ahead: PiecesAhead | undefined
  /** Bytes fetched, and the milliseconds that it took, of the largest small file: how fast the host is. */
  #pace: { bytes: number; ms: number } | null = null

  constructor(options: RemoteCheckpointOptions) {
    this.#options = options
    for (const { path, etag } of options.known ?? []) if (etag !== null) this.#tags.set(path, etag)
  }

  /** Null where too little was fetched to tell. */
  get bytesPerSecond(): number | null {
    const { bytes, ms } = this.#pace ?? { bytes: 0, ms: 0 }
    return bytes >= MEASURED_BYTES && ms > 0 ? (bytes / ms) * 1000 : null
  }

  files(signal: AbortSignal): Promise<ModelResult<CheckpointFile[]>> {
    this.#listing ??= this.#list(signal)
    return this.#listing
  }

  async read(path: string, begin: number, end: number, signal: AbortSignal): Promise<ModelResult<Bytes>> {
    if (!isWeights(path)) return this.#readSmall(path, begin, end, signal)
    const ahead = await this.#ahead?.read(path, begin, end)
    if (ahead) return ahead
    const kept = this.#kept.find((each) => each.path === path && each.begin <= begin && each.end >= end)
    if (kept) return sliced(await kept.bytes, begin - kept.begin, end - kept.begin)
    const size = await this.#sizeOf(path, signal)
    if (!size.ok) return size
    const to = begin === 0 ? Math.min(size.value, Math.max(end, HEADER_BYTES)) : end
    const piece = { path, begin, end: to, neededBytes: to - begin }
    const bytes = this.#fetch(piece, signal)
    if (!this.#ahead) this.#kept.push({ ...piece, bytes })
    return sliced(await bytes, 0, end - begin)
  }

  async readText(
    path: string,
    begin: number,
    end: number,
    signal: AbortSignal,
  ): Promise<ModelResult<string>> {
    const bytes = await this.read(path, begin, end, signal)
    if (!bytes.ok) return bytes
    try {
      return success(new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes.value))
    } catch {
      return failure(fileInvalid(path, null, 'UTF-8'))
    }
  }

  expect(shards: readonly PlannedShard[], signal: AbortSignal): void {
    this.#kept = []
    this.#ahead = new PiecesAhead(planFetches(shards), (piece) => this.#fetch(piece, signal))
  }

  /** What is known of the files of weights, and of the small files that were read. */
  async sourceFiles(signal: AbortSignal): Promise<ModelResult<SourceFile[]>> {
    const listed = await this.files(signal)
    if (!listed.ok) return listed
    return success(
      listed.value
        .filter(({ path }) => isWeights(path) || this.#sums.has(path))
        .map(({ path, bytes }) => ({
          path,
          bytes,
          hash: this.#hashOf(path),
          etag: this.#tags.get(path) ?? null,
        })),
    )
  }

  /** Ends what is under way. */
  close(): void {
    this.#closing.abort()
  }

  #listed(path: string): HubFile | undefined {
    return this.#options.folder.files?.get(path)
  }

  #hashOf(path: string): FileHash | null {
    const sha256 = this.#sums.get(path)
    return this.#listed(path)?.hash ?? (sha256 === undefined ? null : { algorithm: 'sha256', hex: sha256 })
  }

  #urlOf(path: string): string {
    const { folder, mirror } = this.#options
    return mirrored(folder.urlOf(path), mirror)
  }

  async #list(signal: AbortSignal): Promise<ModelResult<CheckpointFile[]>> {
    const { folder, ports, limits } = this.#options
    const { stallMs } = limits ?? TRANSFER_LIMITS
    if (folder.files) {
      const own = [...folder.files.values()].filter(({ path }) => !path.includes('/'))
      return success(own.map(({ path, bytes }) => ({ path, bytes })))
    }
    const small = (path: string) => this.#fetchSmall(path, signal)
    const found = await findCheckpointFiles(small, (path) => this.#urlOf(path), ports, stallMs, signal)
    return !found.ok && found.failure.kind === 'not-a-model'
      ? failure(folder.missing ?? found.failure)
      : found
  }

  async #sizeOf(path: string, signal: AbortSignal): Promise<ModelResult<number>> {
    const listed = await this.files(signal)
    if (!listed.ok) return listed
    const file = listed.value.find((each) => each.path === path)
    return file ? success(file.bytes) : failure({ kind: 'checkpoint-incomplete', missing: [path] })
  }

  async #readSmall(
    path: string,
    begin: number,
    end: number,
    signal: AbortSignal,
  ): Promise<ModelResult<Bytes>> {
    const whole = await this.#fetchSmall(path, signal)
    if (!whole.ok) return whole
    if (end <= whole.value.length) return sliced(whole, begin, end)
    const sizes = { expectedBytes: end, actualBytes: whole.value.length }
    return failure({ kind: 'wrong-size', path, url: this.#urlOf(path), ...sizes })
  }

  /** Whole and compared with its hash, once. */
  #fetchSmall(path: string, signal: AbortSignal): Promise<ModelResult<Bytes>> {
    const known = this.#small.get(path)
    if (known) return known
    const { ports } = this.#options
    const listed = this.#listed(path)
    const begun = ports.now()
    const fetched = fetchSmall(
      {
        ...{ url: this.#urlOf(path), path, limitBytes: TOKENIZER_LIMIT_BYTES },
        ...{ bytes: listed?.bytes ?? null, expected: listed?.hash ?? null },
      },
      ports,
      AbortSignal.any([signal, this.#closing.signal]),
    ).then((file): ModelResult<Bytes> => {
      if (!file.ok) return file
      const { bytes, sha256 } = file.value
      this.#sums.set(path, sha256)
      if (bytes.length > (this.#pace?.bytes ?? 0))
        this.#pace = { bytes: bytes.length, ms: ports.now() - begun }
      return success(bytes)
    })
    this.#small.set(path, fetched)
    return fetched
  }

  async #fetch(piece: FetchPiece, signal: AbortSignal): Promise<ModelResult<Bytes>> {
    const { path, begin, end } = piece
    const { ports, folder, limits = TRANSFER_LIMITS } = this.#options
    const size = await this.#sizeOf(path, signal)
    if (!size.ok) return size
    const expected = folder.revision === null ? null : (this.#listed(path)?.hash ?? null)
    this.#tell(piece, null)
    const fetched = await fetchRange(
      {
        ...{ url: this.#urlOf(path), path, range: { begin, end, totalBytes: size.value } },
        ...{ expected, etag: this.#tags.get(path) ?? null },
      },
      (waiting) => this.#tell(piece, waiting),
      ports,
      AbortSignal.any([signal, this.#closing.signal]),
      limits,
    )
    this.#waits.delete(piece)
    if (!fetched.ok) return fetched
    const { bytes, etag } = fetched.value
    const before = this.#tags.get(path)
    if (etag !== null && before === undefined) this.#tags.set(path, etag)
    // Of several first requests at once none knew of the others.
    if (expected === null && etag !== null && before !== undefined && !sameValidator(etag, before))
      return failure({ kind: 'source-changed', path, detail: `${etag} ≠ ${before}` })
    return success(bytes)
  }

  /** It waits while every connection does; told is the wait that ends first. */
  #tell(piece: FetchPiece, waiting: SourceWaiting): void {
    this.#waits.set(piece, waiting)
    const waits = [...this.#waits.values()]
    const all = waits.flatMap((each) => (each === null ? [] : [each]))
    const [soonest = null] = all.toSorted(
      (one, other) => (one.retryAt ?? Infinity) - (other.retryAt ?? Infinity),
    )
    this.#options.onWaiting?.(all.length === waits.length ? soonest : null)
  }
}

/** Less is over before a connection has come to its speed. */
const MEASURED_BYTES = 2 ** 20

function isWeights(path: string): boolean {
  return path.endsWith('.safetensors')
}

function sliced(bytes: ModelResult<Bytes>, begin: number, end: number): ModelResult<Bytes> {
  return bytes.ok ? success(bytes.value.slice(begin, end)) : bytes
}
