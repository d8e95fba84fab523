/**
 * SHA-256 (FIPS 180-4) fed piece by piece. Web Crypto digests only whole buffers and only on secure
 * origins; a dataset or a weight file is read, or made, in pieces.
 */

const BLOCK_BYTES = 64

/** The first 32 bits of the fractional parts of `root` of the first primes (FIPS 180-4, 4.2.2 and 5.3.3). */
function primeFractions(count: number, root: (prime: number) => number): Uint32Array {
  const primes: number[] = []
  for (let candidate = 2; primes.length < count; candidate++) {
    if (primes.every((prime) => candidate % prime !== 0)) primes.push(candidate)
  }
  return Uint32Array.from(primes, (prime) => (root(prime) % 1) * 2 ** 32)
}

const K = Int32Array.from(primeFractions(64, Math.cbrt))
const INITIAL_STATE = Int32Array.from(primeFractions(8, Math.sqrt))

export class Sha256 {
  readonly #state = Int32Array.from(INITIAL_STATE)
  readonly #block = new Uint8Array(BLOCK_BYTES)
  readonly #schedule = new Int32Array(64)
  #blockLength = 0
  #totalBytes = 0

  update(bytes: Uint8Array): this {
    this.#totalBytes += bytes.length
    let offset = 0
    if (this.#blockLength > 0) {
      offset = Math.min(BLOCK_BYTES - this.#blockLength, bytes.length)
      this.#block.set(bytes.subarray(0, offset), this.#blockLength)
      this.#blockLength += offset
      if (this.#blockLength < BLOCK_BYTES) return this
      this.#compress(this.#block, 0)
      this.#blockLength = 0
    }
    for (; offset + BLOCK_BYTES <= bytes.length; offset += BLOCK_BYTES) this.#compress(bytes, offset)
    this.#block.set(bytes.subarray(offset))
    this.#blockLength = bytes.length - offset
    return this
  }

  /** The digest in lower-case hex. The instance is spent afterwards. */
  hex(): string {
    const totalBits = BigInt(this.#totalBytes) * 8n
    const zeros = (2 * BLOCK_BYTES - 9 - this.#blockLength) % BLOCK_BYTES
    const tail = new Uint8Array(1 + zeros + 8)
    tail[0] = 0x80
    new DataView(tail.buffer).setBigUint64(1 + zeros, totalBits)
    this.update(tail)
    return Array.from(this.#state, (word) => (word >>> 0).toString(16).padStart(8, '0')).join('')
  }

  /** Section 6.2.2. Indexes are in range by construction, hence the assertions. */
  #compress(bytes: Uint8Array, offset: number): void {
    const w = this.#schedule
    for (let t = 0; t < 16; t++) {
      const at = offset + 4 * t
      w[t] = (bytes[at]! << 24) | (bytes[at + 1]! << 16) | (bytes[at + 2]! << 8) | bytes[at + 3]!
    }
    for (let t = 16; t < 64; t++) {
      const x = w[t - 15]!
      const y = w[t - 2]!
      const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
      const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
      w[t] = w[t - 16]! + s0 + w[t - 7]! + s1
    }
    const state = this.#state
    let a = state[0]!
    let b = state[1]!
    let c = state[2]!
    let d = state[3]!
    let e = state[4]!
    let f = state[5]!
    let g = state[6]!
    let h = state[7]!
    for (let t = 0; t < 64; t++) {
      const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
      const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[t]! + w[t]!) | 0
      const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
      const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + t1) | 0
      d = c
      c = b
      b = a
      a = (t1 + t2) | 0
    }
    state[0]! += a
    state[1]! += b
    state[2]! += c
    state[3]! += d
    state[4]! += e
    state[5]! += f
    state[6]! += g
    state[7]! += h
  }
}
