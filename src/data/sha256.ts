import { createSHA256 } from 'hash-wasm'
import type { Sha256 } from '#core/sha256'

/**
 * A new hash. Web Crypto digests only whole buffers, and on secure origins only; files and weights
 * arrive, or are made, in pieces.
 */
export async function createSha256(): Promise<Sha256> {
  const hasher = await createSHA256()
  hasher.init()
  return {
    update: (bytes) => {
      hasher.update(bytes)
    },
    hex: () => hasher.digest('hex'),
  }
}

/** The SHA-256 (lower-case hex) of a text in UTF-8. */
export async function sha256OfText(text: string): Promise<string> {
  const hash = await createSha256()
  hash.update(new TextEncoder().encode(text))
  return hash.hex()
}

/** The SHA-256 (lower-case hex) of texts in UTF-8, one after another; the hash behind it is used again. */
export async function createTextSha256(): Promise<(text: string) => string> {
  const hasher = await createSHA256()
  const encoder = new TextEncoder()
  return (text) => hasher.init().update(encoder.encode(text)).digest('hex')
}

/** Gives fresh hashes without waiting; only the last one given may be in use. */
export async function createSha256Source(): Promise<() => Sha256> {
  const hasher = await createSHA256()
  return () => {
    hasher.init()
    return { update: (bytes) => void hasher.update(bytes), hex: () => hasher.digest('hex') }
  }
}
