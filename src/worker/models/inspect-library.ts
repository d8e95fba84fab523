import type { ModelResult } from '#core/model/failure'
import { checkGeneration, type LibraryGeneration } from '#core/model/library-interface'
import { LIBRARY_LIMIT_BYTES, readLibraryMetadata, type LibraryMetadata } from '#core/model/library-metadata'
import { fileInvalid } from '#core/model/parse-file'
import { failure } from '#core/result'

/** Compiles a library without running it, to see whether it links, and reads what it says of itself. */
export async function inspectLibrary(
  path: string,
  bytes: Uint8Array<ArrayBuffer>,
  needed: LibraryGeneration,
): Promise<ModelResult<LibraryMetadata>> {
  if (bytes.length > LIBRARY_LIMIT_BYTES)
    return failure({ kind: 'too-large', bytes: bytes.length, limitBytes: LIBRARY_LIMIT_BYTES })
  let module: WebAssembly.Module
  try {
    module = await WebAssembly.compile(bytes)
  } catch {
    return failure(fileInvalid(path, null, 'a WebAssembly module'))
  }
  const names = {
    imports: WebAssembly.Module.imports(module).map(({ name }) => name),
    exports: WebAssembly.Module.exports(module).map(({ name }) => name),
  }
  const checked = checkGeneration(path, names, needed)
  return checked.ok ? readLibraryMetadata(path, bytes) : checked
}
