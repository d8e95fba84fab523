import { SITE_MODEL_FOLDER, type ModelVariant } from '../catalog'
import type { EngineFile, LoadRequest } from '../engine'
import type { GoldenLetters } from '../numerics/golden-letters'
import type { StoredModel } from '../model/stored'

/** What the engine is asked to load for a file of this site, by its relative address; null for other variants. */
export function siteLoadRequest(variant: ModelVariant): LoadRequest | null {
  if (!('url' in variant) || !variant.url.startsWith(SITE_MODEL_FOLDER)) return null
  const { url, sha256, downloadBytes: bytes, contextTokens } = variant
  return { engine: 'wllama', source: { kind: 'gguf-url', url, bytes, sha256 }, contextTokens }
}

/**
 * What the engine is asked to load for a stored model. Null when `files` lack what its engine needs: the weights
 * of a GGUF model, or the library of an MLC model and the fingerprint of its weights.
 */
export function storedLoadRequest(
  model: StoredModel,
  files: readonly EngineFile[],
  goldenLetters?: GoldenLetters,
): LoadRequest | null {
  const { contextTokens, runtime, fingerprint } = model
  const pathOf = (role: string) => model.files.find((file) => file.role === role)?.path
  const fileAt = (path: string | undefined) => files.find((file) => file.path === path)?.file
  if (runtime.engine === 'wllama') {
    const file = fileAt(pathOf('weights'))
    if (!file) return null
    const sha256 = fingerprint ?? undefined
    return {
      engine: 'wllama',
      source: { kind: 'gguf-file', file, ...(sha256 && { sha256 }) },
      contextTokens,
    }
  }
  const libraryPath = pathOf('library')
  const library = fileAt(libraryPath)
  if (!library || fingerprint === null) return null
  return {
    engine: 'webllm',
    source: {
      kind: 'mlc',
      modelId: model.id,
      files: files.filter(({ path }) => path !== libraryPath),
      library,
      fingerprint,
      librarySha256: model.files.find(({ role }) => role === 'library')?.sha256 ?? null,
      tokenizerSha256: tokenizerFile(model)?.sha256 ?? null,
      requiresShaderF16: runtime.requiresShaderF16,
    },
    contextTokens,
    ...(goldenLetters && { goldenLetters }),
  }
}

/** The file that WebLLM makes its tokenizer from; others, such as tokenizer_config.json, only describe it. */
function tokenizerFile({ files }: StoredModel) {
  return ['tokenizer.json', 'tokenizer.model']
    .map((name) => files.find(({ path }) => path === name))
    .find((file) => file !== undefined)
}
