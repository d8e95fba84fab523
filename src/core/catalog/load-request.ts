import type { ModelVariant } from '../catalog'
import type { LoadRequest } from '../engine'

/** What the engine is asked to load for a variant. A file of the site keeps its relative address. */
export function loadRequest(variant: ModelVariant): LoadRequest {
  const { contextTokens } = variant
  if (variant.engine === 'wllama') {
    const { url, sha256, downloadBytes } = variant
    return {
      engine: 'wllama',
      source: { kind: 'gguf-url', url, bytes: downloadBytes, sha256 },
      contextTokens,
    }
  }
  return {
    engine: 'webllm',
    source: {
      kind: 'mlc',
      modelId: variant.mlcModelId,
      weightsUrl: variant.weightsUrl,
      libraryUrl: variant.libraryUrl,
      requiresShaderF16: variant.requiredFeatures.includes('shader-f16'),
    },
    contextTokens,
  }
}
