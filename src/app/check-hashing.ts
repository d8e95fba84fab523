import type { CheckHashing } from '#core/receipt/file-checks'
import { createSha256Source, createTextSha256 } from '#data/sha256'

/** Hashes for checking one file or run after the other. */
export async function createCheckHashing(): Promise<CheckHashing> {
  const encoder = new TextEncoder()
  const [sha256, newHash] = await Promise.all([createTextSha256(), createSha256Source()])
  return { sha256, newHash, encode: (text) => encoder.encode(text) }
}
