import type { ModelFile, ModelPlan, StoredFile, StoredModel, StoredModelId } from '#core/model/stored'
import { recordOf } from '#core/model/record'

export const HASH = 'a'.repeat(64)

export function plannedFile(path: string, changes: Partial<ModelFile> = {}): ModelFile {
  const url = `https://example.org/${path}`
  return { path, role: 'weights', bytes: 100, expected: { algorithm: 'sha256', hex: HASH }, url, ...changes }
}

export function newPlan(changes: Partial<ModelPlan> = {}): ModelPlan {
  return {
    id: 'own/ward' as StoredModelId,
    name: 'Ward',
    catalog: null,
    architecture: 'qwen2',
    quantization: 'Q4_K_M',
    parameters: 5e8,
    contextTokens: 4096,
    memoryMB: 700,
    runtime: { engine: 'wllama' },
    origin: { kind: 'remote', address: 'https://huggingface.co/clinic/ward', revision: null },
    files: [plannedFile('ward.gguf')],
    ...changes,
  }
}

/** The record of a plan, all files verified; their SHA-256 is the expected one, else a's. */
export function newRecord(plan: ModelPlan, changes: Partial<StoredModel> = {}): StoredModel {
  const record = recordOf(plan, undefined, 1)
  const files = record.files.map((file): StoredFile => {
    const sha256 = file.expected?.algorithm === 'sha256' ? file.expected.hex : HASH
    return { ...file, state: 'verified', sha256 }
  })
  return { ...record, files, fingerprint: HASH, completedAt: 2, verifiedAt: 2, ...changes }
}
