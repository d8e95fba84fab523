import type { ModelVariant } from '../catalog'
import type { LoadRequest } from '../engine'

/** What the engine is asked to load for a variant; `siteUrl` makes a file of the site an absolute address. */
export function loadRequest(variant: ModelVariant, siteUrl: (path: string) => string): LoadRequest {
  const { contextTokens } = variant
  if (variant.engine === 'wllama') {
    const url = variant.url.startsWith('https://') ? variant.url : siteUrl(variant.url)
    const source = { kind: 'gguf-url', url, bytes: variant.downloadBytes, sha256: variant.sha256 } as const
    return { engine: 'wllama', source, contextTokens }
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
