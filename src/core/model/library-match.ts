/** Whether a compiled library fits the weights and the configuration of a model, and if not, why. */
import { failure, success } from '../result'
import type { LibraryDifference, ModelFailure, ModelResult } from './failure'
import type { LibraryMetadata } from './library-metadata'
import type { MlcConfig } from './mlc-config'
import type { MlcManifest } from './mlc-manifest'

const LAYER = /(?:^|\.)layers\.(\d+)\./
const NOTHING = '-'

interface Tensor {
  name: string
  shape: readonly (number | null)[]
  dtype: string
}

/**
 * Compares architecture and quantization, then every tensor. Weights that the library does not ask for are a difference
 * too: a library without an output layer would ignore that of the model and answer nonsense.
 */
export function matchLibrary(
  library: LibraryMetadata,
  config: MlcConfig,
  manifest: MlcManifest,
): ModelResult<void> {
  const difference =
    configDifference(library, config) ??
    tensorDifference(
      library.params,
      manifest.shards.flatMap(({ tensors }) => tensors),
      config.shape.vocabulary,
    )
  return difference ? failure(difference) : success(undefined)
}

function configDifference(library: LibraryMetadata, config: MlcConfig): ModelFailure | undefined {
  if (library.architecture !== config.architecture)
    return mismatch('architecture', 'model_type', library.architecture, config.architecture)
  if (library.quantization !== config.quantization)
    return mismatch('quantization', 'quantization', library.quantization, config.quantization)
  if (library.needsModelPackage)
    return mismatch('architecture', '_metadata.artifact', 'a model with several inputs', 'text only')
  return undefined
}

function tensorDifference(
  library: readonly Tensor[],
  weights: readonly Tensor[],
  vocabulary: number,
): ModelFailure | undefined {
  const byName = new Map(weights.map((tensor) => [tensor.name, tensor]))
  for (const wanted of library) {
    const found = byName.get(wanted.name)
    if (!found) {
      const differs = isLayerBeyond(wanted.name, weights) ? 'layers' : 'missing'
      return mismatch(differs, wanted.name, textOf(wanted), NOTHING)
    }
    if (!sameShape(wanted, found.shape, vocabulary)) {
      const differs = isVocabulary(wanted.name) && wanted.shape[0] !== found.shape[0] ? 'vocabulary' : 'shape'
      return mismatch(differs, wanted.name, textOf(wanted), textOf(found))
    }
    if (wanted.dtype !== found.dtype)
      return mismatch('number-format', wanted.name, textOf(wanted), textOf(found))
  }
  const asked = new Set(library.map(({ name }) => name))
  const extra = weights.find(({ name }) => !asked.has(name))
  if (!extra) return undefined
  return mismatch(isLayerBeyond(extra.name, library) ? 'layers' : 'extra', extra.name, NOTHING, textOf(extra))
}

/** The tensors that have one row for each token. */
function isVocabulary(name: string): boolean {
  return /(?:^|\.)(?:embed_tokens|lm_head)\./.test(name)
}

/** A free dimension is the vocabulary, so the weights must have that of the configuration. */
function sameShape(wanted: Tensor, found: readonly (number | null)[], vocabulary: number): boolean {
  return (
    wanted.shape.length === found.length &&
    wanted.shape.every((size, at) => found[at] === (size ?? vocabulary))
  )
}

function isLayerBeyond(name: string, others: readonly Tensor[]): boolean {
  const layer = layerOf(name)
  return layer >= 0 && others.every((other) => layerOf(other.name) < layer)
}

function layerOf(name: string): number {
  return Number(LAYER.exec(name)?.[1] ?? -1)
}

function textOf({ dtype, shape }: Tensor): string {
  return `${dtype} ${shape.map((size) => size ?? 'n').join(' × ')}`
}

function mismatch(
  differs: LibraryDifference,
  tensor: string,
  library: string,
  weights: string,
): ModelFailure {
  return { kind: 'library-mismatch', differs, tensor, library, weights }
}
