import catalogJson from '../../../models.json'
import librariesJson from '../../../libraries.json'
import { parseCatalog, type Catalog } from '#core/catalog'
import { parseLibraries, type KnownLibrary } from '#core/model/known-libraries'
import type { ModelProgress } from '#worker/model-api'
import { CONFIG } from './mlc-fixture'

export function shippedCatalog(): Catalog {
  const parsed = parseCatalog(catalogJson)
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.failure))
  return parsed.value
}

export function shippedLibraries(): KnownLibrary[] {
  const parsed = parseLibraries(librariesJson)
  if (!parsed.ok) throw new Error(parsed.failure)
  return parsed.value.libraries
}

/** A published library of the tiny model's shape. */
export function tinyLibrary(url: string): KnownLibrary {
  const { hidden_size, intermediate_size, num_attention_heads, num_key_value_heads, head_dim } =
    CONFIG.model_config
  return {
    name: 'Tiny',
    architecture: 'qwen2',
    quantization: 'q4f32_1',
    shape: {
      hiddenSize: hidden_size,
      layers: 1,
      intermediateSize: intermediate_size,
      attentionHeads: num_attention_heads,
      keyValueHeads: num_key_value_heads,
      headDimension: head_dim,
      vocabulary: 64,
      isTied: true,
      ropeBase: 1000000,
      ropeScaling: null,
    },
    url,
    contextTokens: 4096,
    prefillChunkTokens: 1024,
    memoryMB: 77,
  }
}

/** What an inspection knows, and what it told. */
export function inspectPorts(libraries: readonly KnownLibrary[] = shippedLibraries()) {
  const told: ModelProgress[] = []
  return {
    catalog: shippedCatalog(),
    libraries,
    generation: 'v0_2_86' as const,
    onProgress: (progress: ModelProgress) => void told.push(progress),
    told,
  }
}
