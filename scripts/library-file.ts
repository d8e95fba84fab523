/** libraries.json on disk, compared with the prebuilt configuration of the installed WebLLM and rewritten from it. */
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { prebuiltAppConfig, type ModelRecord as PrebuiltModel } from '@mlc-ai/web-llm'
import { format } from 'prettier'
import type { CatalogProblem } from '../src/core/catalog'
import { parseLibraries, type KnownLibraries, type KnownLibrary } from '../src/core/model/known-libraries'

const libraryFile = fileURLToPath(new URL('../libraries.json', import.meta.url))

/** Throws where libraries.json does not follow its schema. */
export async function readLibraries(): Promise<KnownLibraries> {
  const parsed = parseLibraries(JSON.parse(await readFile(libraryFile, 'utf8')))
  if (!parsed.ok) throw new Error(`libraries.json ${parsed.failure}`)
  return parsed.value
}

/** Libraries that are described otherwise than by the installed WebLLM. */
export function libraryProblems({ libraries }: KnownLibraries): CatalogProblem[] {
  return libraries.flatMap((library, index) => {
    const path = `libraries[${index}]`
    const published = publishedOf(library)
    if (!published) return [{ path, message: `WebLLM publishes no ${fileName(library)}` }]
    return Object.entries(published)
      .filter(([key, value]) => library[key as keyof KnownLibrary] !== value)
      .map(([key, value]) => ({ path: `${path}.${key}`, message: `WebLLM says ${String(value)}` }))
  })
}

/** Takes address, context, prefill chunk and graphics memory from the installed WebLLM. */
export async function updateLibraries(known: KnownLibraries): Promise<void> {
  for (const library of known.libraries) Object.assign(library, publishedOf(library) ?? {})
  await writeFile(libraryFile, await format(JSON.stringify(known), { parser: 'json', printWidth: 160 }))
}

function publishedOf(library: KnownLibrary) {
  const records = prebuiltAppConfig.model_list.filter((record) =>
    record.model_lib.includes(`/${fileName(library)}`),
  )
  const best = records.sort(byNeed)[0]
  if (!best) return undefined
  const [, chunk] = /_cs(\d+)k-webgpu\.wasm$/.exec(best.model_lib) ?? []
  return {
    url: best.model_lib,
    contextTokens: best.overrides?.context_window_size,
    prefillChunkTokens: Number(chunk) * 1024,
    memoryMB: best.vram_required_MB,
  }
}

/** Longest context first: several models share a library. Of equals, the one that needs most. */
function byNeed(one: PrebuiltModel, other: PrebuiltModel): number {
  return contextOf(other) - contextOf(one) || (other.vram_required_MB ?? 0) - (one.vram_required_MB ?? 0)
}

function contextOf(record: PrebuiltModel): number {
  return record.overrides?.context_window_size ?? 0
}

function fileName({ name, quantization }: KnownLibrary): string {
  return `${name}-${quantization}_cs`
}
