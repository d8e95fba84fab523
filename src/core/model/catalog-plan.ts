/** From a variant of the catalogue to what is stored of it. */
import type { CatalogModel, CatalogVariant } from '../catalog'
import type { ModelPlan, StoredModelId } from './stored'

/** Bytes in the MB that the catalogue counts in. */
const MEGABYTE = 1e6

export function storedIdOf({ modelId, variantId }: { modelId: string; variantId: string }): StoredModelId {
  return `${modelId}/${variantId}` as StoredModelId
}

/** What must be inspected before a variant can be planned; null where the record says enough. */
export function catalogSource(variant: CatalogVariant): { address: string; libraryUrl: string } | null {
  return variant.engine === 'webllm' ? { address: variant.weightsUrl, libraryUrl: variant.libraryUrl } : null
}

/**
 * The plan of a catalogue variant. A GGUF file is described by its record alone: pinned address and SHA-256. The
 * files of an MLC model are those that were `found` at its address; name, context and memory are the record's.
 */
export function planOf(model: CatalogModel, variant: CatalogVariant, found: ModelPlan | null): ModelPlan {
  const catalog = { modelId: model.id, variantId: variant.id }
  const known = {
    id: storedIdOf(catalog),
    name: model.name,
    catalog,
    architecture: model.architecture,
    quantization: variant.quantization,
    parameters: model.parameters,
    contextTokens: variant.contextTokens,
    memoryMB: variant.memoryMB,
  }
  if (variant.engine === 'webllm') {
    if (!found) throw new Error('an MLC model must be inspected before it is planned')
    return {
      ...found,
      ...known,
      runtime: {
        engine: 'webllm',
        requiresShaderF16: variant.requiredFeatures.includes('shader-f16'),
        largestTensorBytes: variant.largestTensorMB * MEGABYTE,
      },
    }
  }
  const { url, sha256, downloadBytes: bytes } = variant
  return {
    ...known,
    runtime: { engine: 'wllama' },
    origin: { kind: 'remote', address: url, revision: revisionOf(url) },
    files: [
      { path: fileName(url), role: 'weights', bytes, expected: { algorithm: 'sha256', hex: sha256 }, url },
    ],
  }
}

/** The commit in an address of Hugging Face's form, `…/resolve/<commit>/…`. */
function revisionOf(url: string): string | null {
  return /\/resolve\/([0-9a-f]{40})\//.exec(url)?.[1] ?? null
}

function fileName(url: string): string {
  return (
    url
      .replace(/[?#].*$/, '')
      .split('/')
      .at(-1) ?? url
  )
}
