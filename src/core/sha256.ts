/**
 * SHA-256 fed piece by piece. Core has no implementation: a file or a model of gigabytes is hashed by a library
 * outside, which `data/sha256.ts` wraps.
 */
export interface Sha256 {
  update(bytes: Uint8Array): void
  /** The digest in lower-case hex; the hash is spent afterwards. */
  hex(): string
}
