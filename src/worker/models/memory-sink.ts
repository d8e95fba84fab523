/** Fetched bytes that stay in memory. */
import type { ModelResult } from '#core/model/failure'
import { failure, success } from '#core/result'
import type { FileSink } from '#data/model-files'

const FIRST_BYTES = 64 * 1024

/** Grows as bytes come; more than the limit end the download. */
export class MemorySink implements FileSink {
  #bytes: Uint8Array<ArrayBuffer>
  #size = 0
  readonly #limitBytes: number

  /** @param expectedBytes room that is made at once */
  constructor(limitBytes: number, expectedBytes = FIRST_BYTES) {
    this.#limitBytes = limitBytes
    this.#bytes = new Uint8Array(expectedBytes)
  }
  get size(): number {
    return this.#size
  }
  append(bytes: Uint8Array<ArrayBuffer>): ModelResult<void> {
    const size = this.#size + bytes.length
    if (size > this.#limitBytes)
      return failure({ kind: 'too-large', bytes: size, limitBytes: this.#limitBytes })
    if (size > this.#bytes.length) {
      const larger = new Uint8Array(Math.max(size, this.#bytes.length * 2))
      larger.set(this.#bytes.subarray(0, this.#size))
      this.#bytes = larger
    }
    this.#bytes.set(bytes, this.#size)
    this.#size = size
    return success(undefined)
  }
  truncate(size: number): void {
    this.#size = size
  }
  read(at: number, length: number): Uint8Array<ArrayBuffer> {
    return this.#bytes.slice(at, Math.min(at + length, this.#size))
  }
  flush(): void {
    // There is nothing to make safe.
  }
  close(): void {
    // There is nothing to free.
  }
  /** Without a copy where the room was just right. */
  all(): Uint8Array<ArrayBuffer> {
    return this.#bytes.length === this.#size ? this.#bytes : this.#bytes.slice(0, this.#size)
  }
}
