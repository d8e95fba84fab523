/** What running an MLC model takes, from its configuration, its tensors and its library. */
import { CONTEXT_LIMIT_TOKENS } from './gguf-model'
import type { KnownLibrary } from './known-libraries'
import type { LibraryMetadata } from './library-metadata'
import { requiresShaderF16, type MlcConfig } from './mlc-config'
import { parameterCount, type MlcManifest } from './mlc-manifest'
import type { ModelPlan } from './stored'

const MEGABYTE = 1e6
/** Where the library does not say: what prefilling takes in those that do, for a vocabulary of 150,000. */
const WORK_BYTES = 700e6

export type MlcNeeds = Pick<
  ModelPlan,
  'architecture' | 'quantization' | 'parameters' | 'contextTokens' | 'memoryMB' | 'runtime' | 'isRewardModel'
>

/** `known`: the published library of this shape, whose measured memory counts more than an estimate. */
export function mlcNeeds(
  config: MlcConfig,
  manifest: MlcManifest,
  library: LibraryMetadata | null,
  known: KnownLibrary | null,
): MlcNeeds {
  const made = config.contextTokens > 0 ? config.contextTokens : CONTEXT_LIMIT_TOKENS
  const contextTokens = Math.min(made, CONTEXT_LIMIT_TOKENS)
  const workBytes = library?.workBytes ?? WORK_BYTES
  const estimate = (manifest.weightBytes + cacheBytes(config, contextTokens) + workBytes) / MEGABYTE
  return {
    ...(config.isRewardModel && { isRewardModel: true }),
    architecture: config.architecture,
    quantization: config.quantization,
    parameters: parameterCount(manifest, config.quantization),
    contextTokens,
    memoryMB: known?.memoryMB ?? Math.ceil(estimate),
    runtime: {
      engine: 'webllm',
      requiresShaderF16: requiresShaderF16(config.quantization),
      largestTensorBytes: manifest.largestTensorBytes,
    },
  }
}

/** Keys and values of all layers, in the number format of the quantization; 0 where the shape is not told. */
function cacheBytes({ shape, quantization }: MlcConfig, contextTokens: number): number {
  const bytes = requiresShaderF16(quantization) ? 2 : 4
  const values = (shape.layers ?? 0) * (shape.keyValueHeads ?? 0) * (shape.headDimension ?? 0)
  return 2 * contextTokens * values * bytes
}
