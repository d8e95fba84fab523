/** The plan of a GGUF file, and of which catalogue variant it is, if any. */
import { SITE_MODEL_FOLDER, variantsOf, type Catalog } from '../catalog'
import { planOf } from './catalog-plan'
import type { GgufModel } from './gguf-model'
import { slugOf } from './pack'
import { isModelPath } from './path'
import type { FileHash, ModelOrigin, ModelPlan, StoredModelId } from './stored'

/** For a file whose own name cannot be stored, such as "Qwen: 1.gguf". */
const PLAIN_NAME = 'model.gguf'

export interface GgufFile {
  path: string
  bytes: number | null
  expected: FileHash | null
  url: string | null
}

/**
 * A file whose SHA-256 is that of a catalogue variant is that variant, whatever its name. `name` is used where
 * neither the catalogue nor the file has one.
 */
export function ggufPlan(
  file: GgufFile,
  model: GgufModel,
  origin: ModelOrigin,
  name: string,
  catalog: Catalog,
): ModelPlan {
  const sha256 = file.expected?.algorithm === 'sha256' ? file.expected.hex : null
  const known = sha256 === null ? undefined : catalogPlan(catalog, sha256)
  if (known) return { ...known, origin }
  const { architecture, quantization, parameters, contextTokens, memoryMB } = model
  const own = model.name ?? name
  return {
    id: ownId(own, sha256 ?? file.expected?.hex ?? '00000000'),
    name: own,
    catalog: null,
    architecture,
    quantization,
    parameters,
    contextTokens,
    memoryMB,
    runtime: { engine: 'wllama' },
    origin,
    files: [{ ...file, role: 'weights', path: isModelPath(file.path) ? file.path : PLAIN_NAME }],
  }
}

/** The id of a model that the user brought: by its name and its content. */
export function ownId(name: string, hashHex: string): StoredModelId {
  return `own/${slugOf(name)}-${hashHex.slice(0, 8)}` as StoredModelId
}

function catalogPlan(catalog: Catalog, sha256: string): ModelPlan | undefined {
  for (const model of catalog.models) {
    for (const variant of variantsOf(model)) {
      if (variant.engine !== 'wllama' || variant.sha256 !== sha256) continue
      if (!variant.url.startsWith(SITE_MODEL_FOLDER)) return planOf(model, variant, null)
    }
  }
  return undefined
}
