/**
 * SHA-256 (FIPS 180-4) over bytes that arrive piece by piece. Web Crypto digests only whole buffers, and a
 * model file of gigabytes must not be held in memory just to be hashed.
 */
const ROUND = new Int32Array([
  0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5, 0xd807aa98,
  0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174, 0xe49b69c1, 0xefbe4786,
  0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da, 0x983e5152, 0xa831c66d, 0xb00327c8,
  0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967, 0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13,
  0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85, 0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819,
  0xd6990624, 0xf40e3585, 0x106aa070, 0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a,
  0x5b9cca4f, 0x682e6ff3, 0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7,
  0xc67178f2,
])

const BLOCK_BYTES = 64
const LENGTH_BYTES = 8

export class Sha256 {
  readonly #state = new Uint32Array([
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19,
  ])
  readonly #schedule = new Int32Array(64)
  readonly #block = new Uint8Array(BLOCK_BYTES)
  #filled = 0
  #bytes = 0

  update(data: Uint8Array): this {
    this.#bytes += data.length
    this.#absorb(data)
    return this
  }

  /** The digest in hex; the object is spent afterwards. */
  hex(): string {
    const rest = (this.#filled + 1 + LENGTH_BYTES) % BLOCK_BYTES
    const padding = new Uint8Array(1 + ((BLOCK_BYTES - rest) % BLOCK_BYTES) + LENGTH_BYTES)
    padding[0] = 0x80
    new DataView(padding.buffer).setBigUint64(padding.length - LENGTH_BYTES, BigInt(this.#bytes) * 8n)
    this.#absorb(padding)
    return [...this.#state].map((word) => word.toString(16).padStart(8, '0')).join('')
  }

  #absorb(data: Uint8Array): void {
    let at = 0
    if (this.#filled > 0) {
      at = Math.min(BLOCK_BYTES - this.#filled, data.length)
      this.#block.set(data.subarray(0, at), this.#filled)
      this.#filled += at
      if (this.#filled < BLOCK_BYTES) return
      this.#compress(this.#block, 0)
    }
    for (; at + BLOCK_BYTES <= data.length; at += BLOCK_BYTES) this.#compress(data, at)
    this.#block.set(data.subarray(at))
    this.#filled = data.length - at
  }

  // The indices below are always in range, so the typed arrays never give undefined.
  #compress(data: Uint8Array, at: number): void {
    const w = this.#schedule
    for (let i = 0; i < 16; i += 1) {
      const j = at + 4 * i
      w[i] = (data[j]! << 24) | (data[j + 1]! << 16) | (data[j + 2]! << 8) | data[j + 3]!
    }
    for (let i = 16; i < 64; i += 1) {
      const x = w[i - 15]!
      const y = w[i - 2]!
      const small0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3)
      const small1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10)
      w[i] = (w[i - 16]! + small0 + w[i - 7]! + small1) | 0
    }
    let [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0, g = 0, h = 0] = this.#state
    for (let i = 0; i < 64; i += 1) {
      const big1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7))
      const t1 = (h + big1 + ((e & f) ^ (~e & g)) + ROUND[i]! + w[i]!) | 0
      const big0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10))
      const t2 = (big0 + ((a & b) ^ (a & c) ^ (b & c))) | 0
      h = g
      g = f
      f = e
      e = (d + t1) | 0
      d = c
      c = b
      b = a
      a = (t1 + t2) | 0
    }
    const working = [a, b, c, d, e, f, g, h]
    for (let i = 0; i < 8; i += 1) this.#state[i] = this.#state[i]! + working[i]!
  }
}
