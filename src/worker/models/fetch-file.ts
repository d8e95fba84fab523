/** Fetches one file into its sink, going on where the stored bytes end, until its size and hash are right. */
import type { ModelFailure, ModelResult } from '#core/model/failure'
import type { FileHash } from '#core/model/stored'
import { failure, success } from '#core/result'
import { backOffMs } from '#core/transfer/back-off'
import { rangeHeader, type ByteRange } from '#core/transfer/range'
import { MAX_RESTARTS, TRANSFER_LIMITS, type TransferLimits } from '#core/transfer/limits'
import type { FileSink } from '#data/model-files'
import { attemptFetch, interrupted, type AttemptOutcome } from './fetch-attempt'
import { ContentHash } from './fetch-hash'
import type { FetchPorts } from './fetch-ports'

export interface FileJob {
  url: string
  /** For messages. */
  path: string
  /** Null where the source does not say. */
  bytes: number | null
  expected: FileHash | null
  /** The validator under which the stored bytes came (see core/transfer/version). */
  etag: string | null
  /**
   * Only this part is wanted, `bytes` long; its sink holds nothing else. `expected` is the whole file's then: it cannot
   * be compared, but says that the address leads to nothing else. Missing: the whole file is wanted.
   */
  range?: ByteRange
}

export interface FetchedFile {
  bytes: number
  /** Empty for a part of a file, which no hash describes. */
  sha256: string
  etag: string | null
}

export interface FileEvents {
  /** The sink's size has changed. */
  onStored(bytes: number): void
  /** Null: it goes on. `retryAt` is null while the network is awaited. */
  onWaiting(waiting: { reason: ModelFailure; retryAt: number | null } | null): void
  /** Awaited before a byte that came under it is stored. */
  onEtag(etag: string | null): Promise<void>
}

/**
 * Neither opens nor closes the sink. Stored bytes stay whatever happens, so that the next call goes on, unless
 * they are proved wrong: then the sink is empty.
 */
export async function fetchFile(
  job: FileJob,
  sink: FileSink,
  events: FileEvents,
  ports: FetchPorts,
  signal: AbortSignal,
  limits: TransferLimits = TRANSFER_LIMITS,
): Promise<ModelResult<FetchedFile>> {
  const file = new FileTransfer(job, sink, events, ports, signal, limits)
  const result = await file.run()
  if (!result.ok && result.failure.kind !== 'aborted') events.onWaiting(null)
  return result
}

class FileTransfer {
  readonly #job: FileJob
  readonly #sink: FileSink
  readonly #events: FileEvents
  readonly #ports: FetchPorts
  readonly #signal: AbortSignal
  readonly #limits: TransferLimits
  #hash: ContentHash | undefined
  #etag: string | null
  /** Whether all that is stored came by one request, so that a fault in it is the host's. */
  #inOnePiece: boolean
  #restarts = 0
  /** Attempts in a row that brought nothing beyond the most that was ever stored. */
  #failures = 0
  #most: number
  #answered = false
  /** Where the body ended properly, yet too early; twice at the same place is the host's own end. */
  #endedAt = -1

  constructor(
    job: FileJob,
    sink: FileSink,
    events: FileEvents,
    ports: FetchPorts,
    signal: AbortSignal,
    limits: TransferLimits,
  ) {
    this.#job = job
    this.#sink = sink
    this.#events = events
    this.#ports = ports
    this.#signal = signal
    this.#limits = limits
    this.#etag = job.etag
    this.#most = sink.size
    this.#inOnePiece = sink.size === 0
  }

  async run(): Promise<ModelResult<FetchedFile>> {
    const { bytes, expected } = this.#job
    if (bytes !== null && this.#sink.size > bytes) await this.#empty()
    if (!this.#job.range) this.#hash ??= await ContentHash.begin(expected, this.#sink, this.#signal)
    for (;;) {
      const complete = bytes !== null && this.#sink.size === bytes
      const outcome: AttemptOutcome = complete ? { kind: 'ended' } : await this.#attempt()
      if (this.#signal.aborted) return failure({ kind: 'aborted' })
      const result = await this.#judge(outcome)
      if (result) return result
    }
  }

  #attempt(): Promise<AttemptOutcome> {
    const { url, bytes, expected, range = null } = this.#job
    if (this.#sink.size > 0) this.#inOnePiece = false
    return attemptFetch(
      {
        url,
        range,
        sink: this.#sink,
        part: { bytes, expected, etag: this.#etag },
        stallMs: this.#limits.stallMs,
        onRestart: () => this.#empty(),
        onValidator: async (validator) => {
          this.#etag = validator
          await this.#events.onEtag(validator)
        },
        onBytes: (chunk) => {
          this.#hash?.update(chunk)
          this.#answered = true
          if (this.#sink.size > this.#most) {
            this.#most = this.#sink.size
            this.#failures = 0
          }
          this.#events.onStored(this.#sink.size)
        },
      },
      this.#ports,
      this.#signal,
    )
  }

  /** Undefined: another attempt follows. */
  async #judge(outcome: AttemptOutcome): Promise<ModelResult<FetchedFile> | undefined> {
    switch (outcome.kind) {
      case 'aborted':
      case 'failed':
        return failure(outcome.kind === 'failed' ? this.#needed(outcome.failure) : { kind: 'aborted' })
      case 'broken':
        return this.#afterBreak(outcome.failure, outcome.retryAfterMs)
      case 'changed':
        // Other parts of it have been used already.
        if (this.#job.range) return failure(this.#changed('another size or entity tag'))
        return this.#startOver(interrupted(this.#part(), 'the file changes while it is fetched'))
      case 'too-long':
        return this.#startOver(this.#tooLong())
      case 'nothing-beyond':
        return this.#afterEnd(outcome.totalBytes === this.#sink.size)
      case 'ended':
        return this.#afterEnd(true)
    }
  }

  /** The host has nothing more; `sure` where what it has is known to end where the stored bytes end. */
  async #afterEnd(sure: boolean): Promise<ModelResult<FetchedFile> | undefined> {
    const { bytes, expected, url, path } = this.#job
    const size = this.#sink.size
    if (bytes !== null && size < bytes) {
      if (sure && this.#endedAt !== size && size > 0) {
        // It may be a proxy that gave up; the host itself will say so again.
        this.#endedAt = size
        return this.#afterBreak(interrupted(this.#part(), `ended after ${size} bytes`), null)
      }
      return this.#startOver(this.#wrongSize(size))
    }
    if (!sure && expected === null && bytes === null) {
      return this.#startOver(interrupted(this.#part(), 'the file changes while it is fetched'))
    }
    if (this.#job.range) return success({ bytes: size, sha256: '', etag: this.#etag })
    const hash = this.#hash
    if (!hash) throw new Error('The content was not hashed.')
    const { sha256, actual } = await hash.finish(expected, this.#sink, this.#signal)
    if (this.#signal.aborted) return failure({ kind: 'aborted' })
    if (expected !== null && actual !== expected.hex.toLowerCase()) {
      return this.#startOver({ kind: 'checksum-mismatch', path, url, expected, actual })
    }
    this.#sink.flush()
    return success({ bytes: size, sha256, etag: this.#etag })
  }

  async #afterBreak(
    reason: ModelFailure,
    retryAfterMs: number | null,
  ): Promise<undefined | ModelResult<never>> {
    if (reason.kind !== 'unreachable') this.#answered = true
    if (!this.#ports.isOnline()) {
      this.#events.onWaiting({ reason: { kind: 'offline', url: this.#job.url }, retryAt: null })
      await this.#ports.whenOnline(this.#signal)
    } else {
      this.#failures += 1
      const { maxAttempts, maxFirstAttempts } = this.#limits
      if (this.#failures >= (this.#answered ? maxAttempts : maxFirstAttempts)) return failure(reason)
      const wait = Math.max(retryAfterMs ?? 0, backOffMs(this.#failures, this.#ports.random()))
      this.#events.onWaiting({ reason, retryAt: this.#ports.now() + wait })
      await this.#ports.wait(wait, this.#signal)
    }
    if (this.#signal.aborted) return failure({ kind: 'aborted' })
    this.#events.onWaiting(null)
    return undefined
  }

  /** The stored bytes are wrong. Put together from parts they may be a mixture: then the whole is fetched once. */
  async #startOver(reason: ModelFailure): Promise<undefined | ModelResult<never>> {
    const again = !this.#inOnePiece && this.#restarts < MAX_RESTARTS
    await this.#empty()
    if (!again) return failure(reason)
    this.#restarts += 1
    return undefined
  }

  async #empty(): Promise<void> {
    this.#sink.truncate(0)
    this.#inOnePiece = true
    if (!this.#job.range) this.#hash = await ContentHash.begin(this.#job.expected, this.#sink, this.#signal)
    this.#events.onStored(0)
  }

  #part() {
    return { url: this.#job.url, part: { ...this.#job }, sink: this.#sink }
  }

  #changed(detail: string): ModelFailure {
    return { kind: 'source-changed', path: this.#job.path, detail }
  }

  #tooLong(): ModelFailure {
    const { url, bytes, range } = this.#job
    // What was one byte too much was not stored.
    if (!range) return this.#wrongSize((bytes ?? 0) + 1)
    return { kind: 'no-ranges', url, detail: `more than ${rangeHeader(range, 0)}` }
  }

  #wrongSize(actualBytes: number): ModelFailure {
    const { path, url, bytes } = this.#job
    return { kind: 'wrong-size', path, url, expectedBytes: bytes ?? 0, actualBytes }
  }

  /** A full disk is told with what this file still needs. */
  #needed(reason: ModelFailure): ModelFailure {
    const missing = this.#job.bytes === null ? 0 : this.#job.bytes - this.#sink.size
    return reason.kind === 'storage-full'
      ? { ...reason, neededBytes: Math.max(reason.neededBytes, missing) }
      : reason
  }
}
