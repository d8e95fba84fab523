/**
 * Checks models.json and libraries.json: their schemas, the built-in model's file, and what they say of WebLLM
 * against the installed package.
 * Usage: node scripts/run.mjs check-models [--update-built-in] [--update-webllm] [--update-libraries]
 */
import { createHash } from 'node:crypto'
import { readFile, writeFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { prebuiltAppConfig, type ModelRecord as PrebuiltModel } from '@mlc-ai/web-llm'
import { format } from 'prettier'
import { variantsOf, type Catalog, type CatalogProblem, type CatalogVariant } from '../src/core/catalog'
import { readGgufHeader } from '../src/core/model/gguf-header'
import { catalogFile, catalogProblems, readCatalog } from './catalog-file'
import { libraryProblems, readLibraries, updateLibraries } from './library-file'

type MlcVariant = Extract<CatalogVariant, { engine: 'webllm' }>

export async function main(args: readonly string[]): Promise<number> {
  const catalog = await readCatalog()
  if (!catalog.ok) return report({ 'models.json': catalog.failure })
  const models = catalog.value
  if (args.includes('--update-built-in')) await updateBuiltIn(models)
  if (args.includes('--update-webllm')) updateWebLlm(models)
  const libraries = await readLibraries()
  if (args.includes('--update-libraries')) await updateLibraries(libraries)
  if (args.length > 0) {
    await writeFile(catalogFile, await format(JSON.stringify(models), { parser: 'json', printWidth: 110 }))
  }
  return report({
    'models.json': [...(await catalogProblems()), ...webLlmProblems(models)],
    'libraries.json': libraryProblems(libraries),
  })
}

/** Records that differ from the prebuilt configuration of the installed WebLLM, on which libraries depend. */
export function webLlmProblems(catalog: Catalog): CatalogProblem[] {
  return mlcVariants(catalog).flatMap(({ path, variant }) => {
    const prebuilt = prebuiltOf(variant)
    if (!prebuilt) return [{ path, message: `${variant.mlcModelId} is not in WebLLM's prebuilt list` }]
    return Object.entries(recordOf(prebuilt))
      .filter(([key, value]) => variant[key as keyof MlcVariant] !== value)
      .map(([key, value]) => ({ path: `${path}.${key}`, message: `WebLLM says ${String(value)}` }))
  })
}

function recordOf(prebuilt: PrebuiltModel) {
  return {
    weightsUrl: prebuilt.model,
    libraryUrl: prebuilt.model_lib,
    memoryMB: prebuilt.vram_required_MB,
    contextTokens: prebuilt.overrides?.context_window_size,
  }
}

function updateWebLlm(catalog: Catalog): void {
  for (const { variant } of mlcVariants(catalog)) {
    const prebuilt = prebuiltOf(variant)
    if (prebuilt) Object.assign(variant, recordOf(prebuilt))
  }
}

function mlcVariants(catalog: Catalog): { path: string; variant: MlcVariant }[] {
  return catalog.models.flatMap((model, index) =>
    variantsOf(model).flatMap((variant, at) =>
      variant.engine === 'webllm' ? [{ path: `models[${index}].availability.variants[${at}]`, variant }] : [],
    ),
  )
}

function prebuiltOf(variant: MlcVariant): PrebuiltModel | undefined {
  return prebuiltAppConfig.model_list.find((record) => record.model_id === variant.mlcModelId)
}

/** Writes length, SHA-256, parameters and context of the built-in model's file into its record. */
async function updateBuiltIn(catalog: Catalog): Promise<void> {
  for (const model of catalog.models) {
    if (model.availability.kind !== 'built-in') continue
    for (const variant of model.availability.variants) {
      if (variant.engine !== 'wllama') continue
      const bytes = await readFile(fileURLToPath(new URL(`../public/${variant.url}`, import.meta.url)))
      const read = (offset: number, length: number) =>
        Promise.resolve(bytes.subarray(offset, offset + length))
      const header = await readGgufHeader(variant.url, read)
      if (!header.ok) throw new Error(`${variant.url}: ${JSON.stringify(header.failure)}`)
      const context = header.value.metadata.get(`${model.architecture}.context_length`)
      if (typeof context !== 'number') throw new Error(`${variant.url} does not say its context length`)
      variant.downloadBytes = bytes.length
      variant.sha256 = createHash('sha256').update(bytes).digest('hex')
      variant.contextTokens = context
      model.parameters = header.value.parameters
    }
  }
}

function report(files: Record<string, readonly CatalogProblem[]>): number {
  for (const [file, problems] of Object.entries(files)) {
    for (const { path, message } of problems) console.error(`${file} ${path}: ${message}`)
    if (problems.length === 0) console.log(`${file} is sound`)
  }
  return Object.values(files).some((problems) => problems.length > 0) ? 1 : 0
}
