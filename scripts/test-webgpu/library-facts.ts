/** What a compiled library says of the model it was made for: from its metadata and from its own shaders. */
import { readFileSync } from 'node:fs'
import {
  checkGeneration,
  libraryGeneration,
  type LibraryGeneration,
  type LibraryInterface,
} from '#core/model/library-interface'
import { readLibraryMetadata, type LibraryMetadata } from '#core/model/library-metadata'
import { sha256Hex } from './hashes'

export interface LibraryFacts {
  path: string
  sha256: string
  generation: LibraryGeneration
  metadata: LibraryMetadata
  /** Base of the rotary frequencies; null where they are scaled, as in Llama 3.1, or cannot be read. */
  ropeTheta: number | null
  /** Null where it cannot be read. */
  normEpsilon: number | null
}

/** Reads a library; throws with a sentence where the file is none that can be tested. */
export function readLibrary(path: string): LibraryFacts {
  const bytes = readFileSync(path)
  const metadata = readLibraryMetadata(path, bytes)
  if (!metadata.ok) throw new Error(`${path} is no library of WebLLM: ${JSON.stringify(metadata.failure)}`)
  const names = interfaceOf(bytes)
  const generation = libraryGeneration(names)
  if (!generation) {
    const problem = checkGeneration(path, names, 'v0_2_86')
    throw new Error(`${path} fits no known release of WebLLM: ${JSON.stringify(problem)}`)
  }
  // WGSL is ASCII, so a byte is a character.
  const text = bytes.toString('latin1')
  return {
    path,
    sha256: sha256Hex(bytes),
    generation,
    metadata: metadata.value,
    ropeTheta: onlyNumber(text, /(?<=position_map\[.{0,200})\/ pow\(([0-9.e+-]+)f, \(f32\(/g),
    normEpsilon: onlyNumber(text, /sqrt\(fma\(\w+\[0i\], [0-9.e+-]+f, ([0-9.e+-]+)f\)\)/g),
  }
}

/** The number that every match names; null where there is no match or where they differ. */
function onlyNumber(text: string, pattern: RegExp): number | null {
  const values = new Set([...text.matchAll(pattern)].map(([, digits]) => Number(digits)))
  const [value] = values
  return values.size === 1 && value !== undefined && Number.isFinite(value) ? value : null
}

function interfaceOf(bytes: Uint8Array<ArrayBuffer>): LibraryInterface {
  const module = new WebAssembly.Module(bytes)
  return {
    imports: WebAssembly.Module.imports(module).map(({ name }) => name),
    exports: WebAssembly.Module.exports(module).map(({ name }) => name),
  }
}
