import { createSHA1 } from 'hash-wasm'

/** A new SHA-1, only because git names files by it. `hex` gives lower case and spends the hash. */
export async function createSha1(): Promise<{ update: (bytes: Uint8Array) => void; hex: () => string }> {
  const hasher = await createSHA1()
  hasher.init()
  return {
    update: (bytes) => {
      hasher.update(bytes)
    },
    hex: () => hasher.digest('hex'),
  }
}
