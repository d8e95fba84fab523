import { createMD5 } from 'hash-wasm'

/** A new MD5, only for sources that name no better checksum. `hex` gives lower case and spends the hash. */
export async function createMd5(): Promise<{ update: (bytes: Uint8Array) => void; hex: () => string }> {
  const hasher = await createMD5()
  hasher.init()
  return {
    update: (bytes) => {
      hasher.update(bytes)
    },
    hex: () => hasher.digest('hex'),
  }
}
