import type { ModelResult } from '#core/model/failure'
import { readGgufHeader } from '#core/model/gguf-header'
import { ggufModel, type GgufModel } from '#core/model/gguf-model'
import { ggufLimitBytes } from '#data/wasm-features'
import { readBytes } from './import-read'

/** The header of a GGUF file on a disk. */
export async function inspectGgufHeader(path: string, file: File): Promise<ModelResult<GgufModel>> {
  let unreadable: ModelResult<never> | undefined
  const header = await readGgufHeader(path, async (at, length) => {
    const bytes = await readBytes(path, file.slice(at, at + length))
    if (bytes.ok) return bytes.value
    unreadable = bytes
    return new Uint8Array()
  })
  if (unreadable) return unreadable
  return header.ok ? ggufModel(path, header.value, file.size, ggufLimitBytes()) : header
}
