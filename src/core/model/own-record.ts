import type { OwnModel, OwnVariant } from '../catalog'
import { totalBytes, type ModelOrigin, type StoredModel } from './stored'

const MEGABYTE = 1e6

/** A stored model in the shape of the catalogue's records, with its one variant. */
export function ownRecord(model: StoredModel): OwnModel {
  const address = addressOf(model.origin)
  const developer = ownerOf(model.origin)
  const description = model.origin.kind === 'files' ? model.origin.name : (address ?? model.origin.kind)
  return {
    id: model.id,
    name: model.name,
    developer: { en: developer, zh: developer },
    description: { en: description, zh: description },
    parameters: model.parameters,
    architecture: model.architecture,
    languages: [],
    licence: { kind: 'unverified', url: address },
    sourceUrl: address !== null && /^https?:/.test(address) ? address : null,
    ...(model.isRewardModel && { isRewardModel: true }),
    availability: { kind: 'own', variants: [ownVariant(model)] },
  }
}

function ownVariant(model: StoredModel): OwnVariant {
  const basics = {
    id: variantIdOf(model.quantization),
    quantization: model.quantization,
    contextTokens: model.contextTokens,
    downloadBytes: Math.max(1, totalBytes(model.files)),
    downloadSize: model.files.some(({ bytes }) => bytes === null) ? 'estimate' : 'exact',
    memoryMB: model.memoryMB,
    storedId: model.id,
  } as const
  const { runtime } = model
  if (runtime.engine === 'wllama') return { engine: 'wllama', ...basics }
  return {
    engine: 'webllm',
    ...basics,
    requiredFeatures: runtime.requiresShaderF16 ? ['shader-f16'] : [],
    largestTensorMB: runtime.largestTensorBytes / MEGABYTE,
  }
}

/** An id as the catalogue's: no slash, which parts a model from its variant. */
function variantIdOf(quantization: string): string {
  return quantization.toLowerCase().replace(/[^a-z0-9._-]+/g, '-') || 'own'
}

function addressOf(origin: ModelOrigin): string | null {
  return origin.kind === 'files' ? null : origin.address
}

/** Who to name beside the model: the owner in "owner/repository", else the host, the folder or the file. */
function ownerOf(origin: ModelOrigin): string {
  const address = addressOf(origin)
  if (address === null) return origin.kind === 'remote' ? origin.address : origin.name
  const [, host, owner] = /^https?:\/\/([^/?#]+)\/?([^/?#]*)/.exec(address) ?? []
  if (host === undefined) return address.split('/')[0] ?? address
  return host === 'huggingface.co' && owner ? owner : host
}
