/** A tar archive written entry by entry, each with its SHA-256. */
import { TAR_END_BYTES, TAR_BLOCK_BYTES, tarHeader, tarPadding } from '#core/model/tar'
import type { Sha256 } from '#core/sha256'
import type { ByteSink } from './byte-sink'

/** Text gathered before it is encoded, hashed and written: a call for each line would cost more than its work. */
const BATCH_LENGTH = 1_000_000

/** All files of an archive have the same time, so that the same content gives the same bytes. */
const MODIFIED_SECONDS = 0

export interface WrittenEntry {
  path: string
  bytes: number
  sha256: string
}

/** One entry at a time. Texts are written without waiting; `newHash` gives the hash of the next entry. */
export class ArchiveWriter {
  readonly #sink: ByteSink
  readonly #newHash: () => Sha256
  readonly #encoder = new TextEncoder()
  #size = 0
  #open: { path: string; headerAt: number; hash: Sha256; text: string } | null = null

  constructor(sink: ByteSink, newHash: () => Sha256) {
    this.#sink = sink
    this.#newHash = newHash
  }

  begin(path: string): void {
    this.#open = { path, headerAt: this.#size, hash: this.#newHash(), text: '' }
    // The header tells the size, which is known at the end.
    this.#write(new Uint8Array(TAR_BLOCK_BYTES))
  }

  text(text: string): void {
    const open = this.#entry()
    open.text += text
    if (open.text.length >= BATCH_LENGTH) this.#flush()
  }

  bytes(bytes: Uint8Array<ArrayBuffer>): void {
    this.#flush()
    this.#entry().hash.update(bytes)
    this.#write(bytes)
  }

  end(): WrittenEntry {
    this.#flush()
    const { path, headerAt, hash } = this.#entry()
    this.#open = null
    const bytes = this.#size - headerAt - TAR_BLOCK_BYTES
    const header = tarHeader(path, bytes, MODIFIED_SECONDS)
    if (!header.ok) throw new RangeError(`${path}: ${header.failure.kind}`)
    this.#sink.write(header.value, headerAt)
    this.#write(new Uint8Array(tarPadding(bytes)))
    return { path, bytes, sha256: hash.hex() }
  }

  /** The finished archive. */
  finish(): Promise<Blob> {
    this.#write(new Uint8Array(TAR_END_BYTES))
    return this.#sink.close()
  }

  #entry() {
    if (!this.#open) throw new Error('no entry was begun')
    return this.#open
  }

  #flush(): void {
    const open = this.#entry()
    if (open.text === '') return
    const bytes = this.#encoder.encode(open.text)
    open.text = ''
    open.hash.update(bytes)
    this.#write(bytes)
  }

  #write(bytes: Uint8Array<ArrayBuffer>): void {
    if (bytes.length > 0) this.#sink.write(bytes, this.#size)
    this.#size += bytes.length
  }
}
