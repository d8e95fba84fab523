/** models.json on disk and the check that the build makes. Imports no package that is slow to start. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { parseCatalog, type Catalog, type CatalogProblem, type CatalogVariant } from '../src/core/catalog.ts'
import type { Result } from '../src/core/result.ts'

const root = new URL('../', import.meta.url)
export const catalogFile = fileURLToPath(new URL('models.json', root))

export async function readCatalog(): Promise<Result<Catalog, CatalogProblem[]>> {
  return parseCatalog(JSON.parse(await readFile(catalogFile, 'utf8')))
}

/** All that is wrong with models.json and with the model files of the site that it names. */
export async function catalogProblems(): Promise<CatalogProblem[]> {
  const catalog = await readCatalog()
  return catalog.ok ? builtInProblems(catalog.value) : catalog.failure
}

/** Whether the files of the built-in models are those that the catalogue describes. */
export async function builtInProblems(catalog: Catalog): Promise<CatalogProblem[]> {
  const checks = catalog.models.flatMap((model, index) =>
    model.availability.kind === 'built-in'
      ? model.availability.variants.map((variant, at) =>
          fileProblems(variant, `models[${index}].availability.variants[${at}]`),
        )
      : [],
  )
  return (await Promise.all(checks)).flat()
}

async function fileProblems(variant: CatalogVariant, path: string): Promise<CatalogProblem[]> {
  if (variant.engine !== 'wllama') return [{ path, message: 'only a GGUF file can be built in' }]
  const bytes = await readFile(fileURLToPath(new URL(`public/${variant.url}`, root))).catch(() => null)
  if (!bytes) return [{ path: `${path}.url`, message: `public/${variant.url} is missing` }]
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  const problems: CatalogProblem[] = []
  if (sha256 !== variant.sha256) {
    problems.push({ path: `${path}.sha256`, message: `public/${variant.url} has ${sha256}` })
  }
  if (bytes.length !== variant.downloadBytes) {
    problems.push({
      path: `${path}.downloadBytes`,
      message: `public/${variant.url} has ${bytes.length} bytes`,
    })
  }
  return problems
}
