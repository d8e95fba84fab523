import type { ExportHashing } from '#core/export/run-export'
import { createSha256, createTextSha256 } from '#data/sha256'

/** Fresh hashes for one export. */
export async function createExportHashing(): Promise<ExportHashing> {
  const encoder = new TextEncoder()
  return {
    sha256: await createTextSha256(),
    file: await createSha256(),
    encode: (text) => encoder.encode(text),
  }
}
