/** Reads the little-endian values of a GGUF header from bytes that arrive in pieces, within a bound. */

/** Gives bytes of a file; fewer than asked at its end. May throw what its source throws. */
export type ReadBytes = (offset: number, length: number) => Promise<Uint8Array>

/** Why a header cannot be read; only this folder's readers see it. */
export class HeaderProblem extends Error {
  readonly expected: string

  constructor(expected: string) {
    super(expected)
    this.expected = expected
  }
}

const HIGH = 2 ** 32

export class GgufCursor {
  #bytes = new Uint8Array(0)
  #view = new DataView(this.#bytes.buffer)
  /** File offset of the first byte in `#bytes`. */
  #start = 0
  #at = 0
  readonly #read: ReadBytes
  readonly #limitBytes: number
  readonly #pieceBytes: number

  /** `limitBytes`: no byte at or after it is read. `pieceBytes`: read at a time. */
  constructor(read: ReadBytes, limitBytes: number, pieceBytes: number) {
    this.#read = read
    this.#limitBytes = limitBytes
    this.#pieceBytes = pieceBytes
  }

  /** Offset in the file. */
  get position(): number {
    return this.#start + this.#at
  }

  /** Whether so many bytes can be read without waiting. */
  has(count: number): boolean {
    return this.#at + count <= this.#bytes.length
  }

  /** Makes so many bytes readable. */
  async need(count: number): Promise<void> {
    if (this.has(count)) return
    if (this.position + count > this.#limitBytes)
      throw new HeaderProblem(`a header of at most ${this.#limitBytes} bytes`)
    const rest = this.#bytes.subarray(this.#at)
    const wanted = Math.max(count - rest.length, this.#pieceBytes)
    const next = await this.#read(this.position + rest.length, wanted)
    const joined = new Uint8Array(rest.length + next.length)
    joined.set(rest)
    joined.set(next, rest.length)
    this.#start = this.position
    this.#at = 0
    this.#bytes = joined
    this.#view = new DataView(joined.buffer)
    if (joined.length < count) throw new HeaderProblem('more bytes: the file ends early')
  }

  /** Goes on by so many bytes without keeping them. */
  skip(count: number): void {
    if (this.has(count)) this.#at += count
    else {
      if (this.position + count > this.#limitBytes)
        throw new HeaderProblem(`a header of at most ${this.#limitBytes} bytes`)
      this.#start = this.position + count
      this.#at = 0
      this.#bytes = new Uint8Array(0)
    }
  }

  uint32(): number {
    this.#at += 4
    return this.#view.getUint32(this.#at - 4, true)
  }

  /** Exact up to 2^53; larger values are refused, for they are lengths. */
  length(): number {
    const low = this.uint32()
    const value = this.uint32() * HIGH + low
    if (!Number.isSafeInteger(value)) throw new HeaderProblem('a length below 2^53')
    return value
  }

  number(read: (view: DataView, at: number) => number | bigint, bytes: number): number {
    this.#at += bytes
    return Number(read(this.#view, this.#at - bytes))
  }

  bytes(count: number): Uint8Array {
    this.#at += count
    return this.#bytes.subarray(this.#at - count, this.#at)
  }
}
